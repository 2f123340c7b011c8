package graph

import (
	"slices"

	"github.com/fallline/fallline/graph/internal/gate"
	"github.com/fallline/fallline/graph/internal/stock"
	"gorgonia.org/gorgonia"
)

// source says where a slot's value comes from.
type source uint8

const (
	fromInput source = iota
	fromWeight
	fromConstant
	fromOp
)

// slot is the place of a node's value: the node, and what the program decided to do about it.
type slot struct {
	*gate.Node
	from   source
	in     []int          // slots that running it reads: Inputs, unless a kernel takes others
	dead   bool           // nothing needs the value any more, because a kernel does without
	mode   mode           // how to run the op
	kernel stock.Kernel   // with mode lowered
	cell   gorgonia.Value // of a scalar
	extras []extra        // with mode withExtras
	extra  int            // with mode beside: its place among the argument's extras
}

// read reads the nodes that the program needs, and makes their slots.
func (p *Program) read(s *sources, o *options) (err error) {
	var roots gorgonia.Nodes
	for _, n := range s.roots() {
		roots = append(roots, s.actual(n))
	}
	if p.form, err = gate.Read(roots, s.grads); err != nil {
		return err
	}
	s.form, p.forward = p.form, p.form.Forward
	weights := make(map[*gorgonia.Node]bool)
	for _, n := range append(slices.Clip(s.params), o.frozen...) {
		weights[n] = true
	}
	p.slots = make([]slot, len(p.form.Nodes))
	for i := range p.slots {
		n := &p.form.Nodes[i]
		sl := &p.slots[i]
		sl.Node, sl.in, sl.from = n, n.Inputs, fromOp
		switch {
		case n.Kind == gate.Input && weights[n.Expr]:
			sl.from = fromWeight
		case n.Kind == gate.Input:
			sl.from = fromInput
			p.inputs = append(p.inputs, &input{node: n.Expr, slot: i, shape: n.Shape, dtype: n.Type, fixed: slices.Contains(o.fixed, n.Expr)})
		case n.Kind == gate.Constant:
			sl.from = fromConstant
		}
	}
	p.cost = -1
	if s.cost != nil {
		p.cost = s.slot(s.cost)
	}
	return nil
}

// slot is the place of what computes a user's node.
func (s *sources) slot(n *gorgonia.Node) int {
	i, ok := s.form.Find(s.actual(n))
	if !ok {
		panic("a node that the program doesn't compute")
	}
	return i
}
