package train_test

import (
	"bytes"
	"context"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/fallline/fallline/batch"
	"github.com/fallline/fallline/nn"
	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/train"
	"github.com/fallline/fallline/train/progress"
	"github.com/fallline/fallline/vector"
)

// largest is the greatest size of a batch that a model has had to evaluate.
type largest struct {
	*nn.Model
	rows int
}

func (m *largest) Gradient(w, g *vector.Vector, b batch.Batch) (float64, error) {
	m.rows = max(m.rows, len(b.Index))
	return m.Model.Gradient(w, g, b)
}

// TestGrowsIntoPieces holds that a batch which grows over the memory limit trains as one without a limit, in pieces
// that keep to it; and that it is told of, with the figures.
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
	_, err := train.Fit(context.Background(), m, d, nag(), grow, train.Epochs(4), train.Seed(2), train.MemoryLimit(limit), progress.To(&log),
		train.OnIteration(func(it train.Iteration) error {
			pieces = append(pieces, max(1, it.Pieces.Count))
			if p := it.Pieces; (p.Count > 1) != (p.Square > 0) || p.Count > 1 && (p.Examples != it.Examples || !(p.Squares > float64(p.Examples)*p.Square)) {
				t.Errorf("iteration %d of %d examples in %+v", it.Number, it.Examples, p)
			}
			return nil
		}))
	if err != nil {
		t.Fatal(err)
	}
	// batches of 80 and 60, 160 and 140
	if want := append(slices.Repeat([]int{1}, 15+8), 2, 2, 2, 2, 4, 3); !slices.Equal(pieces, want) {
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
	if text := log.String(); strings.Count(text, "in 2 pieces of at most 50, which take ") != 1 || !strings.Contains(text, "iteration 24: a batch of 80 examples") ||
		!strings.Contains(text, ": at once it would take ") || !strings.Contains(text, ", over the limit of ") {
		t.Errorf("the log says %q", text)
	}
}

// TestPiecesSufficeForBatchNorm holds that a batch of one example more than the pieces take leaves none of one example,
// which has no variance.
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
}
