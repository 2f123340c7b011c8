package models_test

import (
	"encoding/json"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/fallline/fallline"
	"github.com/fallline/fallline/graph"
	"github.com/fallline/fallline/nn"
	"github.com/fallline/fallline/nn/models"
	"github.com/fallline/fallline/vector"
)

// golden is what testdata/gen.py wrote of a network.
type golden struct {
	Loss       float64
	Parameters []struct {
		Shape   []int
		Norm    float64
		Sums    []float64
		Float32 float64
	}
}

const torchBatch, torchBatches, frozenSalt = 2, 9, 999

var torchNetworks = map[string]struct {
	net  nn.Layer
	loss nn.Loss
}{
	"resnet9":   {models.ResNet9(10), nn.SoftmaxCrossEntropy},
	"resnet20":  {models.ResNet20(10), nn.SoftmaxCrossEntropy},
	"fastcifar": {models.FastCIFAR(10, nil), nn.LabelSmoothing(0.2)},
}

// hash is the 64 random bits for element i that gen.py computes too.
func hash(salt uint64, i int) uint64 {
	z := uint64(i+1)*0x9E3779B97F4A7C15 + salt*0xD1342543DE82EF95
	z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
	z = (z ^ z>>27) * 0x94D049BB133111EB
	return z ^ z>>31
}

func formula(salt uint64, n int, low, high float64) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = float64(hash(salt, i)>>40)/(1<<24)*(high-low) + low
	}
	return x
}

// fill gives range i of v the numbers of gen.py's fill.
func fill(v *vector.Vector, i int, salt uint64) {
	r := v.Ranges[i]
	low, high := -0.125, 0.125
	switch last := len(r.Shape) - 1; {
	case strings.HasSuffix(r.Name, ".scale"):
		low, high = 0.5, 1.5
	case last > 0:
		fanIn := (r.Hi - r.Lo) / r.Shape[last]
		high = math.Exp2(math.Floor(math.Log2(math.Sqrt(6 / float64(fanIn)))))
		low = -high
	}
	for j, x := range formula(salt, r.Hi-r.Lo, low, high) {
		v.Set(r.Lo+j, x)
	}
}

// torchModel is a network of gen.py's with its weights.
func torchModel(t *testing.T, name string, options ...nn.Option) *nn.Model {
	t.Helper()
	n := torchNetworks[name]
	m, err := nn.Build(n.net, []int{32, 32, 3}, n.loss, options...)
	if err != nil {
		t.Fatal(err)
	}
	for i := range m.Weights().Ranges {
		fill(m.Weights(), i, uint64(i+1))
	}
	if v := m.Frozen(); v != nil {
		fill(v, 0, frozenSalt)
	}
	return m
}

// torchGradient is a model's loss and gradient on a batch of gen.py's.
func torchGradient(t *testing.T, m *nn.Model, batch int) (float64, *vector.Vector) {
	t.Helper()
	b := graph.Batch{X: make([]float32, torchBatch*32*32*3), Labels: make([]int, torchBatch)}
	for i, x := range formula(1000+uint64(batch), len(b.X), -1, 1) {
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

func readGolden(t *testing.T) (all map[string]golden) {
	t.Helper()
	data, err := os.ReadFile("testdata/gradients.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

// TestGradientsEqualPyTorch holds the gradients of whole networks against PyTorch's: in float64 to 1e-9 of each parameter's norm, and in
// float32 no further from float64 than twice PyTorch's own float32 with direct convolutions, ten times with Winograd's method, in the
// median over several batches.
func TestGradientsEqualPyTorch(t *testing.T) {
	kernels, err := fallline.Kernels()
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range readGolden(t) {
		t.Run(name, func(t *testing.T) {
			double := torchModel(t, name, nn.Float64())
			exact := make([]*vector.Vector, torchBatches)
			for batch := range exact {
				loss, g := torchGradient(t, double, batch)
				if batch == 0 {
					checkDouble(t, want, loss, g)
				}
				exact[batch] = g
			}
			checkSingle(t, want, exact, torchModel(t, name, nn.NoWinograd()), 2)
			if kernels != "generic" { // which has no Winograd
				checkSingle(t, want, exact, torchModel(t, name), 10)
			}
		})
	}
}

func checkDouble(t *testing.T, want golden, loss float64, g *vector.Vector) {
	t.Helper()
	if d := math.Abs(loss - want.Loss); !(d <= 1e-12*loss) {
		t.Errorf("loss %v, PyTorch %v", loss, want.Loss)
	}
	if len(g.Ranges) != len(want.Parameters) {
		t.Fatalf("%d parameters, PyTorch %d", len(g.Ranges), len(want.Parameters))
	}
	for i, r := range g.Ranges {
		w := want.Parameters[i]
		if !slices.Equal(r.Shape, w.Shape) {
			t.Fatalf("%s has shape %v, PyTorch %v", r.Name, r.Shape, w.Shape)
		}
		if d := sumDistance(g.F64[r.Lo:r.Hi], w.Sums) / w.Norm; !(d <= 1e-9) {
			t.Errorf("%s: gradient %.2g of its norm from PyTorch's, want at most 1e-9", r.Name, d)
		}
	}
}

// sumDistance estimates the distance of a gradient from the one whose sums over random signs are given.
func sumDistance(g, sums []float64) float64 {
	off := make([]float64, len(sums))
	for i, x := range g {
		signs := hash(2000, i)
		for j := range off {
			if signs>>j&1 == 0 {
				off[j] -= x
			} else {
				off[j] += x
			}
		}
	}
	total := 0.0
	for j, want := range sums {
		total += (off[j] - want) * (off[j] - want)
	}
	return math.Sqrt(total / float64(len(sums)))
}

// checkSingle compares the distances of a float32 model's gradients from float64's with PyTorch's own.
func checkSingle(t *testing.T, want golden, exact []*vector.Vector, m *nn.Model, factor float64) {
	t.Helper()
	distances := make([][]float64, len(want.Parameters)) // relative, of each batch
	for batch, g := range exact {
		_, rounded := torchGradient(t, m, batch)
		for i, r := range g.Ranges {
			d, norm, at := 0.0, 0.0, rounded.Ranges[i].Lo
			for j, x := range g.F64[r.Lo:r.Hi] {
				e := float64(rounded.F32[at+j]) - x
				d += e * e
				norm += x * x
			}
			distances[i] = append(distances[i], math.Sqrt(d/norm))
		}
	}
	for i, r := range m.Weights().Ranges {
		slices.Sort(distances[i])
		d, torch := distances[i][len(exact)/2], want.Parameters[i].Float32
		if !(d <= factor*torch) {
			t.Errorf("%s: float32 gradient %.3g of its norm from float64's, PyTorch's own %.3g, want at most %v times that", r.Name, d, torch, factor)
		}
	}
}
