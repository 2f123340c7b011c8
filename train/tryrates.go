package train

import (
	"context"
	"iter"
	"math"

	"github.com/fallline/fallline/checkpoint"
	"github.com/fallline/fallline/datasets"
	"github.com/fallline/fallline/internal/saved"
	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/solvers"
	"github.com/pkg/errors"
)

// TryRates runs iterations of a training at learning rates of its own, and yields what came of each: how an instrument
// finds out what Fit would do. rate tells the rate of each iteration, by its number among them, from 0; it takes the
// place of the solver's and of a schedule's. Epochs, Iterations, tests, hooks, listeners and Save are left out; after a
// Resume they begin at the state of then.
//
// It goes on until the caller breaks off, or to an error, which is the last that it yields: of the context, within a
// batch, or a solvers.Diverged where a number wasn't finite any more. However that ends, the weights, the model's
// running statistics and tunable numbers, and schedules with a state are then put back, bit for bit. The solver's state
// and the order of the examples are the trial's own: masks and orders are functions of seeds, and no random numbers are
// used up.
func TryRates(
	ctx context.Context, model Model, data datasets.Dataset, solver *solvers.Solver, rate func(iteration int) float64, options ...Option,
) iter.Seq2[solvers.Info, error] {
	return func(yield func(solvers.Info, error) bool) {
		err := tryRates(ctx, model, data, solver, rate, options, func(info solvers.Info) bool { return yield(info, nil) })
		if err != nil {
			yield(solvers.Info{}, errors.WithMessage(err, "train"))
		}
	}
}

// tryRates is TryRates with a function that says whether to go on.
func tryRates(
	ctx context.Context, model Model, data datasets.Dataset, solver *solvers.Solver, rate func(int) float64, options []Option,
	each func(solvers.Info) bool,
) error {
	c, err := configure(options)
	if err == nil {
		err = c.check(ctx, model, data, solver)
	}
	if err == nil && rate == nil {
		err = errors.New("no rates to try: the function is nil")
	}
	if err != nil {
		return err
	}
	defer snapshot(model, newFollowers(c, solver))()
	rates := &triedRates{at: rate}
	c.quiet(rates)
	f, err := open(ctx, c, model, data, solver)
	if err != nil {
		return err
	}
	defer f.close()
	rates.start = f.run.Time().Step
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := f.tuner.tune(f.run.Time()); err != nil {
			return err
		}
		if info, err := f.run.Next(); err != nil {
			return err
		} else if !each(info) {
			return nil
		}
	}
}

// quiet takes out of a configuration what a trial shouldn't do, and makes the rate the trial's.
func (c *config) quiet(rate schedules.Schedule) {
	c.epochs, c.iterations = 0, math.MaxInt32
	c.test, c.onIteration, c.onEpoch, c.listeners, c.save, c.solution, c.metric = nil, nil, nil, nil, "", nil, nil
	c.trying = true
	kept := []quantity{{"rate", rate}}
	for _, q := range c.scheduled {
		if q.name != "rate" {
			kept = append(kept, q)
		}
	}
	c.scheduled = kept
}

// triedRates is the schedule of the rates that are tried.
type triedRates struct {
	at    func(iteration int) float64
	start int64 // iterations done before the trial
}

// At is the rate at a time.
func (r *triedRates) At(t schedules.Time) float64 { return r.at(int(max(0, t.Step-r.start))) }

func (r *triedRates) String() string { return "tried" }

// snapshot copies what a training changes in place, beside the solver's run, and returns what puts it back.
func snapshot(model Model, states *followers) (restore func()) {
	w := model.Weights()
	weights := w.Clone()
	live := func() (arrays []checkpoint.Array) {
		keep := func(name string, data any) { arrays = append(arrays, checkpoint.Array{Name: name, Data: data}) }
		if s, ok := model.(Stateful); ok {
			s.Visit(keep)
		}
		states.visit(keep)
		return arrays
	}
	before := live()
	for i := range before {
		before[i].Data = saved.Copy(before[i].Data)
	}
	return func() {
		w.Copy(weights)
		for i, a := range live() {
			saved.Assign(a.Data, before[i].Data)
		}
	}
}
