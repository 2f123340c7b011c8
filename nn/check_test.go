package nn_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/fallline/fallline/graph/op"
	"github.com/fallline/fallline/nn"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// TestCheckGradient: every layer passes.
func TestCheckGradient(t *testing.T) {
	for _, c := range layerCases {
		if err := nn.CheckGradient(c.net, c.shape, nn.MeanSquaredError, nn.Seed(3)); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	for name, loss := range map[string]nn.Loss{"cross-entropy": nn.SoftmaxCrossEntropy, "smoothed": nn.LabelSmoothing(0.3)} {
		if err := nn.CheckGradient(nn.Dense(4), []int{3}, loss); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// wrong multiplies by a weight, with gradients that are some times what they should be.
type wrong struct{ byInput, byWeight float64 }

func (wrong) String() string { return "wrong" }

func (wrong) Shape(in []tensor.Shape) (tensor.Shape, error) { return in[0], nil }

func (wrong) Run(out gorgonia.Value, in []gorgonia.Value) error {
	x, w, y := op.Elements[float64](in[0]), op.Elements[float64](in[1]), op.Elements[float64](out)
	for i := range y {
		y[i] = x[i] * w[0]
	}
	return nil
}

func (b wrong) Gradients(in gorgonia.Nodes, _, grad *gorgonia.Node) (gorgonia.Nodes, error) {
	dx, err := op.Apply(wrong{}, grad, in[1])
	if err != nil {
		return nil, err
	}
	if dx, err = op.Scale(dx, b.byInput); err != nil {
		return nil, err
	}
	dw, err := gorgonia.HadamardProd(in[0], grad)
	if err != nil {
		return nil, err
	}
	if dw, err = gorgonia.Sum(dw); err != nil {
		return nil, err
	}
	if dw, err = gorgonia.Reshape(dw, tensor.Shape{1}); err != nil {
		return nil, err
	}
	dw, err = op.Scale(dw, b.byWeight)
	return gorgonia.Nodes{dx, dw}, err
}

func (b wrong) layer() nn.Layer {
	return nn.Func("wrong", func(c *nn.Context, x *gorgonia.Node) (*gorgonia.Node, error) {
		w, err := c.Weight("w", nn.Ones, 1)
		if err != nil {
			return nil, err
		}
		return op.Apply(b, x, w)
	})
}

// TestCheckGradientFinds: a wrong gradient is an error that names where it is.
func TestCheckGradientFinds(t *testing.T) {
	for _, c := range []struct {
		wrong
		want string
	}{
		{wrong{1, 1.001}, `^nn: graph: gradient check: parameter "wrong1.w"\[0\]: gradient .*, central difference .*`},
		{wrong{1.001, 1}, `^nn: graph: gradient check: parameter "input.shift"\[\d\]: gradient .*, central difference .*`},
		{wrong{1, 1}, ""},
	} {
		err := nn.CheckGradient(c.layer(), []int{3}, nn.MeanSquaredError)
		switch {
		case c.want == "" && err != nil:
			t.Errorf("%v: %v", c.wrong, err)
		case c.want != "" && (err == nil || !regexp.MustCompile(c.want).MatchString(err.Error())):
			t.Errorf("%v: got error %v, want %q", c.wrong, err, c.want)
		}
	}
}

func TestCheckGradientRefuses(t *testing.T) {
	for _, c := range []struct {
		net   nn.Layer
		shape []int
		loss  nn.Loss
		want  string
	}{
		{nil, []int{3}, nn.MeanSquaredError, "nn: Build needs a network and a loss"},
		{nn.Dense(0), []int{3}, nn.MeanSquaredError, "nn: layer 0 (dense1): 0 units"},
		{nn.Dense(2), nil, nn.MeanSquaredError, "nn: examples have no shape"},
		{nn.Dense(2), []int{3}, nn.LabelSmoothing(-1), "nn: loss: op: softmax cross-entropy: smoothing -1"},
	} {
		if err := nn.CheckGradient(c.net, c.shape, c.loss); err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("got error %v, want %q", err, c.want)
		}
	}
	if err := nn.CheckGradient(nn.Dense(2), []int{3}, nn.MeanSquaredError, nil); err == nil || err.Error() != "nn: an option is nil" {
		t.Errorf("nil option: got error %v", err)
	}
}
