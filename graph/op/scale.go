package op

import (
	"math"

	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/pointwise"
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Scale multiplies a value of any shape by a fixed, finite number, as logits before a softmax.
//
//	y = factor·x    dx = factor·dy
func Scale(x *gorgonia.Node, factor float64) (*gorgonia.Node, error) {
	dt, err := operands("scale", x)
	if err != nil {
		return nil, err
	}
	if math.IsNaN(factor) || math.IsInf(factor, 0) {
		return nil, errors.Errorf("op: scale: factor %v, want a finite number", factor)
	}
	return apply(pick(dt, scale[float32]{factor}, scale[float64]{factor}), x)
}

type scale[T kernel.Float] struct{ factor float64 }

func (scale[T]) String() string { return "scale" }

func (scale[T]) Shape(in []tensor.Shape) (tensor.Shape, error) { return sameShape(in) }

func (s scale[T]) Run(out gorgonia.Value, in []gorgonia.Value) error {
	pointwise.ScaleTo(T(s.factor), data[T](in[0]), data[T](out))
	return nil
}

func (s scale[T]) Gradients(_ gorgonia.Nodes, _, grad *gorgonia.Node) (gorgonia.Nodes, error) {
	dx, err := apply(s, grad)
	return gorgonia.Nodes{dx}, err
}
