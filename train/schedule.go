package train

import (
	"slices"
	"strings"

	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/solvers"
	"github.com/pkg/errors"
)

// Schedule lets a quantity of the training change over time, whatever it is set to elsewhere:
//
//	"batch"       examples in a batch, as BatchSchedule says
//	"rate"        the learning rate
//	"momentum"    a hyperparameter of the solver's rule, by its name
//	"decay"       the coefficient of a modifier of the solver, by its name
//	"alpha"       a quantity of the solver's estimator, as of solvers.AlphaSVRG
//	"dropout"     the probability of dropout, in all of the model's layers of that kind
//	"dropout2"    the same in the layer of a name; so is any other number that a Tunable model has
//
// Each is read before each iteration, as a function of the time alone: there is nothing to save, and a training that
// goes on after an interruption gets the same values. A name that nothing answers to is an error that lists what there
// is. A value that isn't legal is an error before the training begins where it can be foreseen, as with mini-batches in
// the default order, and else ends the training before the iteration. Fit puts a model's own numbers back when it
// returns.
func Schedule(name string, s schedules.Schedule) Option {
	return func(c *config) error {
		if slices.ContainsFunc(c.scheduled, func(q quantity) bool { return q.name == name }) {
			return errors.Errorf("a schedule of %q is given twice", name)
		}
		if err := schedules.Validate(s); err != nil {
			return errors.WithMessage(err, name)
		}
		c.scheduled = append(c.scheduled, quantity{name, s})
		return nil
	}
}

// quantity is something that changes over time.
type quantity struct {
	name     string
	schedule schedules.Schedule
}

// Tunable is an optional interface of Model: one that has numbers which may change in training, as the probability of
// dropout.
type Tunable interface {
	// Tunables calls visit with the name of each number, and what it is now.
	Tunables(visit func(name string, x float64))
	// Tune sets the number of a name, or all those of a kind.
	Tune(name string, x float64) error
}

// tuner sets a model's own numbers before each iteration.
type tuner struct {
	model      Tunable
	quantities []quantity
	before     []quantity // as they were
}

// schedule gives the solver and the model the schedules that are theirs. It returns the solver to use.
func (c *config) schedule(model Model, solver *solvers.Solver, n int64) (*solvers.Solver, *tuner, error) {
	t := &tuner{}
	t.model, _ = model.(Tunable)
	names := append([]string{batchName}, solver.Quantities()...)
	if t.model != nil {
		t.model.Tunables(func(name string, x float64) {
			names = append(names, name)
			t.before = append(t.before, quantity{name, schedules.Constant(x)})
		})
	}
	for _, q := range c.scheduled {
		var err error
		switch {
		case q.name == batchName:
		case slices.Contains(solver.Quantities(), q.name):
			if solver, err = solver.With(q.name, q.schedule); err != nil {
				return nil, t, err
			}
		case t.model == nil || len(t.before) == 0:
			return nil, t, errors.Errorf("schedule of %q: there is no such quantity; there are %s", q.name, strings.Join(names, ", "))
		default:
			t.quantities = append(t.quantities, q)
		}
	}
	if err := t.tune(schedules.Time{N: n}); err != nil {
		return nil, t, errors.Errorf("%v; there are %s", err, strings.Join(names, ", "))
	}
	return solver, t, nil
}

// tune sets the numbers for the iteration that begins at a time.
func (t *tuner) tune(now schedules.Time) error {
	for _, q := range t.quantities {
		if err := t.tuneOne(q, now); err != nil {
			return err
		}
	}
	return nil
}

func (t *tuner) tuneOne(q quantity, now schedules.Time) error {
	err := t.model.Tune(q.name, q.schedule.At(now))
	return errors.WithMessagef(err, "schedule of %q at iteration %d (%v)", q.name, now.Step, q.schedule)
}

// foresee tries the numbers of an iteration to come, but for those that follow a metric. They are set anew before the
// next one.
func (t *tuner) foresee(at schedules.Time) error {
	for _, q := range t.quantities {
		if !schedules.Pure(q.schedule) {
			continue
		}
		if err := t.tuneOne(q, at); err != nil {
			return err
		}
	}
	return nil
}

// restore puts the numbers back.
func (t *tuner) restore() {
	if t == nil || len(t.quantities) == 0 {
		return
	}
	for _, q := range t.before {
		_ = t.model.Tune(q.name, q.schedule.At(schedules.Time{})) // it was legal before
	}
}
