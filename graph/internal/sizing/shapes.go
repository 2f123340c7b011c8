// Package sizing works out what shapes the nodes of a graph have when its inputs are fed with others than it was built
// for.
//
// A number in the graph, such as the target of a reshape, says what a size was when the graph was built. Where it came
// from decides what it is at another batch, and is found from the factors that each axis is made of (see extent), the
// ops between, and the gradients. What can be read in two ways is refused.
package sizing

import (
	"github.com/fallline/fallline/graph/internal/gate"
	"github.com/fallline/fallline/graph/internal/stock"
	"github.com/pkg/errors"
	"gorgonia.org/tensor"
)

// Graph is a graph whose sizes can be worked out.
type Graph struct {
	form   *gate.Form
	inputs []Input
	fed    map[int]bool // whether a node is one of the inputs
	beside map[int]Beside
	like   [][]int // by node: earlier ones that have its shape at any batch
}

// Input is a node that is fed.
type Input struct {
	Node  int  // its place in the form
	Fixed bool // of one size at every batch
}

// Beside says that a node is the value of that number which its argument's op computes beside its result, and what
// shapes all of these have for the op's arguments.
type Beside struct {
	Number int
	Shapes func(args []tensor.Shape) ([]tensor.Shape, error)
}

// New prepares a graph with those inputs. The nodes of values that ops compute beside their results are listed by their
// places.
func New(f *gate.Form, inputs []Input, beside map[int]Beside) *Graph {
	g := &Graph{form: f, inputs: inputs, fed: make(map[int]bool, len(inputs)), beside: beside, like: pairs(f)}
	for _, in := range inputs {
		g.fed[in.Node] = true
	}
	return g
}

// Sizes are the shapes of all nodes, and the kernels for ops that hold numbers of another batch.
type Sizes struct {
	Shapes  []tensor.Shape
	Kernels map[int]stock.Kernel
}

// At finds the sizes for inputs of the given shapes.
func (g *Graph) At(inputs []tensor.Shape) (*Sizes, error) {
	forms := make([]form, len(inputs))
	moving := false
	for i, in := range g.inputs {
		f, err := fed(&g.form.Nodes[in.Node], inputs[i])
		if err != nil {
			return nil, err
		}
		forms[i] = f
		moving = moving || f.moves()
	}
	if moving {
		return g.size(forms)
	}
	return g.own()
}

// own are the shapes of the graph as built.
func (g *Graph) own() (*Sizes, error) {
	s := &Sizes{Shapes: make([]tensor.Shape, len(g.form.Nodes))}
	for i := range g.form.Nodes {
		n := &g.form.Nodes[i]
		s.Shapes[i] = n.Shape
		if b, ok := g.beside[i]; ok {
			list, err := b.Shapes(pick(s.Shapes, g.form.Input(n, 0).Inputs))
			if err != nil {
				return nil, err
			}
			s.Shapes[i] = list[b.Number]
		}
	}
	return s, nil
}

func pick(shapes []tensor.Shape, of []int) []tensor.Shape {
	l := make([]tensor.Shape, len(of))
	for i, k := range of {
		l[i] = shapes[k]
	}
	return l
}

// fed is the form of an input that is bound to a value of a shape. One with as many elements on other axes is taken in
// the input's own shape.
func fed(n *gate.Node, shape tensor.Shape) (form, error) {
	f := stillForm(n.Shape)
	switch {
	case len(shape) == len(n.Shape):
	case shape.TotalSize() == n.Shape.TotalSize():
		return f, nil
	default:
		return nil, errors.Errorf("graph: input %s has shape %v, want the %d axes of %v", gate.Describe(n.Expr), shape, len(n.Shape), n.Shape)
	}
	for axis, is := range shape {
		if was := n.Shape[axis]; was != is {
			f[axis] = moved(was, is)
		}
	}
	return f, nil
}
