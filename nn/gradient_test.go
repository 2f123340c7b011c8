package nn_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/fallline/fallline/batch"
	"github.com/fallline/fallline/nn"
	"gorgonia.org/gorgonia"
)

// layerCases are networks that between them hold every layer, with a layer of weights in front of it, so that its
// gradient with respect to its input is checked too.
var layerCases = []struct {
	name  string
	net   nn.Layer
	shape []int
}{
	{"dense", nn.Sequential(nn.Dense(5), nn.Dense(3)), []int{4}},
	{"dense without bias", nn.Sequential(nn.Dense(5), nn.Dense(3, nn.NoBias())), []int{4}},
	{"conv2d", nn.Sequential(nn.Conv2D(3, 2), nn.Conv2D(2, 3)), []int{6, 5, 2}},
	{"conv2d strided, padded", nn.Sequential(nn.Conv2D(3, 1), nn.Conv2D(2, 3, nn.Stride(2), nn.Pad(1), nn.NoBias())), []int{5, 4, 2}},
	{"conv2d same", nn.Sequential(nn.Conv2D(2, 3, nn.Same()), nn.Conv2D(2, 5, nn.Same())), []int{4, 5, 1}},
	{"conv2d relu", nn.Sequential(nn.Conv2D(2, 3, nn.Same()), nn.ReLU(), nn.Conv2D(2, 3)), []int{5, 5, 1}},
	{"conv2d relu maxpool2d", nn.Sequential(nn.Conv2D(2, 3), nn.ReLU(), nn.MaxPool2D(2), nn.Conv2D(2, 1)), []int{6, 6, 1}},
	{"maxpool2d", nn.Sequential(nn.Conv2D(2, 1), nn.MaxPool2D(2)), []int{5, 4, 2}},
	{"maxpool2d overlapping, padded", nn.Sequential(nn.Conv2D(2, 1), nn.MaxPool2D(3, nn.Stride(2), nn.Same())), []int{5, 6, 2}},
	{"globalmaxpool2d", nn.Sequential(nn.Conv2D(2, 1), nn.GlobalMaxPool2D(), nn.Dense(2)), []int{4, 3, 2}},
	{"globalavgpool2d", nn.Sequential(nn.Conv2D(2, 1), nn.GlobalAvgPool2D(), nn.Dense(2)), []int{4, 3, 2}},
	{"conv2d direct", nn.Sequential(nn.Conv2D(2, 1), nn.Conv2D(2, 3, nn.Same(), nn.Direct())), []int{4, 4, 1}},
	{"avgpool2d", nn.Sequential(nn.Conv2D(2, 1), nn.AvgPool2D(2)), []int{4, 5, 2}},
	{"avgpool2d overlapping, padded", nn.Sequential(nn.Conv2D(2, 1), nn.AvgPool2D(3, nn.Stride(2), nn.Pad(1))), []int{5, 6, 2}},
	{"batchnorm of images", nn.Sequential(nn.Conv2D(3, 2), nn.BatchNorm()), []int{3, 4, 2}},
	{"batchnorm of vectors", nn.Sequential(nn.Dense(4), nn.BatchNorm(), nn.Dense(3)), []int{3}},
	{"batchnorm relu", nn.Sequential(nn.Dense(4), nn.BatchNorm(), nn.ReLU(), nn.Dense(3)), []int{3}},
	{"batchnorm without scale", nn.Sequential(nn.Conv2D(3, 2), nn.BatchNorm(nn.NoScale(), nn.Epsilon(0.1)), nn.GELU()), []int{3, 4, 2}},
	{"dropout", nn.Sequential(nn.Dense(8), nn.Dropout(0.4), nn.Dense(3)), []int{4}},
	{"relu", nn.Sequential(nn.Dense(6), nn.ReLU(), nn.Dense(2)), []int{3}},
	{"sigmoid", nn.Sequential(nn.Dense(6), nn.Sigmoid(), nn.Dense(2)), []int{3}},
	{"tanh", nn.Sequential(nn.Dense(6), nn.Tanh(), nn.Dense(2)), []int{3}},
	{"gelu", nn.Sequential(nn.Dense(6), nn.GELU(), nn.Dense(2)), []int{3}},
	{"scale", nn.Sequential(nn.Dense(6), nn.Scale(-0.3), nn.Dense(2)), []int{3}},
	{"concat", nn.Sequential(nn.Dense(4), nn.Concat(nn.Dense(2), nn.Sequential(), nn.Sequential(nn.Dense(3), nn.GELU())), nn.Dense(2)), []int{3}},
	{"concat of images", nn.Sequential(nn.Conv2D(2, 1), nn.Concat(nn.Conv2D(3, 3, nn.Same()), nn.MaxPool2D(3, nn.Stride(1), nn.Same()))), []int{4, 3, 2}},
	{"add", nn.Sequential(nn.Dense(4), nn.Add(nn.Dense(3), nn.Sequential(nn.Dense(3), nn.Tanh()), nn.Dense(3)), nn.Dense(2)), []int{3}},
	{"add with a strided shortcut", nn.Sequential(nn.Conv2D(2, 1), nn.Add(
		nn.Sequential(nn.Conv2D(3, 3, nn.Same(), nn.Stride(2)), nn.GELU(), nn.Conv2D(3, 3, nn.Same())),
		nn.Conv2D(3, 1, nn.Stride(2), nn.NoBias()),
	), nn.ReLU(), nn.GlobalAvgPool2D()), []int{5, 4, 2}},
	{"frozen between", nn.Sequential(nn.Dense(4), nn.Freeze(nn.Sequential(nn.Dense(5), nn.BatchNorm())), nn.Dense(2)), []int{3}},
	{"whiten", nn.Sequential(nn.Whiten(2, nil, 0.1), nn.GELU(), nn.Conv2D(2, 2)), []int{4, 3, 2}},
	{"flatten", nn.Sequential(nn.Conv2D(2, 2), nn.Flatten(), nn.Dense(3)), []int{3, 3, 1}},
	{"residual", nn.Sequential(nn.Dense(4), nn.Residual(nn.Dense(5), nn.Tanh(), nn.Dense(4)), nn.ReLU(), nn.Dense(2)), []int{3}},
	{"residual of nothing", nn.Sequential(nn.Dense(4), nn.Residual()), []int{3}},
	{"residual of images", nn.Sequential(
		nn.Conv2D(3, 3, nn.Same()),
		nn.Residual(nn.Conv2D(3, 3, nn.Same(), nn.NoBias()), nn.BatchNorm(), nn.ReLU(), nn.Conv2D(3, 3, nn.Same())),
	), []int{4, 4, 2}},
	{"sequential in sequential", nn.Sequential(nn.Dense(3), nn.Sequential(nn.Tanh(), nn.Dense(4)), nn.Dense(2)), []int{3}},
	{"own layer of layers", nn.Sequential(nn.Dense(4), highway{h: nn.Dense(4), t: nn.Dense(4)}, nn.Dense(2)), []int{3}},
	{"func", nn.Sequential(nn.Dense(3), square(), nn.Dense(2)), []int{3}},
}

