package train

import (
	"context"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/fallline/fallline/batch"
	"github.com/fallline/fallline/datasets"
	"github.com/fallline/fallline/solvers"
	"github.com/fallline/fallline/vector"
	"github.com/pkg/errors"
)

func TestFitCancelled(t *testing.T) {
	before := runtime.NumGoroutine()
	d := blobs(40)
	ctx, cancel := context.WithCancel(background)
	m := newLinear(vector.Float32, d.Shape(), 4)
	h, err := Fit(ctx, m, d, sgd(0.1), Epochs(10), Batch(8), Test(d), OnIteration(func(it Iteration) error {
		if it.Number == 13 {
			cancel()
		}
		return nil
	}))
	if !errors.Is(err, context.Canceled) || !strings.HasPrefix(err.Error(), "train: ended after iteration 13") {
		t.Fatalf("error %v", err)
	}
	if h == nil || h.Iterations != 13 || len(h.Epochs) != 3 || h.Epochs[2].Iterations != 3 || len(h.Tests) != 2 {
		t.Errorf("history %+v", h)
	}
	by := newLinear(vector.Float32, d.Shape(), 4)
	must(Fit(background, by, d, sgd(0.1), Iterations(13), Batch(8)))
	if !slices.Equal(bits(m.weights), bits(by.weights)) {
		t.Error("the weights are not those of 13 iterations")
	}
	h, err = Fit(ctx, m, d, sgd(0.1))
	if !errors.Is(err, context.Canceled) || h == nil || h.Iterations != 0 {
		t.Errorf("a context that had ended: %+v, %v", h, err)
	}
	checkGoroutines(t, before)
}

func TestFitErrorsOnTheWay(t *testing.T) {
	broken := errors.New("broken")
	d := blobs(40)
	for _, c := range []struct {
		name    string
		prepare func(m *linear) (datasets.Dataset, []Option)
		want    int64 // iterations done
	}{
		{"model", func(m *linear) (datasets.Dataset, []Option) {
			m.fail = func(b batch.Batch) error {
				if m.calls.Load() == 4 {
					return broken
				}
				return nil
			}
			return d, nil
		}, 3},
		{"evaluation", func(m *linear) (datasets.Dataset, []Option) {
			return d, []Option{Test(failing{blobs(300), broken, 256})} // what comes first is read beforehand
		}, 5},
		{"dataset", func(m *linear) (datasets.Dataset, []Option) { return failing{d, broken, 0}, nil }, 0},
		{"iteration hook", func(m *linear) (datasets.Dataset, []Option) {
			return d, []Option{OnIteration(func(it Iteration) error {
				if it.Number == 2 {
					return broken
				}
				return nil
			})}
		}, 2},
		{"epoch hook", func(m *linear) (datasets.Dataset, []Option) {
			return d, []Option{OnEpoch(func(Epoch) error { return broken })}
		}, 5},
		{"saving", func(m *linear) (datasets.Dataset, []Option) {
			folder := t.TempDir() + "/folder"
			if err := os.Mkdir(folder, 0o700); err != nil {
				t.Fatal(err)
			}
			return d, []Option{Save(folder + "/x"), OnEpoch(func(Epoch) error { return os.Remove(folder) })}
		}, 5},
	} {
		m := newLinear(vector.Float32, d.Shape(), 4)
		data, options := c.prepare(m)
		h, err := Fit(background, m, data, sgd(0.1), append(options, Epochs(3), Batch(8))...)
		if err == nil || !strings.HasPrefix(err.Error(), "train: ") || c.name != "saving" && !errors.Is(err, broken) {
			t.Errorf("%s: error %v", c.name, err)
		}
		if h == nil || h.Iterations != c.want {
			t.Errorf("%s: history %+v, want %d iterations", c.name, h, c.want)
		}
	}
}

// failing can't read the examples from a number on.
type failing struct {
	*datasets.Examples
	err  error
	from int32
}

func (f failing) Read(b *batch.Batch, index []int32, draw uint64) error {
	if slices.Max(index) >= f.from {
		return f.err
	}
	return f.Examples.Read(b, index, draw)
}

// A step that is far too long ends the training before the weights are infinite, and the error says what would be.
func TestFitDiverges(t *testing.T) {
	d, _, err := datasets.Linear(20, 2, 0, 1)
	if err != nil {
		t.Fatal(err)
	}
	m := newLinear(vector.Float32, d.Shape(), 0)
	h, err := Fit(background, m, d, sgd(1e30), Epochs(100))
	if diverged := new(solvers.Diverged); !errors.As(err, &diverged) || diverged.Quantity != solvers.Weight || diverged.Moved {
		t.Fatalf("error %v", err)
	}
	if at := vector.NotFinite(m.Weights().F32); at >= 0 {
		t.Errorf("weight %d is %v", at, m.Weights().F32[at])
	}
	if h.Iterations == 0 || h.Iterations > 10 {
		t.Errorf("%d iterations were done", h.Iterations)
	}
}
