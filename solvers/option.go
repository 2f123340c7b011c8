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
		if solver.quantities[rateIndex].schedule != nil {
			return errors.New("solvers: rate given twice")
		}
		solver.quantities[rateIndex].schedule = s
		return solver.quantities[rateIndex].check()
	}
}

// Schedule lets a number of the solver follow a schedule, in the place of the value that it was given: a hyperparameter
// of the rule, such as "momentum", or of the estimator, such as the "alpha" of AlphaSVRG, or the coefficient of a
// modifier, such as "decay". Logs and errors have the names. Every number is scheduled this way but the learning rate,
// which Rate sets.
//
// Where several modifiers of a name are given, each over some of the parameters, the selection says which one follows
// the schedule: the one that was given with the same.
//
//	solvers.RateFactor(1, solvers.Only("whiten1.bias")),
//	solvers.Schedule("rate factor", learns, solvers.Only("whiten1.bias")),
func Schedule(name string, to schedules.Schedule, over ...Selection) Option {
	return func(s *Solver) error {
		for _, given := range s.scheduled {
			if given.name == name && slices.EqualFunc(given.over, over, Selection.same) {
				return errors.Errorf("solvers: schedule of %q given twice", name)
			}
		}
		s.scheduled = append(s.scheduled, scheduled{name, to, over})
		return nil
	}
}

// applySchedules gives the quantities their schedules, once all of them are known.
func (s *Solver) applySchedules() error {
	for _, given := range s.scheduled {
		if err := s.set(given); err != nil {
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
