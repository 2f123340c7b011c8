package solvers

import (
	"slices"

	"github.com/fallline/fallline/schedules"
	"github.com/pkg/errors"
)

// With returns a copy of the solver in which a quantity changes over time, whatever it does in s: "rate", a
// hyperparameter of the rule, such as "momentum", the coefficient of a modifier, such as "decay", or what the estimator
// has, such as the "alpha" of AlphaSVRG. s stays as it is. A name that isn't among Quantities is an error, and so is
// the "rate" of a solver that chooses it.
func (s *Solver) With(name string, to schedules.Schedule) (*Solver, error) {
	c := *s
	c.quantities = slices.Clone(s.quantities)
	rate := &c.quantities[rateIndex]
	switch {
	case name != rate.name:
		if err := c.set(scheduled{name: name, to: to}); err != nil {
			return nil, err
		}
	case s.choice != nil:
		return nil, errors.Errorf("solvers: the rate is chosen by %v, and can't be scheduled", s.choice)
	default:
		rate.schedule = to
		if err := rate.check(); err != nil {
			return nil, err
		}
	}
	return &c, nil
}

// Quantities are the names of what Schedule and With can change over time, the rate first.
func (s *Solver) Quantities() []string {
	var names []string
	for _, q := range s.quantities {
		names = append(names, q.name)
	}
	return names
}

// scheduled is what the option Schedule was given.
type scheduled struct {
	name string
	to   schedules.Schedule
	over []Selection
}

// set gives a quantity other than the rate its schedule.
func (s *Solver) set(to scheduled) error {
	q, err := s.find(to)
	if err != nil {
		return errors.WithMessagef(err, "solvers: schedule of %q", to.name)
	}
	q.schedule, q.fixed = to.to, false
	return q.check()
}

// find returns the quantity that a schedule is for, the rate excepted.
func (s *Solver) find(to scheduled) (found *quantity, err error) {
	named := 0
	for i := range s.quantities {
		q := &s.quantities[i]
		if i == rateIndex || q.name != to.name {
			continue
		}
		named++
		if len(to.over) > 0 && !slices.EqualFunc(to.over, s.selections(i), Selection.same) {
			continue
		}
		if found != nil {
			return nil, errors.New("given to several modifiers: say which by its selection")
		}
		found = q
	}
	names := s.Quantities()[1:]
	switch {
	case found != nil:
		return found, nil
	case named > 0:
		return nil, errors.Errorf("none was given over %v", to.over)
	case len(names) > 0:
		return nil, errors.Errorf("this %s has no such quantity, but %s", s.Name(), list(names))
	}
	return nil, errors.Errorf("this %s has nothing to schedule but its rate, which the option Rate sets", s.Name())
}

// selections are those of the modifier whose coefficient is the i-th quantity.
func (s *Solver) selections(i int) []Selection {
	for _, m := range s.modifiers {
		if m.kind != proximal && m.quantity == i {
			return m.over
		}
	}
	return nil
}

// Schedules shows every quantity that the solver may change over time, with its schedule: what Quantities lists, in the
// same order.
func (s *Solver) Schedules(visit func(name string, of schedules.Schedule)) {
	for _, q := range s.quantities {
		visit(q.name, q.schedule)
	}
}
