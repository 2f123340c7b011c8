package train_test

import (
	"context"
	"strings"
	"testing"

	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/solvers"
	"github.com/fallline/fallline/train"
)

// TestForesee holds that a size of the batch or a value of the solver's which can't be is an error before the training
// begins, where that can be known, and that nothing is refused which doesn't come to pass.
func TestForesee(t *testing.T) {
	d := blobs(60)
	grow := schedules.Step(10, 2, schedules.Epochs(1))                                   // 10, 20, 40, and then 80
	rises := train.Schedule("momentum", schedules.Linear(0.5, 1.5, schedules.Epochs(4))) // 1 after half of it
	all := must(solvers.New(solvers.SGD{}, solvers.From(solvers.FullBatch{}), solvers.Rate(schedules.Linear(0.1, -0.1, 10))))
	falls := &schedules.Plateau{Of: schedules.Constant(60), Factor: 0.5}
	for _, c := range []struct {
		name    string
		solver  *solvers.Solver
		options []train.Option
		want    string
		begun   int64 // iterations done; -1: none was begun
	}{
		{"too large", nil, []train.Option{train.BatchSchedule(grow), train.Epochs(5)}, "train: solvers: batch 80 outside [1, 60] at iteration 11 (step(10,2,1ep))", -1},
		{"by iterations", nil, []train.Option{train.BatchSchedule(grow), train.Iterations(12)}, "train: solvers: batch 80 outside [1, 60] at iteration 11 (step(10,2,1ep))", -1},
		{"over before that", nil, []train.Option{train.BatchSchedule(grow), train.Epochs(3)}, "", 11},
		{"just before that", nil, []train.Option{train.BatchSchedule(grow), train.Iterations(11)}, "", 11},
		{"another sampler", nil, []train.Option{train.BatchSchedule(grow), train.Epochs(5), train.Sample(solvers.WithReplacement)},
			"train: solvers: batch 80 outside [1, 60] at iteration 11 (step(10,2,1ep))", -1},
		{"somebody's sampler", nil, []train.Option{train.BatchSchedule(grow), train.Epochs(5), train.Sample(own)},
			"train: solvers: batch 80 outside [1, 60] at iteration 11 (step(10,2,1ep))", 11},
		{"a metric", nil, []train.Option{train.BatchSchedule(schedules.Product(falls, schedules.Step(1, 2, schedules.Epochs(1)))), train.Epochs(4), train.Observe(disappointing)},
			"train: solvers: batch 120 outside [1, 60] at iteration 1 (product(plateau(constant(60),0.5,0,0,0,0),step(1,2,1ep)))", 1},
		{"momentum", nil, []train.Option{rises, train.Batch(10), train.Epochs(3)},
			"train: solvers: momentum 1 outside [0, 1) at iteration 12 (linear(0.5,1.5,4ep))", -1},
		{"momentum and batch", nil, []train.Option{rises, train.BatchSchedule(grow), train.Epochs(3)},
			"train: solvers: momentum 1 outside [0, 1) at iteration 9 (linear(0.5,1.5,4ep))", -1},
		{"no momentum any more", nil, []train.Option{rises, train.Batch(10), train.Epochs(1)}, "", 6},
		{"momentum of 1 at the end", nil, []train.Option{rises, train.Batch(10), train.Epochs(2)},
			"train: solvers: momentum 1 outside [0, 1) at iteration 12 (linear(0.5,1.5,4ep))", -1},
		{"dropout", nil, []train.Option{train.Schedule("dropout", schedules.Linear(0, 2, 20)), train.Batch(10), train.Epochs(2)},
			`train: schedule of "dropout" at iteration 10 (linear(0,2,20)): nn: tune dropout1: probability 1 outside [0, 1)`, -1},
		{"dropout of 1 at the end", nil, []train.Option{train.Schedule("dropout", schedules.Linear(0, 2, 12)), train.Batch(10), train.Epochs(1)}, "", 6},
		{"dropout by a metric", nil, []train.Option{train.Observe(disappointing), train.Batch(10), train.Epochs(2),
			train.Schedule("dropout", schedules.Product(&schedules.Plateau{Of: schedules.Constant(1), Factor: 0.5}, schedules.Linear(0, 2, 20)))},
			`train: schedule of "dropout" at iteration 10 (product(`, 10},
		{"few long iterations", all, []train.Option{train.Epochs(4)}, "", 4},
		{"many long iterations", all, []train.Option{train.Epochs(8)}, "train: solvers: rate -0.0", -1},
		{"rate by a metric", nil, []train.Option{train.Schedule("rate", schedules.Product(falls, schedules.Linear(1, -1, 10))), train.Observe(disappointing), train.Batch(10)},
			"train: solvers: rate -1", 5},
	} {
		if c.solver == nil {
			c.solver = decaying()
		}
		h, err := train.Fit(context.Background(), network(d), d, c.solver, c.options...)
		if text := errorText(err); !strings.HasPrefix(text, c.want) || (text == "") != (c.want == "") {
			t.Errorf("%s: %s, want %s", c.name, text, c.want)
		}
		if begun := h != nil; begun != (c.begun >= 0) || begun && h.Iterations != c.begun {
			t.Errorf("%s: history %+v, want %d iterations", c.name, h, c.begun)
		}
	}
	if _, err := train.DefaultRangeTest.Find(context.Background(), network(d), d, decaying(), train.BatchSchedule(schedules.Step(10, 2, 1000))); err != nil {
		t.Errorf("a range test that ends before the batch is too large: %v", err)
	}
}

// own is a sampler that nobody knows.
func own(n, batch int, seed uint64) (solvers.Sampler, error) {
	s, err := solvers.Reshuffled(n, batch, seed)
	return struct{ solvers.Resizer }{s.(solvers.Resizer)}, err
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
