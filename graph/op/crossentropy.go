package op

import (
	"slices"

	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/pointwise"
	"github.com/fallline/fallline/internal/kernel/softmax"
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// SoftmaxCrossEntropy is the mean over the batch of the negative log-probability that the softmax of the logits gives
// the label. It is stable for any finite logits.
//
//	loss = 1/N·Σ_r (log Σ_j exp(x_rj) − x_r,label_r)
//
//	x (batch, classes)   labels (batch), of type int   loss a scalar
//
//	dx_rj = dloss·(softmax(x_r)_j − [j = label_r])/N
//
// A label outside 0 to classes − 1 is an error when the graph runs.
func SoftmaxCrossEntropy(logits, labels *gorgonia.Node) (*gorgonia.Node, error) {
	return labelLoss(logits, labels, 0)
}

// labelLoss is the cross-entropy with a checked smoothing.
func labelLoss(logits, labels *gorgonia.Node, smoothing float64) (*gorgonia.Node, error) {
	dt, err := operands("softmax cross-entropy", logits)
	if err != nil {
		return nil, err
	}
	if labels == nil {
		return nil, errors.New("op: softmax cross-entropy: labels are nil")
	}
	if labels.Dtype() != tensor.Int {
		return nil, errors.Errorf("op: softmax cross-entropy: labels have elements of type %v, want int", labels.Dtype())
	}
	return apply(pick(dt, crossEntropy[float32]{smoothing}, crossEntropy[float64]{smoothing}), logits, labels)
}

type crossEntropy[T kernel.Float] struct{ smoothing float64 }

func (c crossEntropy[T]) String() string { return "softmax cross-entropy" }

func (c crossEntropy[T]) Shape(in []tensor.Shape) (tensor.Shape, error) {
	x, labels := in[0], in[1]
	switch {
	case len(x) != 2:
		return nil, errors.Errorf("logits have shape %v, want (batch, classes)", x)
	case len(labels) != 1 || labels[0] != x[0]:
		return nil, errors.Errorf("labels have shape %v, want (%d) for logits of shape %v", labels, x[0], x)
	}
	return tensor.ScalarShape(), nil
}

// Extras is the derivative of the loss by the logits, which comes out of the pass for the loss.
func (c crossEntropy[T]) Extras(in []tensor.Shape) []Extra {
	return []Extra{{Dtype: dtypeOf[T](), Shape: in[0]}}
}

func (c crossEntropy[T]) RunExtras(out gorgonia.Value, extras, in []gorgonia.Value) error {
	x, labels := data[T](in[0]), in[1].(*tensor.Dense).Ints()
	classes := in[0].Shape()[1]
	for row, label := range labels {
		if label < 0 || label >= classes {
			return errors.Errorf("row %d has label %d, outside 0 to %d for %d classes", row, label, classes-1, classes)
		}
	}
	var d []T
	if extras[0] != nil {
		d = data[T](extras[0])
	}
	loss := softmax.CrossEntropy(len(labels), classes, x, labels, d)
	if c.smoothing > 0 {
		loss += smooth(c.smoothing, classes, x, labels, d)
	}
	setScalar(out, loss/float64(len(labels)))
	return nil
}

func (c crossEntropy[T]) Gradients(_ gorgonia.Nodes, out, grad *gorgonia.Node) (gorgonia.Nodes, error) {
	d, err := ExtraOf(out, 0)
	if err != nil {
		return nil, err
	}
	dx, err := apply(lossGrad[T]{1}, grad, d)
	return gorgonia.Nodes{dx, nil}, err
}

// lossGrad is the gradient by a loss times its derivative by one of its inputs, up to a sign: inputs dloss, and the
// derivative.
type lossGrad[T kernel.Float] struct{ sign int }

func (l lossGrad[T]) String() string { return "loss gradient" }

func (l lossGrad[T]) Shape(in []tensor.Shape) (tensor.Shape, error) { return slices.Clone(in[1]), nil }

func (l lossGrad[T]) Run(out gorgonia.Value, in []gorgonia.Value) error {
	d, dx := data[T](in[1]), data[T](out)
	if a := float64(l.sign) * scalar(in[0]); a != 1 {
		pointwise.ScaleTo(T(a), d, dx)
	} else {
		copy(dx, d)
	}
	return nil
}
