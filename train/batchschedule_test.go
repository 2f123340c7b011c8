package train_test

import (
	"context"
	"testing"

	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/solvers"
	"github.com/fallline/fallline/train"
)

// TestForeseenBatches holds that a size of the batch which can't be is an error before the training begins, where that can be known, and
// that nothing is refused which doesn't come to pass.
func TestForeseenBatches(t *testing.T) {
	d := blobs(60)
	grow := schedules.Step(10, 2, schedules.Epochs(1)) // 10, 20, 40, and then 80
	falls := &schedules.Plateau{Of: schedules.Constant(60), Factor: 0.5}
	for _, c := range []struct {
		name    string
		options []train.Option
		want    string
		begun   int64 // iterations done; -1: none was begun
	}{
		{"too large", []train.Option{train.BatchSchedule(grow), train.Epochs(5)}, "train: solvers: batch 80 outside [1, 60] at iteration 11 (step(10,2,1ep))", -1},
		{"by iterations", []train.Option{train.BatchSchedule(grow), train.Iterations(12)}, "train: solvers: batch 80 outside [1, 60] at iteration 11 (step(10,2,1ep))", -1},
		{"over before that", []train.Option{train.BatchSchedule(grow), train.Epochs(3)}, "", 11},
		{"just before that", []train.Option{train.BatchSchedule(grow), train.Iterations(11)}, "", 11},
		{"another sampler", []train.Option{train.BatchSchedule(grow), train.Epochs(5), train.Sample(solvers.WithReplacement)},
			"train: solvers: batch 80 outside [1, 60] at iteration 11 (step(10,2,1ep))", 11},
		{"a metric", []train.Option{train.BatchSchedule(schedules.Product(falls, schedules.Step(1, 2, schedules.Epochs(1)))), train.Epochs(4), train.Observe(disappointing)},
			"train: solvers: batch 120 outside [1, 60] at iteration 1 (product(plateau(constant(60),0.5,0,0,0,0),step(1,2,1ep)))", 1},
	} {
		h, err := train.Fit(context.Background(), network(d), d, decaying(), c.options...)
		if text := errorText(err); text != c.want {
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

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
