package train_test

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/solvers"
	"github.com/fallline/fallline/train"
)

// everything schedules all that can be, at another pace each.
func everything() []train.Option {
	return []train.Option{
		train.BatchSchedule(schedules.Step(8, 2, schedules.Epochs(1))),
		train.Schedule("rate", schedules.Cosine(0.1, 0.01, 60)),
		train.Schedule("momentum", schedules.Cosine(0.5, 0.9, 30)),
		train.Schedule("dropout", schedules.Cosine(0.5, 0, 40)),
		train.Schedule("decay", schedules.Exponential(0.01, 0.1, schedules.Epochs(1))),
	}
}

// TestScheduledTrainingResumes holds that a training in which everything changes over time can be split anywhere, bit
// for bit, that its epochs are exact, and that the model's numbers are put back.
func TestScheduledTrainingResumes(t *testing.T) {
	d := blobs(150)
	whole := network(d)
	var sizes []int
	h := fit(whole, d, decaying(), append(everything(), train.Epochs(4), train.OnIteration(func(it train.Iteration) error {
		sizes = append(sizes, it.Examples)
		return nil
	}))...)
	want := slices.Repeat([]int{8}, 18)
	want = append(append(want, 6), slices.Repeat([]int{16}, 9)...)
	want = append(append(want, 6), 32, 32, 32, 32, 22, 64, 64, 22)
	if !slices.Equal(sizes, want) {
		t.Errorf("batches of %v, want %v", sizes, want)
	}
	for i, e := range h.Epochs {
		if e.Examples != 150 || e.Iterations != []int64{19, 10, 5, 3}[i] {
			t.Errorf("epoch %d: %d examples in %d iterations", e.Number, e.Examples, e.Iterations)
		}
	}
	whole.Tunables(func(name string, x float64) {
		if x != 0.2 {
			t.Errorf("%s is %v after the training, want 0.2 as before", name, x)
		}
	})
	for _, cut := range []int{1, 18, 19, 25, 30, 36} {
		path := filepath.Join(t.TempDir(), "run")
		fit(network(d), d, decaying(), append(everything(), train.Iterations(cut), train.Save(path))...)
		m := network(d)
		if got := fit(m, d, decaying(), append(everything(), train.Epochs(4), train.Resume(path))...); got.Iterations != h.Iterations {
			t.Errorf("cut after %d: %d iterations, want %d", cut, got.Iterations, h.Iterations)
		}
		if !slices.Equal(m.Weights().F32, whole.Weights().F32) {
			t.Errorf("cut after %d: other weights", cut)
		}
	}
}

// TestEachScheduleMatters holds that every single schedule changes the training, and that one of the same value
// doesn't.
func TestEachScheduleMatters(t *testing.T) {
	d := blobs(60)
	run := func(options ...train.Option) []float32 {
		m := network(d)
		fit(m, d, decaying(), append(options, train.Epochs(2))...)
		return slices.Clone(m.Weights().F32)
	}
	plain := run(train.Batch(10))
	for name, same := range map[string]float64{"batch": 10, "rate": 0.1, "momentum": 0.9, "decay": 0.1, "dropout": 0.2, "dropout1": 0.2} {
		options := func(s schedules.Schedule) []train.Option {
			if name == "batch" {
				return []train.Option{train.BatchSchedule(s)}
			}
			return []train.Option{train.Batch(10), train.Schedule(name, s)}
		}
		if !slices.Equal(run(options(schedules.Constant(same))...), plain) {
			t.Errorf("%s: a schedule of the value that it has changes the training", name)
		}
		if slices.Equal(run(options(schedules.Cosine(same, same/2, 5))...), plain) {
			t.Errorf("%s: the schedule changes nothing", name)
		}
	}
}

func TestBadSchedules(t *testing.T) {
	d := blobs(60)
	c := schedules.Constant(1)
	svrg := must(solvers.New(solvers.SGD{}, solvers.From(solvers.SVRG{Passes: 1}), solvers.Rate(c)))
	for _, c := range []struct {
		solver  *solvers.Solver
		options []train.Option
		want    string
	}{
		{nil, []train.Option{train.BatchSchedule(c), train.Batch(3)}, "train: Batch and a schedule of the batch are both given: want one of them"},
		{nil, []train.Option{train.BatchSchedule(c), train.BatchSchedule(c)}, `train: a schedule of "batch" is given twice`},
		{nil, []train.Option{train.BatchSchedule(nil)}, "train: batch: schedules: no schedule (nil)"},
		{nil, []train.Option{train.BatchSchedule(schedules.Constant(61))}, "train: solvers: batch 61 outside [1, 60] at iteration 0"},
		{nil, []train.Option{train.BatchSchedule(schedules.Step(30, 3, 2))}, "train: solvers: batch 90 outside [1, 60] at iteration 2 (step(30,3,2))"},
		{svrg, []train.Option{train.BatchSchedule(schedules.Step(30, 2, 2))}, "train: solvers: SVRG wants batches of one size"},
		{nil, []train.Option{train.Schedule("dropuot", c)}, `train: schedule of "dropuot" at iteration 0 (constant(1)): nn: tune: no layer and no kind of layers with a number to set is called "dropuot"; there are batch, rate, momentum, decay, dropout1`},
		{nil, []train.Option{train.Schedule("momentum", c)}, "train: solvers: momentum 1 outside [0, 1)"},
		{nil, []train.Option{train.Schedule("dropout", schedules.Step(0.5, 2, 2))}, `train: schedule of "dropout" at iteration 2 (step(0.5,2,2)): nn: tune dropout1: probability 1 outside [0, 1)`},
	} {
		if c.solver == nil {
			c.solver = decaying()
		}
		m := network(d)
		_, err := train.Fit(context.Background(), m, d, c.solver, append(c.options, train.Iterations(5))...)
		if err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%v, want %s", err, c.want)
		}
		m.Tunables(func(name string, x float64) {
			if x != 0.2 {
				t.Errorf("%s: %s is left at %v", c.want, name, x)
			}
		})
	}
}
