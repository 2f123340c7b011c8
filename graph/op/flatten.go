package op

import (
	"github.com/fallline/fallline/internal/kernel"
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// maxFlatten is the highest rank that Flatten takes.
const maxFlatten = 8

// Flatten makes one row of each example: what Affine takes after images. The elements keep their order.
//
//	x (batch, a, b, ...) of rank 2 to 8   y (batch, a·b·...)    dx = dy in the shape of x
//
// A matrix is returned as it is.
func Flatten(x *gorgonia.Node) (*gorgonia.Node, error) {
	dt, err := operands("flatten", x)
	if err != nil {
		return nil, err
	}
	switch dims := x.Dims(); {
	case dims == 2:
		return x, nil
	case dims > maxFlatten:
		return nil, errors.Errorf("op: flatten: x has shape %v, want at most rank %d", x.Shape(), maxFlatten)
	}
	return apply(pick(dt, flatten[float32]{}, flatten[float64]{}), x)
}

type flatten[T kernel.Float] struct{}

func (flatten[T]) String() string { return "flatten" }

func (flatten[T]) Shape(in []tensor.Shape) (tensor.Shape, error) {
	x := in[0]
	if len(x) < 2 {
		return nil, errors.Errorf("x has shape %v, want (batch, ...) of rank 2 or more", x)
	}
	return tensor.Shape{x[0], x[1:].TotalSize()}, nil
}

func (flatten[T]) Run(out gorgonia.Value, in []gorgonia.Value) error {
	copy(data[T](out), data[T](in[0]))
	return nil
}

func (flatten[T]) Gradients(in gorgonia.Nodes, _, grad *gorgonia.Node) (gorgonia.Nodes, error) {
	x := in[0].Shape()
	u := unflatten[T]{rank: len(x) - 1}
	copy(u.dims[:], x[1:])
	dx, err := apply(u, grad)
	return gorgonia.Nodes{dx}, err
}

// unflatten is the gradient of flatten, dy in the shape (batch, dims...).
type unflatten[T kernel.Float] struct {
	rank int
	dims [maxFlatten - 1]int
}

func (unflatten[T]) String() string { return "flatten gradient" }

func (u unflatten[T]) Shape(in []tensor.Shape) (tensor.Shape, error) {
	x := append(tensor.Shape{in[0][0]}, u.dims[:u.rank]...)
	if in[0].TotalSize() != x.TotalSize() {
		return nil, errors.Errorf("gradient of shape %v for x of shape %v", in[0], x)
	}
	return x, nil
}

func (unflatten[T]) Run(out gorgonia.Value, in []gorgonia.Value) error {
	copy(data[T](out), data[T](in[0]))
	return nil
}

func (flatten[T]) Reshape()   {}
func (unflatten[T]) Reshape() {}
