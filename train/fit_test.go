package train

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/fallline/fallline/datasets"
	"github.com/fallline/fallline/graph"
	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/solvers"
	"github.com/fallline/fallline/vector"
	"github.com/pkg/errors"
	"gorgonia.org/tensor"
)

var background = context.Background()

func TestFitLearns(t *testing.T) {
	for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		d := must(datasets.Blobs(500, 2, 3, 0.15, 4))
		test, training, err := datasets.Split(d, 100, 1)
		if err != nil {
			t.Fatal(err)
		}
		m := newLinear(dt, d.Shape(), d.Classes())
		h, err := Fit(background, m, training, solver(), Epochs(8), Batch(16), Test(test), Seed(3))
		if err != nil {
			t.Fatal(err)
		}
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
	m := newLinear(tensor.Float64, d.Shape(), 0)
	h, err := Fit(background, m, d, sgd(0.05), Epochs(20), Batch(10), Test(d))
	if err != nil {
		t.Fatal(err)
	}
	for j, want := range w {
		if got := m.weights.At(j); math.Abs(got-want) > 1e-3 {
			t.Errorf("weight %d is %v, want %v", j, got, want)
		}
	}
	if last := h.Test(); last.Loss > 1e-6 || last.Correct != 0 {
		t.Errorf("test %+v", last)
	}
}

