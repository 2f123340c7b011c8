package graph

import (
	"github.com/fallline/fallline/graph/internal/arena"
	"github.com/fallline/fallline/graph/internal/gate"
	"github.com/fallline/fallline/graph/internal/sizing"
	"github.com/fallline/fallline/vector"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Program computes a cost, its gradient and the outputs of a graph. It is a gorgonia.VM. Compile makes it.
type Program struct {
	form    *gate.Form
	slots   []slot // of the form's nodes: arguments before what takes them
	forward int    // slots[:forward] suffice for the cost and the outputs
	cost    int    // slot of the cost, or −1
	sizes   *sizing.Graph
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
	memory  arena.Arena
}

var _ gorgonia.VM = (*Program)(nil)

// output is a node that is bound to its value after a run: to the scalar, or to one header that takes on the shape and
// memory of each run's tensor, since binding another value would allocate.
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

// Gradient is the vector that RunAll writes the gradient to. The gradients of the nodes are views of it. A program
// without parameters has none and returns nil.
func (p *Program) Gradient() *vector.Vector { return p.gradient }

// Cost is the cost that the last run found.
func (p *Program) Cost() float64 { return p.costIs }

// Reset does nothing: every run starts from the beginning. It is here for gorgonia.VM.
func (p *Program) Reset() {}

// Close drops the program's buffers. The weights, the gradient and the nodes' values stay; another run makes new
// buffers.
func (p *Program) Close() error {
	p.plans, p.current = nil, nil
	p.memory = arena.Arena{}
	return nil
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
		add(n, s.place(n))
		add(s.actual(n), s.place(n))
	}
	for _, r := range s.reads {
		p.reads = append(p.reads, reading{slot: s.place(r.Node), into: r.Into})
	}
}
