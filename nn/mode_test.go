package nn_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/fallline/fallline/batch"
	"github.com/fallline/fallline/nn"
	"gorgonia.org/gorgonia"
)

// loss runs the training graph.
func loss(t *testing.T, m *nn.Model, b batch.Batch) float64 {
	t.Helper()
	f, err := m.Gradient(m.Weights(), nil, b)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// outputs runs the evaluation graph.
func outputs(t *testing.T, m *nn.Model, x []float32) []float32 {
	t.Helper()
	y, err := m.Outputs(x)
	if err != nil {
		t.Fatal(err)
	}
	return y
}

// meanOutput is a loss that shows what the network puts out: the mean of output − target.
func meanOutput(c *nn.Context, y *gorgonia.Node) (*gorgonia.Node, error) {
	target, err := c.Targets(c.Shape(y)...)
	if err != nil {
		return nil, err
	}
	d, err := gorgonia.Sub(y, target)
	if err != nil {
		return nil, err
	}
	return gorgonia.Mean(d)
}

// TestDropoutModes checks on a network that adds up its input: in training each number is dropped or scaled up, in
// evaluation nothing happens.
func TestDropoutModes(t *testing.T) {
	const p, n = 0.25, 4096
	net := nn.Sequential(nn.Dropout(p), nn.Dense(1, nn.NoBias(), nn.Init(nn.Ones)))
	m, err := nn.Build(net, []int{n}, meanOutput, nn.Seed(3), nn.Float64())
	if err != nil {
		t.Fatal(err)
	}
	x := make([]float32, 2*n)
	for i := range x {
		x[i] = 1
	}
	if y := outputs(t, m, x); y[0] != n || y[1] != n {
		t.Errorf("evaluation: sums %v of %d ones", y, n)
	}
	b := batch.Batch{X: x, Targets: make([]float32, 2)}
	first := loss(t, m, b)
	if d := math.Abs(first - n); d > 5*math.Sqrt(n*p/(1-p)/2) || d == 0 {
		t.Errorf("training: mean sum %v of %d ones", first, n)
	}
	if kept := first * 2 * (1 - p); math.Abs(kept-math.Round(kept)) > 1e-6 {
		t.Errorf("training: the kept numbers are not all scaled by 1/(1−p): %v", first)
	}
	if again := loss(t, m, b); again != first {
		t.Errorf("the same draw: loss %v, then %v", first, again)
	}
	b.Draw = 1
	if other := loss(t, m, b); other == first {
		t.Error("another draw gives the same mask")
	}
}

// TestDropoutStreams: another seed, and another layer of the same model, drop other numbers.
func TestDropoutStreams(t *testing.T) {
	ones := nn.Dense(64, nn.NoBias(), nn.Init(func(_ *rand.Rand, shape []int, w []float64) {
		for i := range shape[0] {
			w[i*shape[1]+i] = 1
		}
	}))
	x := make([]float32, 64)
	for i := range x {
		x[i] = float32(i + 1) // so that a sum tells what was kept
	}
	sum := func(seed uint64, layers ...nn.Layer) float64 {
		m, err := nn.Build(nn.Sequential(append([]nn.Layer{ones}, layers...)...), []int{64}, meanOutput, nn.Seed(seed), nn.Float64())
		if err != nil {
			t.Fatal(err)
		}
		return loss(t, m, batch.Batch{X: x, Targets: make([]float32, 64)})
	}
	drop := nn.Dropout(0.5)
	once := sum(1, drop)
	if other := sum(2, drop); other == once {
		t.Errorf("seeds 1 and 2: mean %v of what is kept", once)
	}
	if twice := sum(1, drop, drop); twice == 2*once { // as it is where both keep the same numbers
		t.Errorf("two layers drop the same numbers: mean %v, of one layer %v", twice, once)
	}
}

// TestDropoutFollowsTheExample checks that a mask goes with the example's index, not with its place in a batch.
func TestDropoutFollowsTheExample(t *testing.T) {
	net := nn.Sequential(nn.Dense(16), nn.Dropout(0.5), nn.Dense(16), nn.Dropout(0.5), nn.Dense(3))
	m, err := nn.Build(net, []int{4}, nn.SoftmaxCrossEntropy, nn.Seed(3), nn.Float64())
	if err != nil {
		t.Fatal(err)
	}
	b := randomBatch(m, 6, 1)
	b.Index = []int32{10, 3, 77, 4, 5, 0}
	mean := 0.0
	for _, i := range []int{4, 2, 0, 1, 5, 3} {
		one := batch.Batch{X: b.X[4*i : 4*i+4], Labels: b.Labels[i : i+1], Index: b.Index[i : i+1], Draw: b.Draw}
		mean += loss(t, m, one) / 6
	}
	if whole := loss(t, m, b); math.Abs(whole-mean) > 1e-12 {
		t.Errorf("loss %v of the batch, mean %v of its examples one by one", whole, mean)
	}
	twin, err := nn.Build(net, []int{4}, nn.SoftmaxCrossEntropy, nn.Seed(3), nn.Float64())
	if err != nil {
		t.Fatal(err)
	}
	if a, b := loss(t, m, b), loss(t, twin, b); a != b {
		t.Errorf("two models of one seed: losses %v and %v", a, b)
	}
}

// TestBatchNormModes checks batch norm's output and running statistics against their formulas, in both modes.
func TestBatchNormModes(t *testing.T) {
	m, err := nn.Build(nn.BatchNorm(nn.Momentum(0.25), nn.Epsilon(0.5)), []int{2}, nn.MeanSquaredError, nn.Float64())
	if err != nil {
		t.Fatal(err)
	}
	x := []float32{1, 10, 2, 10, 3, 40} // means 2 and 20, biased variances 2/3 and 200, unbiased 1 and 300
	evaluation := func(mean, variance [2]float64) {
		t.Helper()
		for i, y := range outputs(t, m, x) {
			want := (float64(x[i]) - mean[i%2]) / math.Sqrt(variance[i%2]+0.5)
			if math.Abs(float64(y)-want) > 1e-6 {
				t.Errorf("evaluation: output %d is %v, want %v", i, y, want)
			}
		}
	}
	evaluation([2]float64{0, 0}, [2]float64{1, 1})

	b := batch.Batch{X: x, Targets: make([]float32, 6)}
	want := (3*(2/3.0)/(2/3.0+0.5) + 3*200/(200+0.5)) / 6 // the mean square of the normalised batch
	if f := loss(t, m, b); math.Abs(f-want) > 1e-12 {
		t.Errorf("training: mean square %v, want %v", f, want)
	}
	evaluation([2]float64{0, 0}, [2]float64{1, 1}) // without MoveStats nothing moves

	b.MoveStats = true
	g := m.Weights().Like()
	if _, err := m.Gradient(m.Weights(), g, b); err != nil {
		t.Fatal(err)
	}
	evaluation([2]float64{0.5, 5}, [2]float64{1, 0.75 + 75})
	if _, _, err := m.Evaluate(m.Weights(), b); err != nil {
		t.Fatal(err)
	}
	evaluation([2]float64{0.5, 5}, [2]float64{1, 0.75 + 75}) // evaluation never moves them
}

// TestEvaluate checks loss and count against the outputs.
func TestEvaluate(t *testing.T) {
	for _, option := range []nn.Option{nn.Seed(6), nn.Float64()} {
		m, err := nn.Build(nn.Sequential(nn.Dense(8), nn.ReLU(), nn.Dropout(0.5), nn.Dense(3)), []int{4}, nn.SoftmaxCrossEntropy, nn.Seed(6), option)
		if err != nil {
			t.Fatal(err)
		}
		b := randomBatch(m, 40, 3)
		f, correct, err := m.Evaluate(m.Weights(), b)
		if err != nil {
			t.Fatal(err)
		}
		want, right := 0.0, 0
		y := outputs(t, m, b.X)
		classes, err := m.Predict(b.X)
		if err != nil {
			t.Fatal(err)
		}
		for i, label := range b.Labels {
			row, sum := y[3*i:3*i+3], 0.0
			for _, v := range row {
				sum += math.Exp(float64(v))
			}
			want += (math.Log(sum) - float64(row[label])) / 40
			if classes[i] == label {
				right++
			}
			if row[classes[i]] != slices.Max(row) {
				t.Errorf("class %d for outputs %v", classes[i], row)
			}
		}
		if math.Abs(f-want) > 1e-6 {
			t.Errorf("loss %v, want %v", f, want)
		}
		if correct != right {
			t.Errorf("%d right, Predict has %d", correct, right)
		}
	}
}
