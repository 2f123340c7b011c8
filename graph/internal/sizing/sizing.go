package sizing

import (
	"fmt"
	"strings"

	"github.com/fallline/fallline/graph/internal/gate"
	"github.com/fallline/fallline/graph/internal/stock"
	"github.com/fallline/fallline/internal/tensors"
	"github.com/pkg/errors"
	"gorgonia.org/tensor"
)

// sizing works out what the shapes of a program's nodes are for inputs of other shapes than the graph was built with.
//
// An op whose result isn't certain has several answers. Those are followed that fit the ops behind it and the
// gradients, which have the shapes of what they are the gradients of. Unless that leaves one, the graph is refused:
// what a graph built at this batch would compute can't be told.
//
// That an answer doesn't fit is proof against it only where it can't be meant. What can be meant, and not be done at
// another batch, is a doubt: it is never left in favour of another answer.
type sizing struct {
	graph  *Graph
	chosen []answer // by node
	found  [][]answer
	tries  int
	failed error // why the first try failed, or one that left a doubt
	doubt  bool  // whether failed is the end of what can't be ruled out
	// whether a tensor that isn't fed has the size of a batch, so that the graph may not work at another one
	holds bool
}

// doubt is an error of an op that can't be done, or not be understood, at another batch, though it may be meant.
type doubt struct{ error }

func doubtf(format string, args ...any) error { return doubt{errors.Errorf(format, args...)} }

// answer is what a node may mean at another batch.
type answer struct {
	form   form
	kernel stock.Kernel // in place of the op, where that would do what it did at the batch of the graph as built
	err    error        // why the op can't do it, though it may be meant
	asked  bool         // whether the op itself said so, which may hold a size of the graph as built
}

// maxTries bounds how many slots are looked at, in units of all nodes.
const maxTries = 1000

// size finds the sizes for inputs of the given forms.
func (g *Graph) size(inputs []form) (*Sizes, error) {
	z := &sizing{graph: g, chosen: make([]answer, len(g.form.Nodes))}
	for i, f := range inputs {
		z.chosen[g.inputs[i].Node].form = f
	}
	z.holds = z.holdsBatch()
	z.walk(0)
	switch {
	case z.doubt:
		return nil, z.failed
	case len(z.found) == 0:
		return nil, z.failed
	case len(z.found) > 1:
		return nil, z.ambiguous()
	}
	z.chosen = z.found[0]
	s := &Sizes{Shapes: make([]tensor.Shape, len(g.form.Nodes)), Kernels: make(map[int]stock.Kernel)}
	for i, a := range z.chosen {
		if a.err != nil {
			return nil, z.wrap(i, a.err)
		}
		s.Shapes[i] = a.form.is()
		if a.kernel != nil {
			s.Kernels[i] = a.kernel
		}
	}
	return s, nil
}

// walk goes on from node i, and notes what it found at the end. It stops at the second.
func (z *sizing) walk(i int) {
	for ; i < len(z.graph.form.Nodes); i++ {
		if z.tries++; z.tries > maxTries*len(z.graph.form.Nodes) {
			z.found = nil
			z.failed = z.wrap(i, errors.New("too many reshapes up to this node may mean several things at another batch: "+advice))
			return
		}
		answers, err := z.answers(i)
		if err != nil {
			z.fail(i, err)
			return
		}
		last := len(answers) - 1
		for _, a := range answers[:last] {
			z.chosen[i] = a
			z.walk(i + 1)
			if z.stop() {
				return
			}
		}
		z.chosen[i] = answers[last]
	}
	z.found = append(z.found, append([]answer(nil), z.chosen...))
}

// fail notes that node i has no answer.
func (z *sizing) fail(i int, err error) {
	if errors.As(err, new(doubt)) || z.holds {
		z.doubt, z.failed = true, z.wrap(i, err)
	} else if z.failed == nil {
		z.failed = z.wrap(i, err)
	}
}

// holdsBatch says whether a constant, or an input that is fed as it was built, has an axis whose length may come from a
// batch. The inputs that are said to be fixed don't count, nor do weights: a training would be of other weights at
// another batch.
func (z *sizing) holdsBatch() bool {
	was := make(map[int]bool)
	fixed := make(map[int]bool)
	for _, in := range z.graph.inputs {
		for _, e := range z.chosen[in.Node].form {
			if e.moves() {
				was[e.was()] = true
			}
		}
		fixed[in.Node] = in.Fixed || z.chosen[in.Node].form.moves()
	}
	for i := range z.graph.form.Nodes {
		s := &z.graph.form.Nodes[i]
		if s.Kind != gate.Constant && (!z.graph.fed[i] || fixed[i]) {
			continue
		}
		for _, n := range s.Shape {
			for b := range was {
				if n%b == 0 || n > 1 && b%n == 0 {
					return true
				}
			}
		}
	}
	return false
}

