package nn_test

import (
	"math"
	"slices"
	"testing"

	"github.com/fallline/fallline/nn"
	"gorgonia.org/gorgonia"
)

// start builds a model with one weight and returns its starting numbers.
func start(t *testing.T, init nn.Initializer, shape []int, options ...nn.Option) []float64 {
	t.Helper()
	layer := nn.Func("scale", func(c *nn.Context, x *gorgonia.Node) (*gorgonia.Node, error) {
		w, err := c.Weight("w", init, shape...)
		if err != nil {
			return nil, err
		}
		sum, err := gorgonia.Sum(w)
		if err != nil {
			return nil, err
		}
		return gorgonia.HadamardProd(x, sum)
	})
	m, err := nn.Build(layer, []int{3}, nn.MeanSquaredError, append([]nn.Option{nn.Float64()}, options...)...)
	if err != nil {
		t.Fatal(err)
	}
	return m.Weights().F64[:m.Parameters()]
}

// TestInitializers checks the first two moments and the range of each initializer against its definition.
func TestInitializers(t *testing.T) {
	dense, conv := []int{300, 200}, []int{5, 4, 30, 100}
	for _, c := range []struct {
		name            string
		init            nn.Initializer
		shape           []int
		mean, deviation float64
		bound           float64 // of the distance from the mean
	}{
		{"He dense", nn.He, dense, 0, math.Sqrt(2.0 / 300), math.Inf(1)},
		{"He conv2d", nn.He, conv, 0, math.Sqrt(2.0 / 600), math.Inf(1)},
		{"He vector", nn.He, []int{50000}, 0, math.Sqrt(2.0 / 50000), math.Inf(1)},
		{"HeUniform dense", nn.HeUniform, dense, 0, math.Sqrt(2.0 / 300), math.Sqrt(6.0 / 300)},
		{"HeUniform conv2d", nn.HeUniform, conv, 0, math.Sqrt(2.0 / 600), math.Sqrt(6.0 / 600)},
		{"Glorot dense", nn.Glorot, dense, 0, math.Sqrt(2.0 / 500), math.Sqrt(6.0 / 500)},
		{"Glorot conv2d", nn.Glorot, conv, 0, math.Sqrt(2.0 / 2600), math.Sqrt(6.0 / 2600)},
		{"GlorotNormal dense", nn.GlorotNormal, dense, 0, math.Sqrt(2.0 / 500), math.Inf(1)},
		{"FanInUniform conv2d", nn.FanInUniform, conv, 0, math.Sqrt(1.0 / 1800), math.Sqrt(1.0 / 600)},
		{"FanInUniform dense", nn.FanInUniform, dense, 0, math.Sqrt(1.0 / 900), math.Sqrt(1.0 / 300)},
		{"Uniform", nn.Uniform(1, 3), dense, 2, 1 / math.Sqrt(3), 1},
		{"Normal", nn.Normal(0.5), dense, 0, 0.5, math.Inf(1)},
		{"Zeros", nn.Zeros, dense, 0, 0, 0},
		{"Ones", nn.Ones, dense, 1, 0, 0},
	} {
		w := start(t, c.init, c.shape, nn.Seed(5))
		mean, square, farthest := 0.0, 0.0, 0.0
		for _, x := range w {
			mean += x / float64(len(w))
			square += (x - c.mean) * (x - c.mean) / float64(len(w))
			farthest = max(farthest, math.Abs(x-c.mean))
		}
		// Five standard errors of the mean and of the deviation.
		slack := 5*c.deviation/math.Sqrt(float64(len(w))) + 1e-9
		if d := math.Abs(mean - c.mean); d > slack {
			t.Errorf("%s: mean %v, want %v", c.name, mean, c.mean)
		}
		if d := math.Abs(math.Sqrt(square) - c.deviation); d > slack {
			t.Errorf("%s: deviation %v, want %v", c.name, math.Sqrt(square), c.deviation)
		}
		if farthest > c.bound || !math.IsInf(c.bound, 1) && farthest < 0.99*c.bound {
			t.Errorf("%s: farthest number %v from the mean, want about %v", c.name, farthest, c.bound)
		}
	}
}

