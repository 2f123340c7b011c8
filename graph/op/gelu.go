package op

import (
	"github.com/fallline/fallline/internal/kernel"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// GELU is the Gaussian error linear unit, element by element on a value of any shape, in its exact form.
//
//	y = x·Φ(x)    dx = dy·(Φ(x) + x·φ(x))    Φ(x) = (1 + erf(x/√2))/2    φ(x) = exp(−x²/2)/√(2π)
//
// Hendrycks & Gimpel 2016.
func GELU(x *gorgonia.Node) (*gorgonia.Node, error) {
	dt, err := operands("gelu", x)
	if err != nil {
		return nil, err
	}
	return apply(pick(dt, gelu[float32]{}, gelu[float64]{}), x)
}

type gelu[T kernel.Float] struct{}

func (gelu[T]) String() string { return "gelu" }

func (gelu[T]) Shape(in []tensor.Shape) (tensor.Shape, error) { return sameShape(in) }

func (gelu[T]) Run(out gorgonia.Value, in []gorgonia.Value) error {
	kernel.Gelu(data[T](in[0]), data[T](out))
	return nil
}

func (gelu[T]) Gradients(in gorgonia.Nodes, _, grad *gorgonia.Node) (gorgonia.Nodes, error) {
	dx, err := apply(geluGrad[T]{}, in[0], grad)
	return gorgonia.Nodes{dx}, err
}

// geluGrad is the gradient of a gelu: inputs x and dy.
type geluGrad[T kernel.Float] struct{}

func (geluGrad[T]) String() string { return "gelu gradient" }

func (geluGrad[T]) Shape(in []tensor.Shape) (tensor.Shape, error) { return sameShape(in) }

func (geluGrad[T]) Run(out gorgonia.Value, in []gorgonia.Value) error {
	kernel.GeluGrad(data[T](in[0]), data[T](in[1]), data[T](out))
	return nil
}
