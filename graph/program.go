package graph

import (
	"slices"

	"github.com/fallline/fallline/graph/internal/gate"
	"github.com/fallline/fallline/vector"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Program computes a cost, its gradient and the outputs of a graph. It is a gorgonia.VM. Compile makes it.
type Program struct {
	slots   []slot // arguments before what takes them
	forward int    // slots[:forward] suffice for the cost and the outputs
	cost    int    // slot of the cost, or −1
	costIs  float64

	inputs  []*input
	outputs []output
	reads   []reading
	weight  []*weight

	weights, gradient *vector.Vector
	noFusion          bool

	plans   []*plan
	current *plan
	runs    uint64 // counts plan changes, to know which plan was used last
	memory  arena
}

var _ gorgonia.VM = (*Program)(nil)

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
	gate.Node
	from   source
	in     []int          // slots that running it reads: Inputs, unless a kernel takes others
	dead   bool           // nothing needs the value any more, because a kernel does without
	mode   mode           // how to run the op
	kernel lowering       // with mode lowered
	like   []int          // earlier slots of its shape: what it is the gradient of
	cell   gorgonia.Value // of a scalar
	extras []extra        // with mode withExtras
	extra  int            // with mode beside: its place among the argument's extras
}

// output is a node that is bound to its value after a run: to the scalar, or to one header that takes on the shape and memory of
// each run's tensor, since binding another value would allocate.
type output struct {
	node *gorgonia.Node
	slot int
	head *tensor.Dense
}

// reading is a gorgonia.Read.
type reading struct {
	slot int
	into *gorgonia.Value
}

// Weights is the vector of the parameters and frozen inputs. The nodes' values are views of it.
func (p *Program) Weights() *vector.Vector { return p.weights }

// Gradient is the vector that RunAll writes the gradient to. The gradients of the nodes are views of it. A program without parameters
// has none and returns nil.
func (p *Program) Gradient() *vector.Vector { return p.gradient }

// Cost is the cost that the last run found.
func (p *Program) Cost() float64 { return p.costIs }

// Reset does nothing: every run starts from the beginning. It is here for gorgonia.VM.
func (p *Program) Reset() {}

// Close drops the program's buffers. The weights, the gradient and the nodes' values stay; another run makes new buffers.
func (p *Program) Close() error {
	p.plans, p.current = nil, nil
	p.memory = arena{}
	return nil
}

// addNodes lists the nodes that the program needs.
func (p *Program) addNodes(s *sources, o *options) error {
	roots := make(gorgonia.Nodes, 0, len(s.outputs)+1)
	for _, n := range s.roots() {
		roots = append(roots, s.actual(n))
	}
	f, err := gate.Read(roots, s.grads)
	if err != nil {
		return err
	}
	s.form, p.forward = f, f.Forward
	weights := make(map[*gorgonia.Node]bool)
	for _, n := range s.params {
		weights[n] = true
	}
	for _, n := range o.frozen {
		weights[n] = true
	}
	p.slots = make([]slot, len(f.Nodes))
	for i, n := range f.Nodes {
		sl := &p.slots[i]
		sl.Node, sl.in = n, n.Inputs
		switch {
		case n.Kind == gate.Input && weights[n.Expr]:
			sl.from = fromWeight
		case n.Kind == gate.Input:
			sl.from = fromInput
			p.inputs = append(p.inputs, &input{node: n.Expr, slot: i, shape: n.Shape, dtype: n.Type, fixed: slices.Contains(o.fixed, n.Expr)})
		case n.Kind == gate.Constant:
			sl.from = fromConstant
		default:
			sl.from = fromOp
			if !p.isExtra(i) {
				sl.choose(p.slots, p.noFusion)
			}
		}
	}
	p.cost = -1
	if s.cost != nil {
		p.cost = s.slot(s.cost)
	}
	p.pairGradients(f)
	p.prune(append(roots, s.grads...), f)
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

// prune marks the slots that no root needs.
func (p *Program) prune(roots gorgonia.Nodes, f *gate.Form) {
	needed := make([]bool, len(p.slots))
	for _, n := range roots {
		i, _ := f.Find(n)
		needed[i] = true
	}
	for i := len(p.slots) - 1; i >= 0; i-- {
		p.slots[i].dead = !needed[i]
		for _, k := range p.slots[i].in {
			needed[k] = needed[k] || needed[i]
		}
	}
}

// addOutputs notes which nodes to bind after a run.
func (p *Program) addOutputs(s *sources) {
	seen := make(map[*gorgonia.Node]bool)
	add := func(n *gorgonia.Node, slot int) {
		if seen[n] || p.slots[slot].from != fromOp {
			return
		}
		seen[n] = true
		p.outputs = append(p.outputs, output{node: n, slot: slot})
	}
	for _, n := range s.roots() {
		add(n, s.slot(n))
		add(s.actual(n), s.slot(n))
	}
	for _, r := range s.reads {
		p.reads = append(p.reads, reading{slot: s.slot(r.Node), into: r.Into})
	}
}
