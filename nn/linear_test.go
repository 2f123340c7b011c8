package nn_test

import (
	"testing"

	"gorgonia.org/gorgonia"

	"github.com/fallline/fallline/graph/op"
	"github.com/fallline/fallline/nn"
)

// TestLinear: a model is linear where it is one dense layer, all of which learns, with the plain loss: others mustn't
// take it for one.
func TestLinear(t *testing.T) {
	type answer struct {
		weight, bias, loss string
		ok                 bool
	}
	half := nn.Func("half", func(c *nn.Context, x *gorgonia.Node) (*gorgonia.Node, error) {
		w, err := c.Frozen("weight", nn.He, c.Shape(x)[0], 3)
		if err != nil {
			return nil, err
		}
		b, err := c.Bias("bias", 3)
		if err != nil {
			return nil, err
		}
		return op.Affine(x, w, b)
	})
	const cross = "softmax cross-entropy"
	for name, c := range map[string]struct {
		net  nn.Layer
		loss nn.Loss
		want answer
	}{
		"dense":              {nn.Dense(3), nn.SoftmaxCrossEntropy, answer{"dense1.weight", "dense1.bias", cross, true}},
		"without bias":       {nn.Dense(3, nn.NoBias()), nn.SoftmaxCrossEntropy, answer{"dense1.weight", "", cross, true}},
		"squared error":      {nn.Dense(3), nn.MeanSquaredError, answer{"dense1.weight", "dense1.bias", "mean squared error", true}},
		"smoothed":           {nn.Dense(3), nn.LabelSmoothing(0.1), answer{}},
		"scaled":             {nn.Sequential(nn.Dense(3), nn.Scale(2)), nn.SoftmaxCrossEntropy, answer{}},
		"two layers":         {nn.Sequential(nn.Dense(3), nn.Dense(3)), nn.SoftmaxCrossEntropy, answer{}},
		"behind dropout":     {nn.Sequential(nn.Dropout(0.5), nn.Dense(3)), nn.SoftmaxCrossEntropy, answer{}},
		"behind frozen ones": {nn.Sequential(nn.Freeze(nn.Dense(3)), nn.Dense(3)), nn.SoftmaxCrossEntropy, answer{}},
		"half frozen":        {half, nn.SoftmaxCrossEntropy, answer{}},
	} {
		m, err := nn.Build(c.net, []int{2}, c.loss)
		if err != nil {
			t.Fatal(err)
		}
		var got answer
		if got.weight, got.bias, got.loss, got.ok = m.Linear(); got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}
