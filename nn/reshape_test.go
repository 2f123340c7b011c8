package nn_test

import (
	"math"
	"testing"

	"github.com/fallline/fallline/nn"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// regrouped is a layer of stock reshapes and transposes: 12 numbers in groups of 4, their order changed.
func regrouped(_ *nn.Context, x *gorgonia.Node) (*gorgonia.Node, error) {
	rows := x.Shape()[0]
	y, err := gorgonia.Reshape(x, tensor.Shape{rows, 3, 4})
	if err == nil {
		y, err = gorgonia.Transpose(y, 0, 2, 1)
	}
	if err == nil {
		y, err = gorgonia.Reshape(y, tensor.Shape{rows, 12})
	}
	return y, err
}

// TestReshapesInALayer: a layer of one's own that reshapes gives an example the same outputs in batches of any size.
func TestReshapesInALayer(t *testing.T) {
	for name, after := range map[string]nn.Layer{"weights behind": nn.Dense(3), "nothing behind": nn.Tanh()} {
		net := nn.Sequential(nn.Dense(12), nn.Func("regroup", regrouped), after)
		m, err := nn.Build(net, []int{2}, nn.MeanSquaredError, nn.Seed(1))
		if err != nil {
			t.Fatal(err)
		}
		x := make([]float32, 2*32)
		for i := range x {
			x[i] = float32(math.Sin(float64(i)))
		}
		var alone []float32
		for i := range 32 {
			y, err := m.Outputs(x[2*i : 2*i+2])
			if err != nil {
				t.Fatal(err)
			}
			alone = append(alone, y...)
		}
		for _, n := range []int{2, 3, 4, 6, 12, 26, 32} {
			y, err := m.Outputs(x[:2*n])
			if err != nil {
				t.Errorf("%s, %d examples: %v", name, n, err)
				continue
			}
			for i := range y {
				if math.Abs(float64(y[i]-alone[i])) > 1e-6 {
					t.Fatalf("%s, %d examples: number %d is %v, alone %v", name, n, i, y[i], alone[i])
				}
			}
		}
		if err := nn.CheckGradient(net, []int{2}, nn.MeanSquaredError); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
