package op

import (
	"slices"

	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/softmax"
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Softmax turns each row of logits into probabilities. The maximum of a row is subtracted first, so that any finite
// logits are right. For training use SoftmaxCrossEntropy on the logits.
//
//	y_rj = exp(x_rj) / Σ_k exp(x_rk)         x, y (batch, classes)
//
//	dx_rj = y_rj·(dy_rj − Σ_k dy_rk·y_rk)
func Softmax(logits *gorgonia.Node) (*gorgonia.Node, error) {
	dt, err := operands("softmax", logits)
	if err != nil {
		return nil, err
	}
	return apply(pick(dt, softmaxRows[float32]{}, softmaxRows[float64]{}), logits)
}

type softmaxRows[T kernel.Float] struct{}

func (softmaxRows[T]) String() string { return "softmax" }

func (softmaxRows[T]) Shape(in []tensor.Shape) (tensor.Shape, error) {
	if len(in[0]) != 2 {
		return nil, errors.Errorf("logits have shape %v, want (batch, classes)", in[0])
	}
	return slices.Clone(in[0]), nil
}

func (softmaxRows[T]) Run(out gorgonia.Value, in []gorgonia.Value) error {
	shape := in[0].Shape()
	softmax.Rows(shape[0], shape[1], data[T](in[0]), data[T](out))
	return nil
}

func (softmaxRows[T]) Gradients(_ gorgonia.Nodes, out, grad *gorgonia.Node) (gorgonia.Nodes, error) {
	dx, err := apply(softmaxGrad[T]{}, out, grad)
	return gorgonia.Nodes{dx}, err
}

// softmaxGrad is the gradient of softmax: inputs y and dy.
type softmaxGrad[T kernel.Float] struct{}

func (softmaxGrad[T]) String() string { return "softmax gradient" }

func (softmaxGrad[T]) Shape(in []tensor.Shape) (tensor.Shape, error) { return sameShape(in) }

func (softmaxGrad[T]) Run(out gorgonia.Value, in []gorgonia.Value) error {
	shape := in[0].Shape()
	softmax.RowsGrad(shape[0], shape[1], data[T](in[0]), data[T](in[1]), data[T](out))
	return nil
}
