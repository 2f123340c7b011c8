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

// newProgram is a program with a slot for each node of its form, and nothing decided yet.
func newProgram(f *gate.Form, s *sources, o *options) *Program {
	p := &Program{form: f, forward: f.Forward, cost: -1, noFusion: o.noFusion, slots: make([]slot, len(f.Nodes))}
	weights := make(map[*gorgonia.Node]bool)
	for _, n := range append(slices.Clip(s.params), o.frozen...) {
		weights[n] = true
	}
	for i := range p.slots {
		n, sl := &f.Nodes[i], &p.slots[i]
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
	if s.cost != nil {
		p.cost = s.place(s.cost)
	}
	return p
}
