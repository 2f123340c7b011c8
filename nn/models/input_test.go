package models_test

import (
	"slices"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/fallline/fallline/graph/op"
	"github.com/fallline/fallline/nn"
)

// gain is a first layer that counts what a training computes of it: y = w x, element by element, with a weight for each
// of an example's numbers.
type gain struct{ byInput, byWeight *int }

func (gain) Name() string { return "gain" }

func (l gain) Apply(c *nn.Context, x *gorgonia.Node) (*gorgonia.Node, error) {
	w, err := c.Weight("weight", nn.Ones, c.Shape(x)...)
	if err != nil {
		return nil, err
	}
	return op.Apply(gainOp{l}, x, w)
}

type gainOp struct{ gain }

func (gainOp) String() string { return "gain" }

func (gainOp) Shape(in []tensor.Shape) (tensor.Shape, error) { return slices.Clone(in[0]), nil }

func (gainOp) Run(out gorgonia.Value, in []gorgonia.Value) error {
	x, w, y := op.Elements[float32](in[0]), op.Elements[float32](in[1]), op.Elements[float32](out)
	for i := range y {
		y[i] = x[i] * w[i%len(w)]
	}
	return nil
}

func (b gainOp) Gradients(in gorgonia.Nodes, _, grad *gorgonia.Node) (gorgonia.Nodes, error) {
	dx, err := op.Apply(gainByInput{b}, grad, in[1])
	if err != nil {
		return nil, err
	}
	dw, err := op.Apply(gainByWeight{b}, in[1], grad, in[0])
	return gorgonia.Nodes{dx, dw}, err
}

type gainByInput struct{ gainOp }

func (gainByInput) String() string { return "gain's gradient by its input" }

func (b gainByInput) Run(out gorgonia.Value, in []gorgonia.Value) error {
	*b.byInput++
	return b.gainOp.Run(out, in)
}

type gainByWeight struct{ gainOp }

func (gainByWeight) String() string { return "gain's gradient by its weight" }

func (b gainByWeight) Run(out gorgonia.Value, in []gorgonia.Value) error {
	*b.byWeight++
	grad, x, sum := op.Elements[float32](in[1]), op.Elements[float32](in[2]), op.Elements[float32](out)
	clear(sum)
	for i, g := range grad {
		sum[i%len(sum)] += g * x[i]
	}
	return nil
}

// TestNoGradientByTheInput: a step of a whole network computes the gradient by the first layer's weights, and none by
// its input.
func TestNoGradientByTheInput(t *testing.T) {
	for _, c := range zoo {
		var first, second gain
		for _, g := range []*gain{&first, &second} {
			*g = gain{new(int), new(int)}
		}
		m, err := nn.Build(nn.Sequential(first, second, c.net(c.classes)), c.shape, nn.SoftmaxCrossEntropy)
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		if _, err := m.Gradient(m.Weights(), m.Weights().Like(), randomBatch(m, 2)); err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		for i, g := range []gain{first, second} {
			if *g.byInput != i || *g.byWeight != 1 {
				t.Errorf("%s: of layer %d %d gradients by its input and %d by its weight, want %d and 1", c.name, i, *g.byInput, *g.byWeight, i)
			}
		}
	}
}
