package solvers

import (
	"slices"

	"github.com/fallline/fallline/schedules"
	"github.com/pkg/errors"
)

// Schedulable is what an Estimator implements that has quantities of its own which change over time, as the α of AlphaSVRG.
type Schedulable interface {
	Estimator
	// Quantities are their names.
	Quantities() []string
	// Schedule is what one of them follows.
	Schedule(name string) schedules.Schedule
	// With is the estimator with another schedule of one of them.
	With(name string, to schedules.Schedule) Estimator
}

// With returns a copy of the solver in which a quantity changes over time, whatever it does in s: "rate", a hyperparameter of the rule, such
// as "momentum", the coefficient of a modifier, such as "decay", or what the estimator has, such as the "alpha" of AlphaSVRG. s stays as
// it is. A name that isn't among Quantities is an error, and so is the "rate" of a solver that
// chooses it.
func (s *Solver) With(name string, to schedules.Schedule) (*Solver, error) {
	c := *s
	c.knobs = slices.Clone(s.knobs)
	k := &c.knobs[rateKnob]
	switch {
	case name != k.name:
		if err := c.set(name, to); err != nil {
			return nil, err
		}
	case s.choice != nil:
		return nil, errors.Errorf("solvers: the rate is chosen by %v, and can't be scheduled", s.choice)
	default:
		k.schedule = to
		if err := k.check(); err != nil {
			return nil, err
		}
	}
	return &c, nil
}

// Quantities are the names of what Schedule and With can change over time, the rate first.
func (s *Solver) Quantities() []string {
	var names []string
	for _, k := range s.knobs {
		names = append(names, k.name)
	}
	if e, ok := s.estimator.(Schedulable); ok {
		names = append(names, e.Quantities()...)
	}
	return names
}

// set gives a quantity other than the rate its schedule.
func (s *Solver) set(name string, to schedules.Schedule) error {
	if e, ok := s.estimator.(Schedulable); ok && slices.Contains(e.Quantities(), name) {
		s.estimator = e.With(name, to)
		return validate(s.estimator)
	}
	k, err := s.find(name)
	if err != nil {
		return err
	}
	k.schedule, k.fixed = to, false
	return k.check()
}

// find returns the knob of a name, the rate's excepted.
func (s *Solver) find(name string) (*knob, error) {
	var found *knob
	for i := range s.knobs {
		switch k := &s.knobs[i]; {
		case i == rateKnob || k.name != name:
		case found != nil:
			return nil, errors.Errorf("solvers: schedule of %q: given to several modifiers", name)
		default:
			found = k
		}
	}
	if found != nil {
		return found, nil
	}
	if names := s.Quantities()[1:]; len(names) > 0 {
		return nil, errors.Errorf("solvers: schedule of %q: this %s has no such quantity, but %s", name, s.Name(), list(names))
	}
	return nil, errors.Errorf("solvers: schedule of %q: this %s has nothing to schedule but its rate, which the option Rate sets", name, s.Name())
}

// Quantities is "alpha", unless Optimal finds it.
func (s AlphaSVRG) Quantities() []string {
	if s.Optimal != 0 {
		return nil
	}
	return []string{"alpha"}
}

// Schedule is that of "alpha".
func (s AlphaSVRG) Schedule(string) schedules.Schedule { return s.Alpha }

// With is the estimator with another schedule of "alpha".
func (s AlphaSVRG) With(_ string, to schedules.Schedule) Estimator {
	s.Alpha = to
	return s
}

// Quantities is "a", unless it follows from K, W and C.
func (s STORM) Quantities() []string {
	if s.A == nil {
		return nil
	}
	return []string{"a"}
}

// Schedule is that of "a".
func (s STORM) Schedule(string) schedules.Schedule { return s.A }

// With is the estimator with another schedule of "a".
func (s STORM) With(_ string, to schedules.Schedule) Estimator {
	s.A = to
	return s
}

// Schedules shows every quantity that the solver may change over time, with its schedule: what Quantities lists, in the same order.
func (s *Solver) Schedules(visit func(name string, of schedules.Schedule)) {
	for _, k := range s.knobs {
		visit(k.name, k.schedule)
	}
	if e, ok := s.estimator.(Schedulable); ok {
		for _, name := range e.Quantities() {
			visit(name, e.Schedule(name))
		}
	}
}
