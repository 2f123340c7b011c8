package solvers

import (
	"github.com/fallline/fallline/schedules"
	"github.com/pkg/errors"
)

// Option is a setting of New. One that is given twice, or that doesn't apply to anything, is an error.
type Option func(*Solver) error

// Rate sets the learning rate η, in [0, Inf). Every solver needs one, or ChooseRate in its place.
func Rate(s schedules.Schedule) Option {
	return func(solver *Solver) error {
		if solver.knobs[rateKnob].schedule != nil {
			return errors.New("solvers: rate given twice")
		}
		solver.knobs[rateKnob].schedule = s
		return solver.knobs[rateKnob].check()
	}
}

// Schedule lets a hyperparameter of the rule, such as "momentum", or the coefficient of a modifier, such as "decay", change over
// time. It takes the place of the number given there.
func Schedule(name string, s schedules.Schedule) Option {
	return func(solver *Solver) error {
		solver.scheduled = append(solver.scheduled, knob{name: name, schedule: s})
		return nil
	}
}

// applySchedules gives the knobs their schedules, once all knobs are known.
func (s *Solver) applySchedules() error {
	for _, given := range s.scheduled {
		k, err := s.find(given.name)
		if err != nil {
			return err
		}
		k.schedule, k.fixed = given.schedule, false
		if err := k.check(); err != nil {
			return err
		}
	}
	return nil
}

// find returns the knob of a name that holds a number.
func (s *Solver) find(name string) (*knob, error) {
	var found *knob
	var names []string
	for i := range s.knobs {
		k := &s.knobs[i]
		switch {
		case i == rateKnob:
		case k.name != name:
			names = append(names, k.name)
		case found != nil:
			return nil, errors.Errorf("solvers: schedule of %q: given to several modifiers", name)
		case !k.fixed:
			return nil, errors.Errorf("solvers: schedule of %q given twice", name)
		default:
			found = k
		}
	}
	if found == nil {
		return nil, errors.Errorf("solvers: schedule of %q: there is no such quantity, only %s", name, list(names))
	}
	return found, nil
}

// From sets where the gradient comes from; MiniBatch is the default.
func From(e Estimator) Option {
	return func(solver *Solver) error {
		switch {
		case e == nil:
			return errors.New("solvers: no estimator (nil)")
		case solver.estimator != nil:
			return errors.New("solvers: estimator given twice")
		}
		solver.estimator = e
		return validate(e)
	}
}
