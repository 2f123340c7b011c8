package op

import (
	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/pointwise"
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
	return apply(pick(dt, squaredError[float32]{}, squaredError[float64]{}), prediction, target)
}

type squaredError[T kernel.Float] struct{}

func (squaredError[T]) String() string { return "mean squared error" }

func (squaredError[T]) Shape(in []tensor.Shape) (tensor.Shape, error) {
	if _, err := sameShape(in); err != nil {
		return nil, err
	}
	return tensor.ScalarShape(), nil
}

// Extras is the derivative of the loss by the prediction, in whose memory the loss is computed.
func (squaredError[T]) Extras(in []tensor.Shape) []Extra {
	return []Extra{{Dtype: dtypeOf[T](), Shape: in[0], Always: true}}
}

func (squaredError[T]) RunExtras(out gorgonia.Value, extras, in []gorgonia.Value) error {
	d := data[T](extras[0])
	m := float64(len(d))
	copy(d, data[T](in[0]))
	pointwise.Axpy(-1, data[T](in[1]), d)
	setScalar(out, pointwise.Dot(d, d)/m)
	pointwise.Scale(T(2/m), d)
	return nil
}

func (squaredError[T]) Gradients(_ gorgonia.Nodes, out, grad *gorgonia.Node) (gorgonia.Nodes, error) {
	d, err := ExtraOf(out, 0)
	if err != nil {
		return nil, err
	}
	dp, err := apply(lossGrad[T]{1}, grad, d)
	if err != nil {
		return nil, err
	}
	dt, err := apply(lossGrad[T]{-1}, grad, d)
	return gorgonia.Nodes{dp, dt}, err
}
