package op

import (
	"slices"

	"github.com/fallline/fallline/internal/kernel"
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// SoftmaxCrossEntropy is the mean over the batch of the negative log-probability that the softmax of the logits gives the label.
// It is stable for any finite logits.
//
//	loss = 1/N·Σ_r (log Σ_j exp(x_rj) − x_r,label_r)      x (batch, classes)   labels (batch), of type int   loss a scalar
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
	return apply(pick(dt, newCrossEntropy[float32](smoothing), newCrossEntropy[float64](smoothing)), logits, labels)
}

type crossEntropy[T kernel.Float] struct {
	smoothing float64
	id        uint64
	slope     *slope[T]
}

// slope is the gradient of a loss that its forward pass found on the way, if wanted.
type slope[T kernel.Float] struct {
	wanted bool
	d      []T
}

func newCrossEntropy[T kernel.Float](smoothing float64) crossEntropy[T] {
	return crossEntropy[T]{smoothing, newID(), new(slope[T])}
}

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

func (c crossEntropy[T]) Run(out gorgonia.Value, in []gorgonia.Value) error {
	x, labels := data[T](in[0]), in[1].(*tensor.Dense).Ints()
	classes := in[0].Shape()[1]
	for row, label := range labels {
		if label < 0 || label >= classes {
			return errors.Errorf("row %d has label %d, outside 0 to %d for %d classes", row, label, classes-1, classes)
		}
	}
	var d []T
	if c.slope.wanted {
		c.slope.d = grow(c.slope.d, len(x))
		d = c.slope.d
	}
	loss := kernel.SoftmaxCrossEntropy(len(labels), classes, x, labels, d)
	if c.smoothing > 0 {
		loss += smooth(c.smoothing, classes, x, labels, d)
	}
	setScalar(out, loss/float64(len(labels)))
	return nil
}

func (c crossEntropy[T]) Gradients(in gorgonia.Nodes, out, grad *gorgonia.Node) (gorgonia.Nodes, error) {
	c.slope.wanted = true
	dx, err := apply(lossGrad[T]{c.id, 1, c.slope}, grad, in[0], out)
	return gorgonia.Nodes{dx, nil}, err
}

// lossGrad hands out the slope of a loss times sign and the gradient by the loss: inputs dloss; x, of which only the shape is
// read; and the loss, which puts it behind the forward pass.
type lossGrad[T kernel.Float] struct {
	id    uint64
	sign  int
	slope *slope[T]
}

func (l lossGrad[T]) String() string { return "loss gradient" }

func (l lossGrad[T]) Shape(in []tensor.Shape) (tensor.Shape, error) { return slices.Clone(in[1]), nil }

func (l lossGrad[T]) Run(out gorgonia.Value, in []gorgonia.Value) error {
	dx := data[T](out)
	if len(l.slope.d) != len(dx) {
		return errors.Errorf("gradient of %d elements after a forward pass of %d", len(dx), len(l.slope.d))
	}
	if a := float64(l.sign) * scalar(in[0]); a != 1 {
		kernel.ScaleTo(T(a), l.slope.d, dx)
	} else {
		copy(dx, l.slope.d)
	}
	return nil
}
