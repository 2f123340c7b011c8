package train

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/fallline/fallline/batch"
	"github.com/fallline/fallline/datasets"
	"github.com/fallline/fallline/solvers"
	"github.com/fallline/fallline/vector"
)

func TestFitLearns(t *testing.T) {
	for _, dt := range []vector.Type{vector.Float32, vector.Float64} {
		d := must(datasets.Blobs(500, 2, 3, 0.15, 4))
		test, training, err := datasets.Split(d, 100, 1)
		if err != nil {
			t.Fatal(err)
		}
		m := newLinear(dt, d.Shape(), d.Classes())
		h := must(Fit(background, m, training, solver(), Epochs(8), Batch(16), Test(test), Seed(3)))
		last := h.Test()
		if last.Accuracy() < 0.95 || last.Errors() > 5 || last.Examples != 100 {
			t.Errorf("%v: %d of %d right", dt, last.Correct, last.Examples)
		}
		if h.Loss() > h.Epochs[0].Loss/2 {
			t.Errorf("%v: loss from %v to %v", dt, h.Epochs[0].Loss, h.Loss())
		}
	}
}

func TestFitRegression(t *testing.T) {
	d, w, err := datasets.Linear(300, 4, 0, 1)
	if err != nil {
		t.Fatal(err)
	}
	m := newLinear(vector.Float64, d.Shape(), 0)
	h := must(Fit(background, m, d, sgd(0.05), Epochs(20), Batch(10), Test(d)))
	for j, want := range w {
		if got := m.weights.At(j); math.Abs(got-want) > 1e-3 {
			t.Errorf("weight %d is %v, want %v", j, got, want)
		}
	}
	if last := h.Test(); last.Loss > 1e-6 || last.Correct != 0 {
		t.Errorf("test %+v", last)
	}
}

// The trajectory is that of the method written out by hand over the documented order: batches, weighting of the loss,
// counts.
func TestFitFollowsTheWrittenOutMethod(t *testing.T) {
	const n, batch, epochs, rate, seed = 23, 5, 3, 0.1, 9
	d := blobs(n)
	m := newLinear(vector.Float64, d.Shape(), 4)
	by := newLinear(vector.Float64, d.Shape(), 4)
	sampler := must(solvers.Reshuffled(n, batch, seed))
	g := by.weights.Like()
	var losses []float64
	seen := map[int32]int{}
	for range epochs {
		sum := 0.0
		for at := 0; at < n; at += batch {
			s := sampler.Next()
			if err := d.Read(&s, s.Index, s.Draw); err != nil {
				t.Fatal(err)
			}
			loss := must(by.Gradient(by.weights, g, s))
			by.weights.Axpy(-rate, g)
			sum += loss * float64(len(s.Index))
			for _, i := range s.Index {
				seen[i]++
			}
		}
		losses = append(losses, sum/n)
	}
	for i := range int32(n) {
		if seen[i] != epochs {
			t.Fatalf("example %d seen %d times", i, seen[i])
		}
	}
	h := must(Fit(background, m, d, sgd(rate), Epochs(epochs), Batch(batch), Seed(seed)))
	for i := range m.weights.Len() {
		if got, want := m.weights.At(i), by.weights.At(i); math.Abs(got-want) > 1e-14 {
			t.Errorf("weight %d is %v, want %v", i, got, want)
		}
	}
	if h.Iterations != 15 || h.Examples != 69 || h.Gradients != 69 || h.Dataset != n || h.Passes() != epochs || len(h.Epochs) != epochs {
		t.Errorf("history %+v", h)
	}
	for i, e := range h.Epochs {
		if e.Number != i+1 || e.Iterations != 5 || e.Examples != n || e.Gradients != n || e.Rate != rate || math.Abs(e.Loss-losses[i]) > 1e-14 || e.Test != nil {
			t.Errorf("epoch %+v, want loss %v", e, losses[i])
		}
	}
	if m.moved[0] != 15 {
		t.Errorf("statistics moved %d times in 15 iterations", m.moved[0])
	}
}

func TestFitIsAFunctionOfTheSeed(t *testing.T) {
	run := func(seed uint64) []float64 {
		m := newLinear(vector.Float32, []int{3}, 4)
		must(Fit(background, m, blobs(50), solver(), Epochs(2), Batch(8), Seed(seed)))
		return bits(m.weights)
	}
	if !slices.Equal(run(1), run(1)) {
		t.Error("one seed, two trainings")
	}
	if slices.Equal(run(1), run(2)) {
		t.Error("two seeds, one training")
	}
}

// The same training with the batches read ahead late, early and never is the same.
func TestFitDoesNotDependOnPrefetch(t *testing.T) {
	run := func(d datasets.Dataset) []float64 {
		m := newLinear(vector.Float32, []int{3}, 4)
		must(Fit(background, m, d, solver(), Epochs(2), Batch(7)))
		return bits(m.weights)
	}
	want := run(blobs(60))
	if !slices.Equal(run(slow{blobs(60)}), want) {
		t.Error("a slow dataset gives another training")
	}
}

// slow is a dataset that takes its time now and then.
type slow struct{ *datasets.Examples }

func (s slow) Read(b *batch.Batch, index []int32, draw uint64) error {
	if rand.IntN(2) == 0 {
		time.Sleep(time.Duration(rand.IntN(300)) * time.Microsecond)
	}
	return s.Examples.Read(b, index, draw)
}