// TestDirac: the first filters pass on a channel each from the window's centre, the others start as they would without.
func TestDirac(t *testing.T) {
	for _, shape := range [][]int{{3, 3, 2, 5}, {3, 3, 5, 2}, {2, 4, 3, 3}, {1, 1, 2, 4}, {4, 6}, {6, 4}} {
		got, rest := start(t, nn.Dirac(nn.He), shape, nn.Seed(5)), start(t, nn.He, shape, nn.Seed(5))
		last := len(shape) - 1
		in, out := shape[last-1], shape[last]
		centre := 0
		if len(shape) == 4 {
			centre = shape[0]/2*shape[1] + shape[1]/2
		}
		for i, v := range got {
			cell, c, k := i/(in*out), i/out%in, i%out
			want := rest[i]
			if k < min(in, out) {
				want = 0
				if cell == centre && c == k {
					want = 1
				}
			}
			if v != want {
				t.Errorf("%v: cell %d, input %d, output %d is %v, want %v", shape, cell, c, k, v, want)
			}
		}
	}
	if got, want := start(t, nn.Dirac(nn.Ones), []int{3}), []float64{1, 1, 1}; !slices.Equal(got, want) {
		t.Errorf("a vector starts as %v, want %v", got, want)
	}
}

// TestDiracPasses: a convolution that starts so gives its image back.
func TestDiracPasses(t *testing.T) {
	m, err := nn.Build(nn.Conv2D(3, 3, nn.Same(), nn.Init(nn.Dirac(nn.He))), []int{4, 5, 3}, nn.MeanSquaredError)
	if err != nil {
		t.Fatal(err)
	}
	x := randomBatch(m, 2, 1).X
	y, err := m.Outputs(x)
	if err != nil {
		t.Fatal(err)
	}
	for i := range x {
		if math.Abs(float64(y[i]-x[i])) > 1e-5 {
			t.Fatalf("element %d: %v, want %v", i, y[i], x[i])
		}
	}
}

// TestSeed checks that starting numbers are a function of the seed and the weight's name.
func TestSeed(t *testing.T) {
	build := func(net nn.Layer, options ...nn.Option) *nn.Model {
		m, err := nn.Build(net, []int{6}, nn.SoftmaxCrossEntropy, options...)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	net := nn.Sequential(nn.Dense(6), nn.ReLU(), nn.Dense(6))
	m := build(net, nn.Seed(7))
	if !slices.Equal(m.Weights().F32, build(net, nn.Seed(7)).Weights().F32) {
		t.Error("the same seed gives other numbers")
	}
	if slices.Equal(m.Weights().F32, build(net, nn.Seed(8)).Weights().F32) {
		t.Error("another seed gives the same numbers")
	}
	w := m.Weights()
	first, _ := w.Find("dense1.weight")
	second, _ := w.Find("dense2.weight")
	if slices.Equal(w.F32[first.Lo:first.Hi], w.F32[second.Lo:second.Hi]) {
		t.Error("two weights of a shape start equal")
	}
	more := build(nn.Sequential(nn.Dense(6), nn.Tanh(), nn.Dropout(0.5), nn.Dense(6)), nn.Seed(7))
	if !slices.Equal(w.F32, more.Weights().F32) {
		t.Error("a layer without weights changes the others' numbers")
	}
	wide := build(net, nn.Seed(7), nn.Float64()).Weights()
	for i, r := range w.Ranges {
		for j := range r.Hi - r.Lo {
			if a, b := w.F32[r.Lo+j], wide.F64[wide.Ranges[i].Lo+j]; a != float32(b) {
				t.Fatalf("%s[%d]: %v in float32, %v in float64", r.Name, j, a, b)
			}
		}
	}
}
