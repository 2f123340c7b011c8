package nn_test

import (
	"slices"
	"testing"

	"github.com/fallline/fallline/nn"
)

// TestPoolPadding: an average counts padding as zeros, a maximum never picks it.
func TestPoolPadding(t *testing.T) {
	for _, c := range []struct {
		name string
		pool nn.Layer
		want []float32
	}{
		{"average", nn.AvgPool2D(2, nn.Pad(1)), []float32{-1, -2, -3, -4}},
		{"maximum", nn.MaxPool2D(2, nn.Pad(1)), []float32{-4, -8, -12, -16}},
	} {
		net := nn.Sequential(nn.Conv2D(1, 1, nn.Init(nn.Ones)), c.pool)
		model, err := nn.Build(net, []int{2, 2, 1}, nn.MeanSquaredError)
		if err != nil {
			t.Fatal(err)
		}
		got, err := model.Outputs([]float32{-4, -8, -12, -16})
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s of a padded image: %v, want %v", c.name, got, c.want)
		}
	}
}

// TestGlobalPools: two channels of an image of 2x2 pixels.
func TestGlobalPools(t *testing.T) {
	for _, c := range []struct {
		name string
		pool nn.Layer
		want []float32
	}{
		{"average", nn.GlobalAvgPool2D(), []float32{-2.5, 5}},
		{"maximum", nn.GlobalMaxPool2D(), []float32{-1, 8}},
	} {
		model, err := nn.Build(nn.Sequential(c.pool, nn.Dense(2, nn.Init(nn.Dirac(nn.Zeros)))), []int{2, 2, 2}, nn.MeanSquaredError)
		if err != nil {
			t.Fatal(err)
		}
		if got := outputs(t, model, []float32{-1, 2, -2, 4, -3, 6, -4, 8}); !slices.Equal(got, c.want) {
			t.Errorf("global %s: %v, want %v", c.name, got, c.want)
		}
	}
}
