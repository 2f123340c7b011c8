package op

import (
	"slices"

	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/conv"
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// convGradients builds the gradients of a convolution by its inputs, each a node of its own, so that a program can
// leave out those that nobody asks for. grad is the gradient by the result; sums is grad or a smaller value with the
// same column sums.
func convGradients[T kernel.Float](c Conv2DConfig, in gorgonia.Nodes, grad, sums *gorgonia.Node) (gorgonia.Nodes, error) {
	dx, err := apply(convData[T]{c}, grad, in[1], in[0])
	if err != nil {
		return nil, err
	}
	dw, err := apply(convWeights[T]{c}, in[0], grad, in[1])
	if err != nil {
		return nil, err
	}
	return withBias[T](in, dx, dw, sums)
}

// withBias adds the gradient by the bias, the column sums of a node, to those by images and filters, if there is a
// bias.
func withBias[T kernel.Float](in gorgonia.Nodes, dx, dw, sums *gorgonia.Node) (gorgonia.Nodes, error) {
	if len(in) < 3 {
		return gorgonia.Nodes{dx, dw}, nil
	}
	db, err := apply(columnSums[T]{}, sums)
	return gorgonia.Nodes{dx, dw, db}, err
}

// convData is the gradient by the images: inputs dy, w and x, of which only the shape is read.
type convData[T kernel.Float] struct{ Conv2DConfig }

func (c convData[T]) String() string { return "conv2d data gradient" }

func (c convData[T]) Shape(in []tensor.Shape) (tensor.Shape, error) {
	if err := c.checkGrad(in[2], in[1], in[0]); err != nil {
		return nil, err
	}
	return slices.Clone(in[2]), nil
}

func (c convData[T]) Run(out gorgonia.Value, in []gorgonia.Value) error {
	s := c.on(in[2].Shape(), in[1].Shape())
	conv.BackwardData(s, data[T](in[0]), data[T](in[1]), data[T](out))
	return nil
}

// convWeights is the gradient by the filters: inputs x, dy and w, of which only the shape is read.
type convWeights[T kernel.Float] struct{ Conv2DConfig }

func (c convWeights[T]) String() string { return "conv2d weight gradient" }

func (c convWeights[T]) Shape(in []tensor.Shape) (tensor.Shape, error) {
	if err := c.checkGrad(in[0], in[2], in[1]); err != nil {
		return nil, err
	}
	return slices.Clone(in[2]), nil
}

func (c convWeights[T]) Run(out gorgonia.Value, in []gorgonia.Value) error {
	s := c.on(in[0].Shape(), in[2].Shape())
	conv.BackwardWeights(s, data[T](in[0]), data[T](in[1]), data[T](out))
	return nil
}

// checkGrad checks that dy has the shape of the convolution of x with w.
func (c Conv2DConfig) checkGrad(x, w, dy tensor.Shape) error {
	s, err := c.geometry(x, w)
	if err != nil {
		return err
	}
	oh, ow := s.Out()
	if want := (tensor.Shape{s.N, oh, ow, s.K}); !equal(dy, want) {
		return errors.Errorf("gradient of shape %v, want %v", dy, want)
	}
	return nil
}
