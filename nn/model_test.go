package nn_test

import (
	"math"
	"slices"
	"testing"

	"github.com/fallline/fallline/nn"
	"github.com/fallline/fallline/vector"
)

// everything is a small network with a layer of each kind.
func everything() nn.Layer {
	return nn.Sequential(
		nn.Conv2D(4, 3, nn.Same(), nn.NoBias()), nn.BatchNorm(), nn.ReLU(), nn.MaxPool2D(2),
		nn.Residual(nn.Conv2D(4, 3, nn.Same()), nn.Tanh()), nn.AvgPool2D(2, nn.Stride(1)),
		nn.Flatten(), nn.Dropout(0.3), nn.Dense(6), nn.Sigmoid(), nn.Named("head", nn.Dense(3)),
	)
}

func buildEverything(t testing.TB, options ...nn.Option) *nn.Model {
	t.Helper()
	m, err := nn.Build(everything(), []int{6, 6, 2}, nn.SoftmaxCrossEntropy, append([]nn.Option{nn.Seed(2)}, options...)...)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// descend takes a few steps of plain gradient descent with moving statistics.
func descend(t testing.TB, m *nn.Model, steps int) {
	t.Helper()
	g := m.Weights().Like()
	for i := range steps {
		b := randomBatch(m, 7, uint64(i))
		b.Draw, b.MoveStats = uint64(i), true
		if _, err := m.Gradient(m.Weights(), g, b); err != nil {
			t.Fatal(err)
		}
		m.Weights().Axpy(-0.1, g)
	}
}

func TestSummary(t *testing.T) {
	const want = `layer               output   parameters
input               6x6x2
conv2d1             6x6x4            72
batchnorm1          6x6x4             8
relu1               6x6x4
maxpool2d1          3x3x4
residual1.conv2d1   3x3x4           148
residual1.tanh1     3x3x4
residual1           3x3x4
avgpool2d1          2x2x4
flatten1            16
dropout1            16
dense1              6               102
sigmoid1            6
head                3                21
total                               351
`
	m := buildEverything(t)
	if got := m.Summary(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	var names []string
	groups := map[string]string{}
	for _, r := range m.Weights().Ranges {
		names = append(names, r.Name)
		groups[r.Name] = r.Group
	}
	if want := []string{
		"conv2d1.weight", "batchnorm1.scale", "batchnorm1.shift", "residual1.conv2d1.weight", "residual1.conv2d1.bias",
		"dense1.weight", "dense1.bias", "head.weight", "head.bias",
	}; !slices.Equal(names, want) {
		t.Errorf("weights %v, want %v", names, want)
	}
	for name, want := range map[string]string{"conv2d1.weight": "weight", "batchnorm1.shift": "norm", "head.bias": "bias"} {
		if groups[name] != want {
			t.Errorf("%s in group %q, want %q", name, groups[name], want)
		}
	}
	if m.Parameters() != 351 || m.Classes() != 3 || !slices.Equal(m.InputShape(), []int{6, 6, 2}) || !slices.Equal(m.OutputShape(), []int{3}) {
		t.Errorf("%d parameters, %d classes, shapes %v and %v", m.Parameters(), m.Classes(), m.InputShape(), m.OutputShape())
	}
}

// TestShapes checks each layer's output shape.
func TestShapes(t *testing.T) {
	for _, c := range []struct {
		net      nn.Layer
		in, want []int
	}{
		{nn.Dense(7), []int{3}, []int{7}},
		{nn.Conv2D(5, 3), []int{7, 6, 2}, []int{5, 4, 5}},
		{nn.Conv2D(5, 3, nn.Pad(2)), []int{7, 6, 2}, []int{9, 8, 5}},
		{nn.Conv2D(5, 3, nn.Stride(2)), []int{7, 6, 2}, []int{3, 2, 5}},
		{nn.Conv2D(5, 5, nn.Same()), []int{7, 6, 2}, []int{7, 6, 5}},
		{nn.Conv2D(5, 3, nn.Same(), nn.Stride(2)), []int{7, 6, 2}, []int{4, 3, 5}},
		{nn.Conv2D(5, 3, nn.Same(), nn.Pad(0)), []int{7, 6, 2}, []int{5, 4, 5}}, // the last one counts
		{nn.Conv2D(5, 3, nn.Pad(0), nn.Same()), []int{7, 6, 2}, []int{7, 6, 5}},
		{nn.Sequential(nn.BatchNorm(), nn.MaxPool2D(2)), []int{7, 6, 2}, []int{3, 3, 2}},
		{nn.Sequential(nn.BatchNorm(), nn.MaxPool2D(3, nn.Stride(1), nn.Pad(1))), []int{7, 6, 2}, []int{7, 6, 2}},
		{nn.Sequential(nn.BatchNorm(), nn.AvgPool2D(3)), []int{7, 6, 2}, []int{2, 2, 2}},
		{nn.Sequential(nn.BatchNorm(), nn.Flatten()), []int{7, 6, 2}, []int{84}},
		{nn.Sequential(nn.BatchNorm(), nn.Flatten()), []int{5}, []int{5}},
	} {
		m, err := nn.Build(c.net, c.in, nn.MeanSquaredError)
		if err != nil {
			t.Errorf("%T of %v: %v", c.net, c.in, err)
			continue
		}
		if got := m.OutputShape(); !slices.Equal(got, c.want) {
			t.Errorf("output of shape %v, want %v", got, c.want)
		}
		b := randomBatch(m, 3, 1)
		if n := len(outputs(t, m, b.X)); n != len(b.Targets) {
			t.Errorf("%d numbers put out for shape %v, want %d", n, c.want, len(b.Targets))
		}
	}
}

func TestSameSeedSameBits(t *testing.T) {
	for _, option := range []nn.Option{nn.Seed(2), nn.Float64()} {
		a, b := buildEverything(t, option), buildEverything(t, option)
		descend(t, a, 5)
		descend(t, b, 5)
		if !slices.Equal(a.Weights().F32, b.Weights().F32) || !slices.Equal(a.Weights().F64, b.Weights().F64) {
			t.Error("the same steps from the same seed end at other weights")
		}
	}
}

// TestFloat32FollowsFloat64 checks that the two types of number compute the same network.
func TestFloat32FollowsFloat64(t *testing.T) {
	single, double := buildEverything(t), buildEverything(t, nn.Float64())
	if single.Weights().Type() != vector.Float32 || double.Weights().Type() != vector.Float64 {
		t.Fatalf("weights of %v and %v", single.Weights().Type(), double.Weights().Type())
	}
	b := randomBatch(single, 20, 4)
	g, h := single.Weights().Like(), double.Weights().Like()
	f, err := single.Gradient(single.Weights(), g, b)
	if err != nil {
		t.Fatal(err)
	}
	want, err := double.Gradient(double.Weights(), h, b)
	if err != nil {
		t.Fatal(err)
	}
	if d := f - want; !(d < 1e-5 && d > -1e-5) {
		t.Errorf("loss %v in float32, %v in float64", f, want)
	}
	for i, r := range g.Ranges {
		s := h.Ranges[i]
		if d := distance(h.F64[s.Lo:s.Hi], g.F32[r.Lo:r.Hi]); !(d < 1e-5) {
			t.Errorf("%s: gradients %v apart", r.Name, d)
		}
	}
}

func distance(a []float64, b []float32) float64 {
	s := 0.0
	for i := range a {
		d := a[i] - float64(b[i])
		s += d * d
	}
	return math.Sqrt(s)
}
