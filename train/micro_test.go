package train_test

import (
	"bytes"
	"context"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/fallline/fallline/graph"
	"github.com/fallline/fallline/nn"
	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/solvers"
	"github.com/fallline/fallline/train"
	"github.com/fallline/fallline/train/progress"
	"github.com/fallline/fallline/vector"
)

// largest is the greatest size of a batch that a model has had to evaluate.
type largest struct {
	*nn.Model
	rows int
}

func (m *largest) Gradient(w, g *vector.Vector, b graph.Batch) (float64, error) {
	m.rows = max(m.rows, len(b.Index))
	return m.Model.Gradient(w, g, b)
}

// TestGrowsIntoPieces holds that a batch which grows over the memory limit trains as one without a limit, in pieces that keep to it; and
// that it is told of, with the figures.
func TestGrowsIntoPieces(t *testing.T) {
	d := blobs(300)
	grow := train.BatchSchedule(schedules.Step(20, 2, schedules.Epochs(1)))
	whole := smooth(d)
	fit(whole, d, nag(), grow, train.Epochs(4))

	m := &largest{Model: smooth(d)}
	cost := func(batch int) int64 {
		bytes := must(m.Memory(batch))
		return bytes + 3*int64(batch)*4*4 // the examples, with two batches read ahead
	}
	limit := cost(50)
	var log bytes.Buffer
	var pieces []int
	tracker := train.NoiseTracker{Keep: 0.5}
	_, err := train.Fit(context.Background(), m, d, nag(), grow, train.Epochs(4), train.Seed(2), train.MemoryLimit(limit), progress.To(&log),
		train.OnIteration(func(it train.Iteration) error {
			pieces = append(pieces, max(1, it.Pieces.Count))
			if (it.Pieces.Count > 1) != (train.NoiseOf(it.Pieces) != train.Noise{}) {
				t.Errorf("iteration %d of %d pieces tells of the noise %+v", it.Number, it.Pieces.Count, train.NoiseOf(it.Pieces))
			}
			_, err := tracker.Add(train.NoiseOf(it.Pieces))
			return err
		}))
	if err != nil {
		t.Fatal(err)
	}
	if want := append(slices.Repeat([]int{1}, 15+8), 2, 2, 2, 2, 4, 3); !slices.Equal(pieces, want) { // batches of 80 and 60, 160 and 140
		t.Errorf("pieces %v, want %v", pieces, want)
	}
	if m.rows > 50 || cost(m.rows) > limit {
		t.Errorf("a batch of %d examples takes %d bytes of %d", m.rows, cost(m.rows), limit)
	}
	for i, x := range m.Weights().F64 {
		if math.Abs(x-whole.Weights().F64[i]) > 1e-12 {
			t.Fatalf("weight %d is %v, want %v", i, x, whole.Weights().F64[i])
		}
	}
	if n := tracker.Noise(); !(n.Variance > 0) {
		t.Errorf("noise %+v", n)
	}
	if text := log.String(); strings.Count(text, "in 2 pieces of at most 50, which take ") != 1 || !strings.Contains(text, "iteration 24: a batch of 80 examples") ||
		!strings.Contains(text, ": at once it would take ") || !strings.Contains(text, ", over the limit of ") {
		t.Errorf("the log says %q", text)
	}
}

// TestMicroBatchNoise holds that the noise of the pieces of one batch is that of NoiseMeter's definition, and unbiased when averaged.
func TestMicroBatchNoise(t *testing.T) {
	d := blobs(300)
	m := smooth(d)
	if err := m.Tune("dropout", 0); err != nil {
		t.Fatal(err)
	}
	still := must(solvers.New(solvers.SGD{}, solvers.Rate(schedules.Constant(0))))
	obj := objective(t, m, d)
	want, err := train.NoiseMeter{Small: 1, Large: 64, Batches: 300}.Measure(context.Background(), obj, m.Weights())
	if err != nil {
		t.Fatal(err)
	}
	for _, size := range []int{7, 16} { // pieces of 7, 7, 7 and 4, and of 13 and 12
		tracker := train.NoiseTracker{Keep: 0.9999}
		fit(m, d, still, train.Batch(25), train.Sample(solvers.WithReplacement), train.MicroBatch(size), train.Epochs(120),
			train.OnIteration(func(it train.Iteration) error {
				_, err := tracker.Add(train.NoiseOf(it.Pieces))
				return err
			}))
		if got := tracker.Noise(); math.Abs(got.Variance-want.Variance) > 0.06*want.Variance || math.Abs(got.Square-want.Square) > 0.1*want.Square {
			t.Errorf("pieces of %d: %+v, want %+v", size, got, want)
		}
	}
}

// TestPiecesSufficeForBatchNorm holds that a batch of one example more than the pieces take leaves none of one example, which has no variance.
func TestPiecesSufficeForBatchNorm(t *testing.T) {
	d := blobs(99)
	if h := fit(network(d), d, nag(), train.Batch(33), train.MicroBatch(16)); h.Iterations != 3 {
		t.Errorf("%d iterations, want 3", h.Iterations)
	}
}

// silent is a model that doesn't tell its memory.
type silent struct{ train.Model }

func TestBadMicroBatches(t *testing.T) {
	d := blobs(60)
	m := smooth(d)
	for _, c := range []struct {
		model  train.Model
		option train.Option
		want   string
	}{
		{m, train.MicroBatch(0), "train: 0 examples in a micro-batch, want 1 to "},
		{m, train.MemoryLimit(0), "train: memory limit of 0 bytes, want at least 1"},
		{m, train.MemoryLimit(100), "train: a batch of 1 example takes "},
		{silent{m}, train.MemoryLimit(1 << 30), "train: memory limit of 1073741824 bytes (1.0 GiB): the model can't tell what a batch takes: give MicroBatch in its place"},
	} {
		_, err := train.Fit(context.Background(), c.model, d, nag(), c.option)
		if err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%v, want %s", err, c.want)
		}
	}
	for _, keep := range []float64{-0.1, 1, math.NaN()} {
		if _, err := (&train.NoiseTracker{Keep: keep}).Add(train.Noise{}); err == nil {
			t.Errorf("keep %v is legal", keep)
		}
	}
	if _, err := (&train.NoiseTracker{}).Add(train.Noise{Variance: math.Inf(1)}); err == nil {
		t.Error("an infinite variance is counted")
	}
}