// The trajectory is that of the method written out by hand over the documented order: batches, weighting of the loss, counts.
func TestFitFollowsTheWrittenOutMethod(t *testing.T) {
	const n, batch, epochs, rate, seed = 23, 5, 3, 0.1, 9
	d := blobs(n)
	m := newLinear(tensor.Float64, d.Shape(), 4)
	by := newLinear(tensor.Float64, d.Shape(), 4)
	sampler := must(solvers.Reshuffled(n, batch, seed))
	g := by.weights.Like()
	var losses []float64
	seen := map[int32]int{}
	for range epochs {
		sum := 0.0
		for at := 0; at < n; at += batch {
			s := sampler.Next()
			var b datasets.Batch
			if err := d.Read(&b, s.Index, s.Draw); err != nil {
				t.Fatal(err)
			}
			loss := must(by.Gradient(by.weights, g, graph.Batch{X: b.X, Labels: b.Labels, Index: s.Index}))
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
	h, err := Fit(background, m, d, sgd(rate), Epochs(epochs), Batch(batch), Seed(seed))
	if err != nil {
		t.Fatal(err)
	}
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

func bits(v *vector.Vector) []float64 {
	x := make([]float64, v.Len())
	for i := range x {
		x[i] = v.At(i)
	}
	return x
}

func TestFitIsAFunctionOfTheSeed(t *testing.T) {
	run := func(seed uint64) []float64 {
		m := newLinear(tensor.Float32, []int{3}, 4)
		if _, err := Fit(background, m, blobs(50), solver(), Epochs(2), Batch(8), Seed(seed)); err != nil {
			t.Fatal(err)
		}
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
		m := newLinear(tensor.Float32, []int{3}, 4)
		if _, err := Fit(background, m, d, solver(), Epochs(2), Batch(7)); err != nil {
			t.Fatal(err)
		}
		return bits(m.weights)
	}
	want := run(blobs(60))
	if !slices.Equal(run(slow{blobs(60)}), want) {
		t.Error("a slow dataset gives another training")
	}
}

// slow is a dataset that takes its time now and then.
type slow struct{ *datasets.Examples }

func (s slow) Read(b *datasets.Batch, index []int32, draw uint64) error {
	if rand.IntN(2) == 0 {
		time.Sleep(time.Duration(rand.IntN(300)) * time.Microsecond)
	}
	return s.Examples.Read(b, index, draw)
}

func TestFitIterations(t *testing.T) {
	d := blobs(20)
	m := newLinear(tensor.Float32, d.Shape(), 4)
	h, err := Fit(background, m, d, sgd(0.1), Iterations(7), Batch(6), Test(d))
	if err != nil {
		t.Fatal(err)
	}
	// Epochs of 6, 6, 6 and 2: the seventh iteration is the third of the second epoch.
	if h.Iterations != 7 || h.Examples != 38 || len(h.Epochs) != 2 || h.Epochs[1].Examples != 18 || h.Epochs[1].Number != 2 {
		t.Errorf("history %+v", h)
	}
	var at []int64
	for _, x := range h.Tests {
		at = append(at, x.Iteration)
	}
	if !slices.Equal(at, []int64{4, 7}) || h.Tests[1].Epoch != 1.9 {
		t.Errorf("tested after %v", h.Tests)
	}
	for i, e := range h.Epochs {
		if e.Test == nil || *e.Test != h.Tests[i].Evaluation {
			t.Errorf("epoch %d has test %v", i+1, e.Test)
		}
	}
}

func TestFitEvery(t *testing.T) {
	d := blobs(20) // 4 iterations an epoch
	for _, c := range []struct {
		options []Option
		want    []int64
	}{
		{[]Option{Epochs(5), Test(d)}, []int64{4, 8, 12, 16, 20}},
		{[]Option{Epochs(5), Test(d, EveryEpochs(2))}, []int64{8, 16, 20}},
		{[]Option{Epochs(2), Test(d, EveryIterations(3))}, []int64{3, 6, 8}},
		{[]Option{Iterations(9), Test(d, EveryEpochs(100))}, []int64{9}},
		{[]Option{Iterations(4), Test(d, EveryIterations(4))}, []int64{4}},
	} {
		m := newLinear(tensor.Float32, d.Shape(), 4)
		h, err := Fit(background, m, d, sgd(0.1), append(c.options, Batch(5))...)
		if err != nil {
			t.Fatal(err)
		}
		var at []int64
		for _, x := range h.Tests {
			at = append(at, x.Iteration)
		}
		if !slices.Equal(at, c.want) {
			t.Errorf("tested after %v, want %v", at, c.want)
		}
	}
}

// FullBatch, samplers with replacement and large batches count as they should.
func TestFitCountsPasses(t *testing.T) {
	d := blobs(600)
	for _, c := range []struct {
		name       string
		solver     *solvers.Solver
		options    []Option
		iterations int64
		examples   int64
	}{
		{"mini batches", sgd(0.1), []Option{Batch(64)}, 20, 1200},
		{"full batch", must(solvers.New(solvers.SGD{}, solvers.Rate(schedules.Constant(0.1)), solvers.From(solvers.FullBatch{}))), nil, 2, 1200},
		{"with replacement", sgd(0.1), []Option{Batch(64), Sample(solvers.WithReplacement)}, 19, 1216},
		{"all at once", sgd(0.1), []Option{Batch(600)}, 2, 1200},
	} {
		m := newLinear(tensor.Float32, d.Shape(), 4)
		h, err := Fit(background, m, d, c.solver, append(c.options, Epochs(2))...)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if h.Test() != (Tested{}) || h.Test().Accuracy() != 0 {
			t.Errorf("%s: test %+v without a test set", c.name, h.Test())
		}
		if h.Iterations != c.iterations || h.Examples != c.examples || h.Gradients != c.examples || len(h.Epochs) != 2 || h.Passes() != float64(c.examples)/600 {
			t.Errorf("%s: %d iterations, %d examples, %d gradients, %v passes in %d epochs", c.name, h.Iterations, h.Examples, h.Gradients, h.Passes(), len(h.Epochs))
		}
	}
}

func TestFitCancelled(t *testing.T) {
	before := runtime.NumGoroutine()
	d := blobs(40)
	ctx, cancel := context.WithCancel(background)
	m := newLinear(tensor.Float32, d.Shape(), 4)
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
	by := newLinear(tensor.Float32, d.Shape(), 4)
	if _, err := Fit(background, by, d, sgd(0.1), Iterations(13), Batch(8)); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(bits(m.weights), bits(by.weights)) {
		t.Error("the weights are not those of 13 iterations")
	}
	h, err = Fit(ctx, m, d, sgd(0.1))
	if !errors.Is(err, context.Canceled) || h == nil || h.Iterations != 0 {
		t.Errorf("a context that had ended: %+v, %v", h, err)
	}
	for range 1000 {
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(time.Millisecond)
	}
	t.Errorf("%d goroutines left", runtime.NumGoroutine()-before)
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
			m.fail = func(b graph.Batch) error {
				if m.calls.Load() == 4 {
					return broken
				}
				return nil
			}
			return d, nil
		}, 3},
		{"evaluation", func(m *linear) (datasets.Dataset, []Option) {
			return d, []Option{Test(failing{blobs(10), broken})}
		}, 5},
		{"dataset", func(m *linear) (datasets.Dataset, []Option) { return failing{d, broken}, nil }, 0},
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
		m := newLinear(tensor.Float32, d.Shape(), 4)
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

type failing struct {
	*datasets.Examples
	err error
}

func (f failing) Read(*datasets.Batch, []int32, uint64) error { return f.err }

// A gradient that isn't finite ends the training, and the error says which.
func TestFitDiverges(t *testing.T) {
	d, _, err := datasets.Linear(20, 2, 0, 1)
	if err != nil {
		t.Fatal(err)
	}
	h, err := Fit(background, newLinear(tensor.Float32, d.Shape(), 0), d, sgd(1e30), Epochs(100))
	if err == nil || !strings.Contains(err.Error(), `gradient of "`) {
		t.Fatalf("error %v", err)
	}
	if h.Iterations == 0 || h.Iterations > 10 {
		t.Errorf("%d iterations were done", h.Iterations)
	}
}

func TestHooks(t *testing.T) {
	d := blobs(10)
	m := newLinear(tensor.Float32, d.Shape(), 4)
	var log []string
	note := func(name string) Option {
		return OnIteration(func(it Iteration) error {
			log = append(log, fmt.Sprintf("%s %d at %v of %d", name, it.Number, it.Epoch, it.Examples))
			if it.Loss <= 0 || it.Norm <= 0 || it.Rate != 0.1 {
				t.Errorf("%+v", it)
			}
			return nil
		})
	}
	_, err := Fit(background, m, d, sgd(0.1), Epochs(2), Batch(8), Test(d), note("a"), note("b"),
		OnEpoch(func(e Epoch) error {
			log = append(log, fmt.Sprintf("epoch %d tested %v", e.Number, e.Test != nil))
			return nil
		}))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"a 1 at 0.8 of 8", "b 1 at 0.8 of 8", "a 2 at 1 of 2", "b 2 at 1 of 2", "epoch 1 tested true",
		"a 3 at 1.8 of 8", "b 3 at 1.8 of 8", "a 4 at 2 of 2", "b 4 at 2 of 2", "epoch 2 tested true",
	}
	if !reflect.DeepEqual(log, want) {
		t.Errorf("hooks were called as %q, want %q", log, want)
	}
}

func TestHookStops(t *testing.T) {
	d := blobs(40) // 5 iterations an epoch
	for _, c := range []struct {
		hook       Option
		iterations int64
		epochs     int
		tests      []int64
	}{
		{OnIteration(func(it Iteration) error {
			if it.Number == 7 {
				return Stop
			}
			return nil
		}), 7, 2, []int64{5, 7}},
		{OnEpoch(func(e Epoch) error {
			if e.Number == 3 {
				return Stop
			}
			return nil
		}), 15, 3, []int64{5, 10, 15}},
	} {
		m := newLinear(tensor.Float32, d.Shape(), 4)
		path := t.TempDir() + "/stop"
		h, err := Fit(background, m, d, sgd(0.1), Epochs(9), Batch(8), Test(d), Save(path), c.hook)
		if err != nil || h.Iterations != c.iterations || len(h.Epochs) != c.epochs {
			t.Errorf("%+v, %v", h, err)
		}
		var at []int64
		for _, x := range h.Tests {
			at = append(at, x.Iteration)
		}
		if !slices.Equal(at, c.tests) {
			t.Errorf("tested after %v, want %v", at, c.tests)
		}
		again, err := Fit(background, newLinear(tensor.Float32, d.Shape(), 4), d, sgd(0.1), Iterations(int(c.iterations)), Batch(8), Resume(path))
		if err != nil || again.Iterations != c.iterations {
			t.Errorf("what was saved at the stop: %+v, %v", again, err)
		}
	}
}

// A hook's panic is the caller's, and leaves no goroutine behind.
func TestHookPanics(t *testing.T) {
	before := runtime.NumGoroutine()
	func() {
		defer func() {
			if recover() != "mine" {
				t.Error("the panic was swallowed")
			}
		}()
		d := blobs(10)
		Fit(background, newLinear(tensor.Float32, d.Shape(), 4), d, sgd(0.1), Test(d), OnIteration(func(Iteration) error { panic("mine") }))
	}()
	for range 1000 {
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(time.Millisecond)
	}
	t.Errorf("%d goroutines left", runtime.NumGoroutine()-before)
}

func TestEvaluate(t *testing.T) {
	d := blobs(600) // batches of 256, 256 and 88
	m := newLinear(tensor.Float64, d.Shape(), 4)
	e, err := Evaluate(background, m, d)
	if err != nil {
		t.Fatal(err)
	}
	loss, right := 0.0, 0
	var b datasets.Batch
	for i := range int32(600) {
		if err := d.Read(&b, []int32{i}, 0); err != nil {
			t.Fatal(err)
		}
		l, ok := m.row(m.weights, b.X, b.Labels[0], 0, make([]float64, 4))
		loss += l / 600
		if ok {
			right++
		}
	}
	if math.Abs(e.Loss-loss) > 1e-12 || e.Correct != right || e.Examples != 600 || e.Errors() != 600-right || e.Accuracy() != float64(right)/600 {
		t.Errorf("%+v, want loss %v and %d correct", e, loss, right)
	}
	if m.moved[0] != 0 {
		t.Error("the evaluation moved statistics")
	}
	ctx, cancel := context.WithCancel(background)
	cancel()
	if _, err := Evaluate(ctx, m, d); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}