// square is a layer made of a stock Gorgonia op.
func square() nn.Layer {
	return nn.Func("square", func(_ *nn.Context, x *gorgonia.Node) (*gorgonia.Node, error) { return gorgonia.HadamardProd(x, x) })
}

// randomBatch makes a batch for a model, with labels or targets as it wants.
func randomBatch(m *nn.Model, rows int, seed uint64) batch.Batch {
	r := rand.New(rand.NewPCG(seed, 1))
	numbers := func(shape []int) []float32 {
		n := rows
		for _, d := range shape {
			n *= d
		}
		x := make([]float32, n)
		for i := range x {
			x[i] = float32(r.NormFloat64())
		}
		return x
	}
	b := batch.Batch{X: numbers(m.InputShape()), Draw: 3}
	if m.Classes() == 0 {
		b.Targets = numbers(m.OutputShape())
		return b
	}
	b.Labels = make([]int, rows)
	for i := range b.Labels {
		b.Labels[i] = r.IntN(m.Classes())
	}
	return b
}

// perturb moves every weight a little, so that no bias is 0 and no scale 1.
func perturb(m *nn.Model) {
	r := rand.New(rand.NewPCG(9, 9))
	w := m.Weights()
	for _, a := range w.Ranges {
		for i := a.Lo; i < a.Hi; i++ {
			w.Set(i, w.At(i)+0.1*r.NormFloat64())
		}
	}
}

// TestGradient compares each layer's gradient, as a model computes it, with central differences of the model's loss.
func TestGradient(t *testing.T) {
	for _, c := range layerCases {
		t.Run(c.name, func(t *testing.T) {
			m, err := nn.Build(c.net, c.shape, nn.MeanSquaredError, nn.Seed(4), nn.Float64())
			if err != nil {
				t.Fatal(err)
			}
			perturb(m)
			checkGradient(t, m, randomBatch(m, 5, 2))
		})
	}
	for name, loss := range map[string]nn.Loss{"softmax cross-entropy": nn.SoftmaxCrossEntropy, "label smoothing": nn.LabelSmoothing(0.2)} {
		t.Run(name, func(t *testing.T) {
			m, err := nn.Build(nn.Dense(4), []int{3}, loss, nn.Seed(4), nn.Float64())
			if err != nil {
				t.Fatal(err)
			}
			checkGradient(t, m, randomBatch(m, 5, 2))
		})
	}
}

func checkGradient(t *testing.T, m *nn.Model, b batch.Batch) {
	t.Helper()
	w := m.Weights().Clone()
	g := w.Like()
	loss, err := m.Gradient(w, g, b)
	if err != nil {
		t.Fatal(err)
	}
	at := func(i int, x float64) float64 {
		defer func(old float64) { w.F64[i] = old }(w.F64[i])
		w.F64[i] = x
		f, err := m.Gradient(w, nil, b)
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	if f := at(0, w.F64[0]); f != loss {
		t.Errorf("loss %v with the gradient, %v without", loss, f)
	}
	const h = 1e-5
	for _, r := range g.Ranges {
		for i := r.Lo; i < r.Hi; i++ {
			want := (at(i, w.F64[i]+h) - at(i, w.F64[i]-h)) / (2 * h)
			if d := math.Abs(g.F64[i] - want); !(d <= 1e-8*(1+math.Abs(want))) {
				t.Errorf("%s[%d]: gradient %v, difference quotient %v", r.Name, i-r.Lo, g.F64[i], want)
			}
		}
	}
}
