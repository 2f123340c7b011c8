package nn_test

import (
	"fmt"

	"github.com/fallline/fallline/batch"
	"github.com/fallline/fallline/graph/op"
	"github.com/fallline/fallline/nn"
	"gorgonia.org/gorgonia"
)

func lenet() nn.Layer {
	return nn.Sequential(
		nn.Conv2D(20, 5), nn.ReLU(), nn.MaxPool2D(2), nn.Conv2D(50, 5), nn.ReLU(), nn.MaxPool2D(2),
		nn.Flatten(), nn.Dense(500), nn.ReLU(), nn.Dense(10),
	)
}

// A network learns exclusive or, by plain gradient descent written out.
func Example() {
	net := nn.Sequential(nn.Dense(8), nn.Tanh(), nn.Dense(2))
	model, err := nn.Build(net, []int{2}, nn.SoftmaxCrossEntropy, nn.Seed(1))
	if err != nil {
		fmt.Println(err)
		return
	}
	batch := batch.Batch{X: []float32{0, 0, 0, 1, 1, 0, 1, 1}, Labels: []int{0, 1, 1, 0}}
	w := model.Weights()
	g := w.Like()
	for range 200 {
		if _, err := model.Gradient(w, g, batch); err != nil {
			fmt.Println(err)
			return
		}
		w.Axpy(-0.5, g)
	}
	fmt.Println(model.Predict(batch.X))
	// Output: [0 1 1 0] <nil>
}

// An own layer: every number times a weight of its own.
func ExampleFunc() {
	gain := nn.Func("gain", func(c *nn.Context, x *gorgonia.Node) (*gorgonia.Node, error) {
		w, err := c.Weight("weight", nn.Ones, c.Shape(x)...)
		if err != nil {
			return nil, err
		}
		return gorgonia.BroadcastHadamardProd(x, w, nil, []byte{0})
	})
	model, err := nn.Build(nn.Sequential(gain, nn.Dense(2)), []int{3}, nn.MeanSquaredError)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(model.Summary())
	// Output:
	// layer    output   parameters
	// input    3
	// gain1    3                 3
	// dense1   2                 8
	// total                     11
}

// highway is a layer that lets a learned part of a vector pass: y = t·h(x) + (1 − t)·x, where t and h are layers too.
// It needs two methods to be one.
type highway struct{ h, t nn.Layer }

func (highway) Name() string { return "highway" }

func (l highway) Apply(c *nn.Context, x *gorgonia.Node) (*gorgonia.Node, error) {
	h, err := c.Sequence([]nn.Layer{l.h}, x)
	if err != nil {
		return nil, err
	}
	t, err := c.Sequence([]nn.Layer{l.t, nn.Sigmoid()}, x)
	if err != nil {
		return nil, err
	}
	d, err := gorgonia.Sub(h, x)
	if err != nil {
		return nil, err
	}
	if d, err = gorgonia.HadamardProd(t, d); err != nil {
		return nil, err
	}
	return op.Add(x, d)
}

// An own layer that is made of layers.
func ExampleLayer() {
	net := nn.Sequential(highway{h: nn.Dense(4), t: nn.Dense(4)}, nn.Dense(2))
	model, err := nn.Build(net, []int{4}, nn.MeanSquaredError)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, r := range model.Weights().Ranges {
		fmt.Println(r.Name, r.Shape, r.Group)
	}
	// Output:
	// highway1.dense1.weight [4 4] weight
	// highway1.dense1.bias [4] bias
	// highway1.dense2.weight [4 4] weight
	// highway1.dense2.bias [4] bias
	// dense1.weight [4 2] weight
	// dense1.bias [2] bias
}

func ExampleModel_Summary() {
	model, err := nn.Build(lenet(), []int{28, 28, 1}, nn.SoftmaxCrossEntropy)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(model.Summary())
	// Output:
	// layer        output     parameters
	// input        28x28x1
	// conv2d1      24x24x20          520
	// relu1        24x24x20
	// maxpool2d1   12x12x20
	// conv2d2      8x8x50          25050
	// relu2        8x8x50
	// maxpool2d2   4x4x50
	// flatten1     800
	// dense1       500            400500
	// relu3        500
	// dense2       10               5010
	// total                       431080
}
