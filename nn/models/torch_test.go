package models_test

import (
	"encoding/json"
	"math"
	"os"
	"slices"
	"testing"

	"github.com/fallline/fallline"
	"github.com/fallline/fallline/nn"
	"github.com/fallline/fallline/nn/models"
	"github.com/fallline/fallline/vector"
)

// golden is what testdata/gen.py wrote of a network.
type golden struct {
	Shape         []int
	Rows, Batches int
	Smoothing     float64
	Loss          float64
	Parameters    []struct {
		Shape   []int
		Norm    float64
		Sums    []float64
		Float32 float64
	}
}

// torchNetworks are gen.py's.
var torchNetworks = map[string]nn.Layer{
	"mlp":       models.MLP(10, 512, 512),
	"lenet":     models.LeNet(10),
	"resnet9":   models.ResNet9(10),
	"resnet20":  models.ResNet20(10),
	"fastcifar": models.FastCIFAR(10, nil),
}

// frozenSalt is that of gen.py's frozen filters.
const frozenSalt = 999

// model is a network of gen.py's with its weights.
func (want golden) model(t *testing.T, net nn.Layer, options ...nn.Option) *nn.Model {
	t.Helper()
	m, err := nn.Build(net, want.Shape, nn.LabelSmoothing(want.Smoothing), options...)
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

// gradient is a model's loss and gradient on a batch of gen.py's.
func (want golden) gradient(t *testing.T, m *nn.Model, batch int) (float64, *vector.Vector) {
	t.Helper()
	b := randomBatch(m, want.Rows)
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

// TestGradientsEqualPyTorch holds the gradients of whole networks against PyTorch's: in float64 to 1e-9 of each
// parameter's norm, and in float32 no further from float64 than twice PyTorch's own float32 with direct convolutions,
// ten times with Winograd's method, in the median over several batches. The sets generic and sse2, which add up the
// terms of a product one after the other, may be three times as far in the MLP.
func TestGradientsEqualPyTorch(t *testing.T) {
	kernels, err := fallline.Kernels()
	if err != nil {
		t.Fatal(err)
	}
	vectors := kernels != "generic" && kernels != "sse2"
	data, err := os.ReadFile("testdata/gradients.json")
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]golden
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	for name, net := range torchNetworks {
		t.Run(name, func(t *testing.T) {
			want := all[name]
			double := want.model(t, net, nn.Float64())
			exact := make([]*vector.Vector, want.Batches)
			for batch := range exact {
				loss, g := want.gradient(t, double, batch)
				if batch == 0 {
					want.checkDouble(t, loss, g)
				}
				exact[batch] = g
			}
			factor := 2.0
			if !vectors && name == "mlp" {
				factor = 3
			}
			want.checkSingle(t, exact, want.model(t, net, nn.NoWinograd()), factor)
			if vectors { // the other sets have no Winograd
				want.checkSingle(t, exact, want.model(t, net), 10)
			}
		})
	}
}

func (want golden) checkDouble(t *testing.T, loss float64, g *vector.Vector) {
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

// checkSingle compares the distances of a float32 model's gradients from float64's with PyTorch's own.
func (want golden) checkSingle(t *testing.T, exact []*vector.Vector, m *nn.Model, factor float64) {
	t.Helper()
	distances := make([][]float64, len(want.Parameters)) // relative, of each batch
	for batch, g := range exact {
		_, rounded := want.gradient(t, m, batch)
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
