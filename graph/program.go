package graph

import (
	"slices"

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

// slotKind says where a slot's value comes from.
type slotKind uint8

const (
	fromInput slotKind = iota
	fromWeight
	fromConstant
	fromOp
)

// slot is the place of a node's value.
type slot struct {
	node   *gorgonia.Node
	kind   slotKind
	args   []int        // slots of the op's arguments
	in     []int        // slots that running it reads: the same, unless a kernel takes others
	shape  tensor.Shape // at the graph's own batch size
	dtype  tensor.Dtype
	dead   bool           // nothing needs the value any more, because a kernel does without
	mode   mode           // how to run the op
	kernel lowering       // with mode lowered
	axis   int            // of a node that is the size of its argument along an axis; else −1
	like   []int          // earlier slots of its shape: what it is the gradient of
	at     int            // of an input: index in Program.inputs
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
	c := childrenIn(append(append(gorgonia.Nodes(nil), roots...), s.grads...))
	order := c.order(nil, roots)
	p.forward = len(order)
	order = c.order(order, s.grads)

	weights := make(map[*gorgonia.Node]bool)
	for _, n := range s.params {
		weights[n] = true
	}
	for _, n := range o.frozen {
		weights[n] = true
	}
	index := make(map[*gorgonia.Node]int, len(order))
	p.slots = make([]slot, len(order))
	for i, n := range order {
		index[n] = i
		sl := &p.slots[i]
		*sl = slot{node: n, shape: shapeOf(n), dtype: n.Dtype(), axis: -1}
		switch {
		case isInput(n) && weights[n]:
			sl.kind = fromWeight
		case isInput(n):
			sl.kind = fromInput
			sl.at = len(p.inputs)
			p.inputs = append(p.inputs, &input{node: n, slot: i, shape: sl.shape, dtype: sl.dtype, fixed: slices.Contains(o.fixed, n)})
		case isConstant(n):
			sl.kind = fromConstant
		default:
			sl.kind = fromOp
			for _, child := range c.list(n) {
				sl.args = append(sl.args, index[child])
			}
			sl.in = sl.args
			if !p.isExtra(i) {
				sl.choose(p.slots, p.noFusion)
			}
		}
	}
	p.cost = -1
	if s.cost != nil {
		p.cost = index[s.actual(s.cost)]
	}
	s.index = index
	p.pairGradients(index)
	p.prune(append(roots, s.grads...), index)
	return nil
}

// prune marks the slots that no root needs.
func (p *Program) prune(roots gorgonia.Nodes, index map[*gorgonia.Node]int) {
	needed := make([]bool, len(p.slots))
	for _, n := range roots {
		needed[index[n]] = true
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
		if seen[n] || isInput(n) || isConstant(n) {
			return
		}
		seen[n] = true
		p.outputs = append(p.outputs, output{node: n, slot: slot})
	}
	for _, n := range s.roots() {
		t := s.actual(n)
		add(n, s.index[t])
		add(t, s.index[t])
	}
	for _, r := range s.reads {
		p.reads = append(p.reads, reading{slot: s.index[s.actual(r.node)], into: r.into})
	}
}
