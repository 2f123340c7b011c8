package nn_test

import (
	"encoding/json"
	"math"
	"os"
	"testing"

	"github.com/fallline/fallline"
	"github.com/fallline/fallline/graph"
	"github.com/fallline/fallline/nn"
	"github.com/fallline/fallline/vector"
	"gonum.org/v1/gonum/floats"
)

// golden is what testdata/gen.py wrote of a network.
type golden struct {
	Loss       float64
	Parameters map[string]struct {
		Norm    float64
		Sums    []float64
		Float32 float64
	}
}

// torchNetworks are gen.py's networks: of each layer with weights its place among all layers, which gives the salts, and the scale.
var torchNetworks = map[string]struct {
	net    nn.Layer
	shape  []int
	layers []formulaLayer
}{
	"mlp": {mlp(), []int{784}, []formulaLayer{{"dense1", 0, 0.125}, {"dense2", 2, 0.125}, {"dense3", 4, 0.125}}},
	"lenet": {lenet(), []int{28, 28, 1}, []formulaLayer{
		{"conv2d1", 0, 0.5}, {"conv2d2", 3, 0.125}, {"dense1", 7, 0.125}, {"dense2", 9, 0.125},
	}},
}

type formulaLayer struct {
	name  string
	place uint64
	scale float64
}

// bits gives the 24 random bits for element i that gen.py computes too.
func bits(salt uint64, i int) float64 {
	z := uint64(i+1)*0x9E3779B97F4A7C15 + salt*0xD1342543DE82EF95
	z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
	z = (z ^ z>>27) * 0x94D049BB133111EB
	z ^= z >> 31
	return float64(z >> 40)
}

func formula(salt uint64, n int, low, high float64) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = bits(salt, i)/(1<<24)*(high-low) + low
	}
	return x
}

// setWeights gives a model the weights of the formula.
func setWeights(t *testing.T, v *vector.Vector, layers []formulaLayer) {
	t.Helper()
	set := func(name string, salt uint64, scale float64) {
		r, ok := v.Find(name)
		if !ok {
			t.Fatalf("no weight %s", name)
		}
		for i, x := range formula(salt, r.Hi-r.Lo, -scale, scale) {
			if v.F64 != nil {
				v.F64[r.Lo+i] = x
			} else {
				v.F32[r.Lo+i] = float32(x)
			}
		}
	}
	for _, l := range layers {
		set(l.name+".weight", 2*l.place+1, l.scale)
		set(l.name+".bias", 2*l.place+2, 0.125)
	}
}

const torchBatch, torchBatches = 16, 16

// torchModel is a network of gen.py's with its weights.
func torchModel(t *testing.T, name string, options ...nn.Option) *nn.Model {
	t.Helper()
	n := torchNetworks[name]
	m, err := nn.Build(n.net, n.shape, nn.SoftmaxCrossEntropy, options...)
	if err != nil {
		t.Fatal(err)
	}
	setWeights(t, m.Weights(), n.layers)
	return m
}

// torchGradient is a model's loss and gradient on a batch of gen.py's.
func torchGradient(t *testing.T, m *nn.Model, batch int) (float64, *vector.Vector) {
	t.Helper()
	b := graph.Batch{X: make([]float32, torchBatch*784), Labels: make([]int, torchBatch)}
	for i, x := range formula(1000+uint64(batch), len(b.X), 0, 1) {
		b.X[i] = float32(x)
	}
	for i := range b.Labels {
		b.Labels[i] = 7 * i % 10
	}
	g := m.Weights().Like()
	loss, err := m.Gradient(m.Weights(), g, b)
	if err != nil {
		t.Fatal(err)
	}
	return loss, g
}

// TestGradientsEqualPyTorch holds the gradients of two whole networks against PyTorch's: in float64 to 1e-9 of each parameter's
// norm, and in float32 no further from float64 than twice PyTorch's own float32.
func TestGradientsEqualPyTorch(t *testing.T) {
	data, err := os.ReadFile("testdata/gradients.json")
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]golden
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	factor := 2.0
	if kernels, _ := fallline.Kernels(); kernels == "generic" {
		factor = 4
	}
	for name := range torchNetworks {
		t.Run(name, func(t *testing.T) {
			want := all[name]
			double, single := torchModel(t, name, nn.Float64()), torchModel(t, name)
			square := map[string]float64{} // of the relative distances between float32 and float64, in the mean
			for batch := range torchBatches {
				loss, exact := torchGradient(t, double, batch)
				_, rounded := torchGradient(t, single, batch)
				if batch == 0 {
					checkDouble(t, want, loss, exact)
				}
				for i, r := range exact.Ranges {
					g, s := exact.F64[r.Lo:r.Hi], rounded.Ranges[i]
					d := distance(g, rounded.F32[s.Lo:s.Hi]) / floats.Norm(g, 2)
					square[r.Name] += d * d / torchBatches
				}
			}
			for name, d := range square {
				if d, torch := math.Sqrt(d), want.Parameters[name].Float32; !(d <= factor*torch) {
					t.Errorf("%s: float32 gradient %.3g of its norm from float64's, PyTorch's own %.3g", name, d, torch)
				}
			}
		})
	}
}

func checkDouble(t *testing.T, want golden, loss float64, g *vector.Vector) {
	t.Helper()
	if d := math.Abs(loss - want.Loss); !(d <= 1e-12*loss) {
		t.Errorf("loss %v, PyTorch %v", loss, want.Loss)
	}
	if got := len(g.Ranges); got != len(want.Parameters) {
		t.Errorf("%d parameters, PyTorch %d", got, len(want.Parameters))
	}
	for _, r := range g.Ranges {
		w := want.Parameters[r.Name]
		if d := sumDistance(g.F64[r.Lo:r.Hi], w.Sums) / w.Norm; !(d <= 1e-9) {
			t.Errorf("%s: gradient %.2g of its norm from PyTorch's, want at most 1e-9", r.Name, d)
		}
	}
}

// sumDistance estimates the distance of a gradient from the one whose sums over random signs are given.
func sumDistance(g, sums []float64) float64 {
	total := 0.0
	for j, want := range sums {
		s := 0.0
		for i, x := range g {
			if bits(2000+uint64(j), i) < 1<<23 {
				x = -x
			}
			s += x
		}
		total += (s - want) * (s - want)
	}
	return math.Sqrt(total / float64(len(sums)))
}
