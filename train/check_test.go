package train

import (
	"context"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fallline/fallline/batch"
	"github.com/fallline/fallline/datasets"
	"github.com/fallline/fallline/solvers"
	"github.com/fallline/fallline/vector"
	"github.com/pkg/errors"
)

// empty is a dataset without examples.
type empty struct{ *datasets.Examples }

func (empty) Len() int { return 0 }

// weightless is a model without weights.
type weightless struct{ *linear }

func (weightless) Weights() *vector.Vector { return nil }

func TestFitBadInput(t *testing.T) {
	d := blobs(40)
	path := t.TempDir() + "/x"
	for _, c := range []struct {
		want    string
		options []Option
	}{
		{"an option is nil", []Option{nil}},
		{"0 epochs, want 1 to", []Option{Epochs(0)}},
		{"-3 epochs", []Option{Epochs(-3)}},
		{"epochs, want 1 to 2147483647", []Option{Epochs(math.MaxInt32 + 1)}},
		{"0 iterations", []Option{Iterations(0)}},
		{"Epochs and Iterations are both given", []Option{Epochs(1), Iterations(1)}},
		{"Epochs is given twice", []Option{Epochs(1), Epochs(1)}},
		{"0 examples in a batch, want 1 to", []Option{Batch(0)}},
		{"-1 examples in a batch", []Option{Batch(-1)}},
		{"batches of 41 examples from a dataset of 40", []Option{Batch(41)}},
		{"Seed is given twice", []Option{Seed(1), Seed(1)}},
		{"no sampler: it is nil", []Option{Sample(nil)}},
		{"the sampler made is nil", []Option{Sample(func(int, int, uint64) (solvers.Sampler, error) { return nil, nil })}},
		{"made no sampler", []Option{Sample(func(int, int, uint64) (solvers.Sampler, error) { return nil, errors.New("made no sampler") })}},
		{"sampler over 39 examples", []Option{Sample(func(n, b int, s uint64) (solvers.Sampler, error) { return solvers.Cyclic(n-1, b) })}},
		{"no test set: it is nil", []Option{Test(nil)}},
		{"no test set: it is nil", []Option{Test((*datasets.Examples)(nil))}},
		{"test set: datasets: the dataset has 0 examples", []Option{Test(empty{d})}},
		{"the model takes examples of shape 3, the test set has those of shape 2", []Option{Test(must(datasets.Spirals(9, 3, 0, 1)))}},
		{"Test: every 0, want at least 1", []Option{Test(d, EveryEpochs(0))}},
		{"Test: every -2, want at least 1", []Option{Test(d, EveryIterations(-2))}},
		{"Save: said 2 times how often", []Option{Save(path, EveryEpochs(1), EveryIterations(1))}},
		{"no path to save to", []Option{Save("")}},
		{"checkpoint: save " + path + "/x: a new file in " + path, []Option{Save(path + "/x")}},
		{"not a regular file", []Option{Save(filepath.Dir(path))}},
		{"no path to resume from", []Option{Resume("")}},
		{"resume: checkpoint: load", []Option{Resume(path)}},
		{"a hook is nil", []Option{OnIteration(nil)}},
		{"a hook is nil", []Option{OnEpoch(nil)}},
		{"a listener is nil", []Option{Watch(nil)}},
		{"a listener is nil", []Option{Watch(BaseListener{}, (*BaseListener)(nil))}},
		{"no use", []Option{Invalid(errors.New("no use"))}},
		{"an option is invalid, by an error that is nil", []Option{Invalid(nil)}},
	} {
		m := newLinear(vector.Float32, d.Shape(), 4)
		h, err := Fit(background, m, d, sgd(0.1), c.options...)
		if err == nil || h != nil || !strings.HasPrefix(err.Error(), "train: ") || !strings.Contains(err.Error(), c.want) {
			t.Errorf("error %v, want %q", err, c.want)
		}
		if m.calls.Load() != 0 {
			t.Errorf("%s: the model was run", c.want)
		}
	}
}

// TestFitOtherClasses: a test set whose labels stand for other classes than the training set's is refused before the
// first step.
func TestFitOtherClasses(t *testing.T) {
	named := func(names ...string) datasets.Dataset {
		return must(must(datasets.Blobs(40, 3, len(names), 0.3, 1)).Named(names...))
	}
	data := named("cat", "dog", "eel", "fox")
	for _, c := range []struct {
		test datasets.Dataset
		want string
	}{
		{named("dog", "eel", "fox"), `train: datasets: label 0 is class "cat" in the training set and class "dog" in the test set`},
		{named("cat", "dog", "eel", "fox"), ""},
		{blobs(40), ""},
	} {
		m := newLinear(vector.Float32, data.Shape(), 4)
		_, err := Fit(background, m, data, sgd(0.1), Epochs(1), Test(c.test))
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want) || m.calls.Load() != 0) {
			t.Errorf("error %v, want %q", err, c.want)
		}
	}
}

