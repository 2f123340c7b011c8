package train_test

import (
	"context"
	"path/filepath"
	"slices"
	"testing"

	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/solvers"
	"github.com/fallline/fallline/train"
)

// course is a training in which quantities change over time, by their schedules as text.
type course struct {
	name      string
	solver    func() *solvers.Solver
	schedules map[string]string
	options   []train.Option
}

// courses has every estimator, modifier and option with something to schedule. The metric, where one is followed, never
// improves.
func courses() []course {
	solver := func(rule solvers.Rule, options ...solvers.Option) func() *solvers.Solver {
		return func() *solvers.Solver {
			return must(solvers.New(rule, append(options, solvers.Rate(schedules.Constant(0.05)))...))
		}
	}
	alpha := solver(solvers.SGD{}, solvers.From(solvers.AlphaSVRG{Passes: 1, Alpha: 1}))
	ahead := solver(solvers.NAG{Momentum: 0.9}, solvers.Decay(0.1), solvers.Lookahead(5, 0.5))
	worse := train.Observe(func(e train.Epoch) (float64, error) { return float64(e.Number), nil })
	return []course{
		{"alpha", alpha, map[string]string{"alpha": "linear(1,0,3ep)", "dropout": "cosine(0.5,0,25)"}, []train.Option{train.Batch(8)}},
		{"alpha by a metric", alpha, map[string]string{"alpha": "warmup(9)+plateau(1,0.5,0)"}, []train.Option{train.Batch(8), worse}},
		{"one cycle", ahead, map[string]string{
			"rate": "onecycle(0.004,0.1,0,0.3,4ep)", "momentum": "onecyclemomentum(0.95,0.85,0.3,4ep)", "decay": "warmup(7)+0.01", "lookahead": "linear(1,0.5,2ep)",
			"batch": "clamp(1,60,step(7,2,1ep))"}, nil},
		{"restarts", ahead, map[string]string{"rate": "cosinerestarts(0.1,0,0.7ep,1.5,0.8)", "momentum": "triangular(0.8,0.9,5,9)"}, []train.Option{train.Batch(8)}},
		{"STORM", solver(solvers.SGD{}, solvers.From(solvers.STORM{A: 1})), map[string]string{"a": "linear(1,0.1,3ep)", "batch": "clamp(1,64,step(7,2,0.8ep))"}, nil},
		{"batch by a metric", ahead, map[string]string{"batch": "product(0.8,plateau(10,0.6,0,0,0,8))"}, []train.Option{worse}},
		{"in pieces", solver(solvers.DefaultAdam), map[string]string{"batch": "step(10,2,1ep)", "beta1": "linear(0.95,0.8,20)"}, []train.Option{train.MicroBatch(16)}},
	}
}

// all is the options of a training of this course, with schedules of its own.
func (c course) all(more ...train.Option) []train.Option {
	for name, text := range c.schedules {
		more = append(more, train.Schedule(name, must(schedules.Parse(text))))
	}
	return slices.Concat(more, c.options)
}

// TestEveryCourseResumes holds that a training of 4 epochs in which anything changes over time can be split anywhere,
// bit for bit.
func TestEveryCourseResumes(t *testing.T) {
	d := blobs(100)
	for _, c := range courses() {
		whole := network(d)
		h := fit(whole, d, c.solver(), c.all(train.Epochs(4))...)
		for cut := 1; cut < int(h.Iterations); cut += 5 {
			path := filepath.Join(t.TempDir(), "run")
			fit(network(d), d, c.solver(), c.all(train.Iterations(cut), train.Save(path))...)
			m := network(d)
			fit(m, d, c.solver(), c.all(train.Epochs(4), train.Resume(path))...)
			if !slices.Equal(everyBit(m), everyBit(whole)) {
				t.Errorf("%s: cut after %d of %d iterations: another training", c.name, cut, h.Iterations)
			}
		}
	}
}

// TestRangeTestOnTheWay holds that a range test in the middle of a training, of the same model by the same solver,
// leaves it as it is.
func TestRangeTestOnTheWay(t *testing.T) {
	d := blobs(100)
	short := train.RangeTest{From: 1e-6, To: 10, Iterations: 20, Smoothing: 0.9, Stop: 4}
	for _, c := range courses() {
		plain, m, s := network(d), network(d), c.solver()
		fit(plain, d, c.solver(), c.all(train.Epochs(3))...)
		options := c.all(train.Epochs(3))
		fit(m, d, s, append(options, train.OnIteration(func(it train.Iteration) error {
			if it.Number%7 != 3 {
				return nil
			}
			_, err := short.Find(context.Background(), m, d, s, options...)
			return err
		}))...)
		if !slices.Equal(everyBit(m), everyBit(plain)) {
			t.Errorf("%s: the range tests have changed the training", c.name)
		}
	}
}
