package op

import (
	"github.com/fallline/fallline/internal/kernel"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// MeanSquaredError is the mean over all elements of the squared difference of two values of one shape.
//
//	loss = 1/M·Σ_i (p_i − t_i)²      M the number of elements, batch included
//
//	dp_i = dloss·2·(p_i − t_i)/M     dt = −dp
func MeanSquaredError(prediction, target *gorgonia.Node) (*gorgonia.Node, error) {
	dt, err := operands("mean squared error", prediction, target)
	if err != nil {
		return nil, err
	}
	return apply(pick(dt, newSquaredError[float32](), newSquaredError[float64]()), prediction, target)
}

type squaredError[T kernel.Float] struct {
	id    uint64
	slope *slope[T]
}

func newSquaredError[T kernel.Float]() squaredError[T] {
	return squaredError[T]{newID(), new(slope[T])}
}

func (s squaredError[T]) String() string { return "mean squared error" }

func (s squaredError[T]) Shape(in []tensor.Shape) (tensor.Shape, error) {
	if _, err := sameShape(in); err != nil {
		return nil, err
	}
	return tensor.ScalarShape(), nil
}

func (s squaredError[T]) Run(out gorgonia.Value, in []gorgonia.Value) error {
	p := data[T](in[0])
	s.slope.d = grow(s.slope.d, len(p))
	d, m := s.slope.d, float64(len(p))
	copy(d, p)
	kernel.Axpy(-1, data[T](in[1]), d)
	setScalar(out, kernel.Dot(d, d)/m)
	if s.slope.wanted {
		kernel.Scale(T(2/m), d)
	}
	return nil
}

func (s squaredError[T]) Gradients(in gorgonia.Nodes, out, grad *gorgonia.Node) (gorgonia.Nodes, error) {
	s.slope.wanted = true
	dp, err := apply(lossGrad[T]{s.id, 1, s.slope}, grad, in[0], out)
	if err != nil {
		return nil, err
	}
	dt, err := apply(lossGrad[T]{s.id, -1, s.slope}, grad, in[0], out)
	return gorgonia.Nodes{dp, dt}, err
}
