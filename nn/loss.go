package nn

import (
	"slices"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/fallline/fallline/graph/op"
	"github.com/fallline/fallline/internal/text"
)

// Loss adds a network's cost behind its output: a scalar, the mean over the batch. A loss asks c for the truth, by
// Labels or by Targets, once.
type Loss func(c *Context, output *gorgonia.Node) (cost *gorgonia.Node, err error)

// SoftmaxCrossEntropy is the loss of classification: the output holds a logit for each class and the truth is a label.
//
//	f = 1/n Σ −log softmax(output)[label]
func SoftmaxCrossEntropy(c *Context, output *gorgonia.Node) (*gorgonia.Node, error) {
	return labelLoss(c, output, 0)
}

// LabelSmoothing is SoftmaxCrossEntropy against a target that gives the label 1 − smoothing of its probability and
// spreads the rest evenly over all m classes, the label among them. smoothing is in [0, 1].
//
//	f = −1/n Σ Σ t[j] log softmax(output)[j]        t[j] = (1 − smoothing)·[j = label] + smoothing/m
//
// Training and evaluation both state this loss, as PyTorch's cross_entropy does when it is given a label_smoothing, so
// that the two can be compared. It has a least value above 0, and is no measure beside that of a model trained without.
//
// Szegedy et al. 2016, section 7.
func LabelSmoothing(smoothing float64) Loss {
	return func(c *Context, output *gorgonia.Node) (*gorgonia.Node, error) {
		return labelLoss(c, output, smoothing)
	}
}

func labelLoss(c *Context, output *gorgonia.Node, smoothing float64) (*gorgonia.Node, error) {
	shape := c.Shape(output)
	if len(shape) != 1 {
		return nil, errors.Errorf("network's output of shape %s, want a vector with a logit for each class", text.Shape(shape))
	}
	labels, err := c.Labels(shape[0])
	if err != nil {
		return nil, err
	}
	return op.SmoothedCrossEntropy(output, labels, smoothing)
}

// MeanSquaredError is the loss of regression: the truth has the output's shape.
//
//	f = 1/(n·m) Σ (output − target)²        over n examples of m numbers
func MeanSquaredError(c *Context, output *gorgonia.Node) (*gorgonia.Node, error) {
	targets, err := c.Targets(c.Shape(output)...)
	if err != nil {
		return nil, err
	}
	return op.MeanSquaredError(output, targets)
}

// Labels returns the node of the batch's labels, integers from 0 to classes−1. The network's output must have that many
// numbers: the greatest is the prediction.
func (c *Context) Labels(classes int) (*gorgonia.Node, error) {
	if c.target != nil {
		return nil, errors.New("the truth asked for twice")
	}
	if classes < 1 {
		return nil, errors.Errorf("%d classes, want at least 1", classes)
	}
	c.net.classes = classes
	c.target = gorgonia.NewVector(c.graph, tensor.Int, gorgonia.WithShape(compileBatch), gorgonia.WithName("labels"))
	return c.target, nil
}

// Targets returns the node of the batch's targets, of the given shape for one example.
func (c *Context) Targets(shape ...int) (*gorgonia.Node, error) {
	if c.target != nil {
		return nil, errors.New("the truth asked for twice")
	}
	c.net.targets = slices.Clone(shape)
	c.target = c.input("targets", shape)
	return c.target, nil
}

// input makes the node of a batch of the given shape for one example.
func (c *Context) input(name string, shape []int) *gorgonia.Node {
	full := append([]int{compileBatch}, shape...)
	return gorgonia.NewTensor(c.graph, c.net.dtype, len(full), gorgonia.WithShape(full...), gorgonia.WithName(name))
}
