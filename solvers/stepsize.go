package solvers

import (
	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/vector"
	"github.com/pkg/errors"
)

// StepSize chooses the learning rate of each iteration from what the loss does along the step w ← w − η∇F. F is the
// mean loss over the iteration's batch, with what the option L2 adds.
type StepSize interface {
	// Numbers is how many numbers a run keeps for it from iteration to iteration, all 0 at first.
	Numbers() int
	// Choose returns the rate, in [0, Inf). kept are the numbers that it keeps. On an error the weights stay as they
	// were.
	Choose(r *Ray, kept []float64) (rate float64, err error)
	// String names the choice with its settings.
	String() string
}

// ChooseRate has the learning rate chosen at every iteration, in the place of Rate.
//
// It goes with SGD, L2, RateFactor and Average. Other rules and ClipNorm, ClipValue, Decay and Prox take steps that the
// choice doesn't know of: New says so. The estimator must be a gradient of the loss that is being looked at, as those
// of MiniBatch and FullBatch are: Solver.Open says so. It takes the memory of one or two more vectors.
func ChooseRate(choice StepSize) Option {
	return func(s *Solver) error {
		switch {
		case choice == nil:
			return errors.New("solvers: no choice of the rate (nil)")
		case s.quantities[rateIndex].schedule != nil:
			return errors.New("solvers: rate given twice")
		}
		s.choice = choice
		s.quantities[rateIndex].schedule = chosen{choice}
		return validate(choice)
	}
}

// chosen stands in for the schedule of a rate that is chosen.
type chosen struct{ choice StepSize }

// At is 0: nobody knows it beforehand.
func (chosen) At(schedules.Time) float64 { return 0 }

// String is that of the choice.
func (c chosen) String() string { return c.choice.String() }

// checkChoice validates the choice of the rate with everything else known.
func (s *Solver) checkChoice() error {
	if s.choice == nil {
		return nil
	}
	other := ""
	if _, ok := s.rule.(GradientStep); !ok {
		other = s.Name()
	}
	if s.clipNorm != 0 || s.clipValue != 0 {
		other = "clipping"
	}
	for _, m := range s.modifiers {
		if m.kind == decoupled || m.kind == proximal {
			other = m.name
		}
	}
	if other != "" {
		return errors.Errorf("solvers: %v goes with the steps of SGD, whose lengths it knows, not with %s", s.choice, other)
	}
	return nil
}

// Searched is an optional interface of Source: its estimate is the gradient of a function that it can evaluate
// elsewhere, too, so that rates can be chosen for it.
type Searched interface {
	// Loss is the mean loss at w over the examples that the last Next was about, with its random numbers, and their
	// number.
	Loss(w *vector.Vector) (loss float64, examples int, err error)
}