// stop says whether what was found, or tried, is enough to decide.
func (z *sizing) stop() bool {
	return z.doubt || len(z.found) > 1 || z.tries > maxTries*len(z.graph.form.Nodes)
}

// answers are what node i may be, given those before it. There is one at least.
func (z *sizing) answers(i int) ([]answer, error) {
	s := &z.graph.form.Nodes[i]
	b, besides := z.graph.beside[i]
	var list []answer
	switch {
	case z.graph.fed[i]:
		list = []answer{z.chosen[i]}
	case besides:
		f, err := z.beside(s, b)
		if err != nil {
			return nil, err
		}
		list = []answer{{form: f, asked: true}}
	case s.Kind == gate.Input || s.Kind == gate.Constant || !z.depends(s):
		list = []answer{{form: stillForm(s.Shape)}}
	default:
		var err error
		if list, err = z.apply(i); err != nil {
			return nil, err
		}
	}
	return z.fitting(i, list)
}

// depends says whether a node's shape or what it reads from shapes may be another than in the graph as built.
func (z *sizing) depends(s *gate.Node) bool {
	for _, k := range s.Inputs {
		if z.chosen[k].form.moves() {
			return true
		}
		if a := &z.graph.form.Nodes[k]; a.Kind == gate.Size && z.chosen[a.Inputs[0]].form.moves() {
			return true
		}
	}
	return false
}

// fitting drops answers that are not of the shape of what the node is a gradient of.
func (z *sizing) fitting(i int, list []answer) ([]answer, error) {
	for _, k := range z.graph.like[i] {
		other := z.chosen[k].form
		var fit []answer
		for _, a := range list {
			if alike(a.form, other) {
				fit = append(fit, a)
			}
		}
		if len(fit) == 0 {
			err := errors.Errorf("the shape %v doesn't fit %v of node %s, of which one is the other's gradient",
				list[0].form.is(), other.is(), z.graph.form.Nodes[k].Expr.Name())
			if list[0].asked {
				err = doubt{err}
			}
			return nil, err
		}
		list = fit
	}
	return list, nil
}

// alike says whether two forms that were equal still are. Of forms of other ranks only the numbers of elements are
// compared, since Gorgonia's gradients of scalars and vectors may have axes of 1.
func alike(f, g form) bool {
	if tensors.Same(f.was(), g.was()) {
		return tensors.Same(f.is(), g.is())
	}
	a, b := f.all(), g.all()
	return a.was() != b.was() || a.is() == b.is()
}

// advice is what to do about a graph that means several things.
const advice = "build the graph for a batch of which no other axis is a multiple, such as 7 or 13, not for 1"

// ambiguous names the first node of which two things may be meant.
func (z *sizing) ambiguous() error {
	i := 0
	for tensors.Same(z.found[0][i].form.is(), z.found[1][i].form.is()) {
		i++
	}
	z.chosen = z.found[0]
	return z.wrap(i, errors.Errorf("its result may be %v or %v: %s", z.found[0][i].form.is(), z.found[1][i].form.is(), advice))
}

// wrap says at which node the sizes stop making sense.
func (z *sizing) wrap(i int, err error) error {
	s := &z.graph.form.Nodes[i]
	shapes := make([]string, len(s.Inputs))
	for j, k := range s.Inputs {
		shapes[j] = fmt.Sprint(z.chosen[k].form.is())
	}
	return errors.Wrapf(err, "graph: node %s: op %v on shapes [%s], in a graph built for %s",
		s.Expr.Name(), s.Expr.Op(), strings.Join(shapes, " "), z.graph.builtFor(z.chosen))
}

// builtFor lists the inputs that are fed with another shape than their own.
func (g *Graph) builtFor(chosen []answer) string {
	var list []string
	for _, in := range g.inputs {
		if f := chosen[in.Node].form; f.moves() {
			n := &g.form.Nodes[in.Node]
			list = append(list, fmt.Sprintf("%s of shape %v and run at %v", gate.Describe(n.Expr), n.Shape, f.is()))
		}
	}
	return strings.Join(list, ", ")
}
