package solvers

import (
	"github.com/fallline/fallline/schedules"
	"github.com/pkg/errors"
)

// quantity is a number of a solver that can change over time: the rate, a hyperparameter of the rule or the estimator,
// a modifier's coefficient.
type quantity struct {
	name     string
	schedule schedules.Schedule
	legal    Interval
	fixed    bool // given as a number, so that the option Schedule may take its place
}

// check validates the quantity's schedule and its first value.
func (q quantity) check() error {
	if err := schedules.Validate(q.schedule); err != nil {
		return errors.Wrapf(err, "solvers: %s", q.name)
	}
	if x := q.schedule.At(schedules.Time{}); !q.legal.Has(x) {
		return errors.Errorf("solvers: %s %v outside %v", q.name, x, q.legal)
	}
	return nil
}

// at is the quantity's value at a time.
func (q quantity) at(t schedules.Time) (float64, error) {
	x := q.schedule.At(t)
	if !q.legal.Has(x) {
		return 0, errors.Errorf("solvers: %s %v outside %v at iteration %d (%v)", q.name, x, q.legal, t.Step, q.schedule)
	}
	return x, nil
}

// valuesAt works out the values of quantities at a time.
func valuesAt(t schedules.Time, quantities []quantity, values []float64) (err error) {
	for i, q := range quantities {
		if values[i], err = q.at(t); err != nil {
			return err
		}
	}
	return nil
}

// Check returns the error with which an iteration that begins at a time would end because the rate, a hyperparameter, a
// coefficient or a share of the average isn't legal then, so that it can be known before hours of work. What follows a
// metric passes, since its value isn't known yet.
func (s *Solver) Check(t schedules.Time) error {
	for _, q := range s.quantities {
		if q.fixed || !schedules.Pure(q.schedule) {
			continue
		}
		if _, err := q.at(t); err != nil {
			return err
		}
	}
	_, err := s.shareAt(t.Step + 1)
	return err
}

// Value is a quantity of a solver at some time, for logs.
type Value struct {
	Name  string
	Value float64
}

// Values returns the learning rate, the rule's hyperparameters, the modifiers' coefficients and the estimator's
// hyperparameters at a time, in this order.
func (s *Solver) Values(t schedules.Time) []Value {
	values := make([]Value, len(s.quantities))
	for i, q := range s.quantities {
		values[i] = Value{q.name, q.schedule.At(t)}
	}
	return values
}
