package train

import (
	"slices"
	"testing"

	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/solvers"
	"github.com/fallline/fallline/vector"
)

func TestFitIterations(t *testing.T) {
	d := blobs(20)
	m := newLinear(vector.Float32, d.Shape(), 4)
	h := must(Fit(background, m, d, sgd(0.1), Iterations(7), Batch(6), Test(d)))
	// Epochs of 6, 6, 6 and 2: the seventh iteration is the third of the second epoch.
	if h.Iterations != 7 || h.Examples != 38 || len(h.Epochs) != 2 || h.Epochs[1].Examples != 18 || h.Epochs[1].Number != 2 {
		t.Errorf("history %+v", h)
	}
	if at := testedAfter(h); !slices.Equal(at, []int64{4, 7}) || h.Tests[1].Epoch != 1.9 {
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
		m := newLinear(vector.Float32, d.Shape(), 4)
		h := must(Fit(background, m, d, sgd(0.1), append(c.options, Batch(5))...))
		if at := testedAfter(h); !slices.Equal(at, c.want) {
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
		m := newLinear(vector.Float32, d.Shape(), 4)
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
