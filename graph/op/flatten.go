package op

import (
	"slices"

	"github.com/fallline/fallline/internal/kernel"
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Flatten makes one row of each example: what Affine takes after images. The elements keep their order.
//
//	x (batch, a, b, ...)   y (batch, a·b·...)    dx = dy in the shape of x
//
// A matrix is returned as it is.
func Flatten(x *gorgonia.Node) (*gorgonia.Node, error) {
	dt, err := operands("flatten", x)
	if err != nil {
		return nil, err
	}
	if x.Dims() == 2 {
		return x, nil
	}
	return apply(pick(dt, flatten[float32]{}, flatten[float64]{}), x)
}

type flatten[T kernel.Float] struct{}

func (flatten[T]) String() string { return "flatten" }

func (flatten[T]) shape(in []tensor.Shape) (tensor.Shape, error) {
	x := in[0]
	if len(x) < 2 {
		return nil, errors.Errorf("x has shape %v, want (batch, ...) of rank 2 or more", x)
	}
	return tensor.Shape{x[0], x[1:].TotalSize()}, nil
}

func (flatten[T]) run(out gorgonia.Value, in []gorgonia.Value) error {
	copy(data[T](out), data[T](in[0]))
	return nil
}

func (flatten[T]) gradients(in gorgonia.Nodes, _, grad *gorgonia.Node) (gorgonia.Nodes, error) {
	dx, err := apply(unflatten[T]{}, grad, in[0])
	return gorgonia.Nodes{dx}, err
}

// unflatten is the gradient of flatten: inputs dy, and x, of which only the shape is read.
type unflatten[T kernel.Float] struct{}

func (unflatten[T]) String() string { return "flatten gradient" }

func (unflatten[T]) shape(in []tensor.Shape) (tensor.Shape, error) {
	dy, x := in[0], in[1]
	if dy[0] != x[0] || dy[1] != x[1:].TotalSize() {
		return nil, errors.Errorf("gradient of shape %v for x of shape %v", dy, x)
	}
	return slices.Clone(x), nil
}

func (unflatten[T]) run(out gorgonia.Value, in []gorgonia.Value) error {
	copy(data[T](out), data[T](in[0]))
	return nil
}
