package solvers

import (
	"github.com/fallline/fallline/schedules"
	"github.com/pkg/errors"
)

// knob is a quantity of a solver that can change over time: the rate, a hyperparameter of the rule, a modifier's coefficient.
type knob struct {
	name     string
	schedule schedules.Schedule
	legal    Interval
	fixed    bool // given as a number, so that the option Schedule may take its place
}

// check validates the knob's schedule and its first value.
func (k knob) check() error {
	if err := schedules.Validate(k.schedule); err != nil {
		return errors.Wrapf(err, "solvers: %s", k.name)
	}
	if x := k.schedule.At(schedules.Time{}); !k.legal.Has(x) {
		return errors.Errorf("solvers: %s %v outside %v", k.name, x, k.legal)
	}
	return nil
}

// at is the knob's value at a time.
func (k knob) at(t schedules.Time) (float64, error) {
	x := k.schedule.At(t)
	if !k.legal.Has(x) {
		return 0, errors.Errorf("solvers: %s %v outside %v at iteration %d (%v)", k.name, x, k.legal, t.Step, k.schedule)
	}
	return x, nil
}

// reading holds the values of all knobs for one iteration and for the one after it.
type reading struct {
	now, next []float64
}

func newReading(knobs []knob) reading {
	return reading{make([]float64, len(knobs)), make([]float64, len(knobs))}
}

// take reads the knobs at two times.
func (r *reading) take(knobs []knob, now, next schedules.Time) (err error) {
	for i, k := range knobs {
		if r.now[i], err = k.at(now); err != nil {
			return err
		}
		if r.next[i], err = k.at(next); err != nil {
			return err
		}
	}
	return nil
}

// Check returns the error with which an iteration that begins at a time would end because the rate, a hyperparameter, a coefficient, a quantity of
// the estimator or a share of the average isn't legal then, so that it can be known before hours of work. What follows a metric passes, since its value isn't known yet.
func (s *Solver) Check(t schedules.Time) error {
	for _, k := range s.knobs {
		if k.fixed || !schedules.Pure(k.schedule) {
			continue
		}
		if _, err := k.at(t); err != nil {
			return err
		}
	}
	if e, ok := s.estimator.(Schedulable); ok {
		if err := checkQuantities(e, t); err != nil {
			return err
		}
	}
	_, err := s.shareAt(t.Step + 1)
	return err
}

// checkQuantities is Check of an estimator's own quantities: their values at a time must be ones that it takes.
func checkQuantities(e Schedulable, t schedules.Time) error {
	for _, name := range e.Quantities() {
		s := e.Schedule(name)
		if schedules.Fixed(s) || !schedules.Pure(s) {
			continue
		}
		if err := validate(e.With(name, schedules.Constant(s.At(t)))); err != nil {
			return errors.WithMessagef(err, "iteration %d (%v)", t.Step, s)
		}
	}
	return nil
}

// Value is a quantity of a solver at some time, for logs.
type Value struct {
	Name  string
	Value float64
}

// Values returns the learning rate, the rule's hyperparameters and the modifiers' coefficients at a time, in this order.
func (s *Solver) Values(t schedules.Time) []Value {
	values := make([]Value, len(s.knobs))
	for i, k := range s.knobs {
		values[i] = Value{k.name, k.schedule.At(t)}
	}
	return values
}
