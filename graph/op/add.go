package op

import (
	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/pointwise"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Add is the sum of two values of one shape, as at the end of a residual block.
//
//	y = a + b    da = db = dy
func Add(a, b *gorgonia.Node) (*gorgonia.Node, error) {
	dt, err := operands("add", a, b)
	if err != nil {
		return nil, err
	}
	return apply(pick(dt, add[float32]{}, add[float64]{}), a, b)
}

type add[T kernel.Float] struct{ then Then }

func (s add[T]) String() string { return "add" + s.then.String() }

func (s add[T]) Shape(in []tensor.Shape) (tensor.Shape, error) { return sameShape(in) }

func (s add[T]) Run(out gorgonia.Value, in []gorgonia.Value) error {
	a, b, y := data[T](in[0]), data[T](in[1]), data[T](out)
	if s.then.Activation == ActReLU {
		pointwise.AddRelu(a, b, y)
	} else {
		pointwise.Add(a, b, y)
	}
	return nil
}

// Fuse takes over a ReLU.
func (s add[T]) Fuse(next Description) Description {
	if t, ok := takesReLU(s.then, next); ok {
		return add[T]{t}
	}
	return nil
}

// Gradients returns one node for both inputs.
func (s add[T]) Gradients(_ gorgonia.Nodes, out, grad *gorgonia.Node) (gorgonia.Nodes, error) {
	d, err := beforeReLU[T](s.then, out, grad)
	return gorgonia.Nodes{d, d}, err
}
