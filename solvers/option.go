package solvers

import (
	"slices"

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

// Schedule lets a hyperparameter of the rule, such as "momentum", the coefficient of a modifier, such as "decay", or a quantity of the
// estimator, such as the "alpha" of AlphaSVRG, change over time. It takes the place of what is given there. The rate is Rate's.
func Schedule(name string, to schedules.Schedule) Option {
	return func(s *Solver) error {
		s.scheduled = append(s.scheduled, knob{name: name, schedule: to})
		return nil
	}
}

// applySchedules gives the quantities their schedules, once all of them are known.
func (s *Solver) applySchedules() error {
	for i, given := range s.scheduled {
		if slices.ContainsFunc(s.scheduled[:i], func(k knob) bool { return k.name == given.name }) {
			return errors.Errorf("solvers: schedule of %q given twice", given.name)
		}
		if err := s.set(given.name, given.schedule); err != nil {
			return err
		}
	}
	return nil
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