func TestFitBadParts(t *testing.T) {
	d, s, ctx := blobs(40), sgd(0.1), context.Background()
	m := newLinear(vector.Float32, []int{3}, 4)
	regression := newLinear(vector.Float32, []int{1}, 0)
	curve := must(datasets.Quadratic(9, 1, 1, 1, 0, 1))
	pairs := must(datasets.NewRegression([]int{1}, make([]float32, 4), make([]float32, 8), 2))
	for _, c := range []struct {
		want   string
		ctx    context.Context
		model  Model
		data   datasets.Dataset
		solver *solvers.Solver
	}{
		{"no context", nil, m, d, s},
		{"no model: it is nil", ctx, nil, d, s},
		{"no model: it is nil", ctx, (*linear)(nil), d, s},
		{"the model has no weights", ctx, weightless{m}, d, s},
		{"no dataset: it is nil", ctx, m, nil, s},
		{"no dataset: it is nil", ctx, m, (*datasets.Images)(nil), s},
		{"dataset: datasets: the dataset has 0 examples", ctx, m, empty{d}, s},
		{"no solver", ctx, m, d, nil},
		{"takes examples of shape 28x28x1, the dataset has those of shape 3", ctx, newLinear(vector.Float32, []int{28, 28, 1}, 4), d, s},
		{"tells 3 classes apart, the dataset has 4", ctx, newLinear(vector.Float32, []int{3}, 3), d, s},
		{"is a regression, the dataset has 4 classes", ctx, newLinear(vector.Float32, []int{3}, 0), d, s},
		{"tells 4 classes apart, the dataset is a regression", ctx, newLinear(vector.Float32, []int{1}, 4), curve, s},
		{"outputs of shape 1, the dataset has 2 targets", ctx, regression, pairs, s},
	} {
		h, err := Fit(c.ctx, c.model, c.data, c.solver)
		if err == nil || h != nil || !strings.HasPrefix(err.Error(), "train: ") || !strings.Contains(err.Error(), c.want) {
			t.Errorf("Fit: error %v, want %q", err, c.want)
		}
		if c.solver == nil {
			continue
		}
		if _, err := Evaluate(c.ctx, c.model, c.data); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("Evaluate: error %v, want %q", err, c.want)
		}
		if c.ctx == nil {
			continue
		}
		if _, err := NewObjective(c.model, c.data); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("NewObjective: error %v, want %q", err, c.want)
		}
	}
	if m.calls.Load() != 0 {
		t.Error("the model was run")
	}
	// Fewer classes than the model tells apart do no harm, nor does a default batch that is larger than the dataset.
	wide := newLinear(vector.Float32, []int{3}, 7)
	if _, err := Fit(ctx, wide, must(datasets.Blobs(5, 3, 4, 0.3, 1)), s); err != nil {
		t.Error(err)
	}
}

func TestObjective(t *testing.T) {
	d := blobs(40)
	m := newLinear(vector.Float64, d.Shape(), 4)
	o := must(NewObjective(m, d))
	defer o.Close()
	if o.Len() != 40 || !o.NewVector().Same(m.weights) {
		t.Errorf("Len %d", o.Len())
	}
	first, second := batch.Batch{Index: []int32{5, 1}, Draw: 3, MoveStats: true}, batch.Batch{Index: []int32{2}, Draw: 4}
	var got []batch.Batch
	m.fail = func(b batch.Batch) error {
		got = append(got, b)
		return nil
	}
	o.Prefetch(first)
	o.Prefetch(second)
	g, elsewhere := o.NewVector(), m.weights.Like()
	for _, w := range []*vector.Vector{m.weights, elsewhere} { // two points on one batch, as variance reduction wants
		loss := must(o.Gradient(w, g, first))
		if again := must(o.Loss(w, first)); again != loss {
			t.Errorf("Loss %v, with the gradient %v", again, loss)
		}
	}
	if zero := must(o.Loss(elsewhere, second)); math.Abs(zero-math.Log(4)) > 1e-12 {
		t.Errorf("loss %v at 0, want log 4", zero)
	}
	if m.moved[0] != 4 {
		t.Errorf("statistics moved %d times, want as often as was asked: 4", m.moved[0])
	}
	if b := got[0]; b.Draw != 3 || len(b.X) != 6 || b.Index[0] != 5 || !b.MoveStats {
		t.Errorf("the model got %+v", b)
	}
	if _, err := o.Gradient(m.weights, g, batch.Batch{Index: []int32{40}}); err == nil || !strings.Contains(err.Error(), "example 40 of 40") {
		t.Errorf("error %v", err)
	}
}
