package nn

import (
	"slices"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/fallline/fallline/graph/op"
)

// shiftInput is a layer that adds a weight to every example: y = x + shift. Its gradient is the sum of those by the
// examples.
func shiftInput(c *Context, x *gorgonia.Node) (*gorgonia.Node, error) {
	w, err := c.Weight("shift", Zeros, c.Shape(x)...)
	if err != nil {
		return nil, err
	}
	return op.Apply(shift{}, x, w)
}

// shift is the sum of a batch and a value for each example, in float64.
type shift struct{}

func (shift) String() string { return "shift" }

func (shift) Shape(in []tensor.Shape) (tensor.Shape, error) {
	if !slices.Equal(in[0][1:], in[1]) {
		return nil, errors.Errorf("shift of shape %v for examples of shape %v", in[1], in[0][1:])
	}
	return in[0], nil
}

func (shift) Run(out gorgonia.Value, in []gorgonia.Value) error {
	x, w, y := op.Elements[float64](in[0]), op.Elements[float64](in[1]), op.Elements[float64](out)
	for i := range y {
		y[i] = x[i] + w[i%len(w)]
	}
	return nil
}

func (shift) Gradients(_ gorgonia.Nodes, _, grad *gorgonia.Node) (gorgonia.Nodes, error) {
	dw, err := op.Apply(batchSum{}, grad)
	return gorgonia.Nodes{grad, dw}, err
}

// batchSum adds up the examples of a batch, in float64.
type batchSum struct{}

func (batchSum) String() string { return "batch sum" }

func (batchSum) Shape(in []tensor.Shape) (tensor.Shape, error) { return in[0][1:], nil }

func (batchSum) Run(out gorgonia.Value, in []gorgonia.Value) error {
	x, sum := op.Elements[float64](in[0]), op.Elements[float64](out)
	clear(sum)
	for i, v := range x {
		sum[i%len(sum)] += v
	}
	return nil
}
