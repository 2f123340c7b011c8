package solvers

import "github.com/pkg/errors"

// LongStep is what the hook of Lipschitz is told.
type LongStep struct {
	Rate  float64 // the step
	Limit float64 // 1/L
	Step  int64   // iterations done before it
}

// Lipschitz tells the solver the constant L of the gradients, and calls warn when the learning rate rises above 1/L,
// where gradient descent and the methods built on it may diverge: at the first iteration of each stretch above it,
// after its step. Momentum, and rules that scale each element, have limits of their own. With Katyusha the step is ατ₁,
// as StepScaler tells.
func Lipschitz(l float64, warn func(LongStep)) Option {
	return func(s *Solver) error {
		if legal := Above(0); !legal.Has(l) {
			return errors.Errorf("solvers: Lipschitz constant %v outside %v", l, legal)
		}
		switch {
		case warn == nil:
			return errors.New("solvers: Lipschitz: no hook to warn through (nil)")
		case s.warn != nil:
			return errors.New("solvers: Lipschitz constant given twice")
		}
		s.lipschitz, s.warn = l, warn
		return nil
	}
}

// StepScaler is an optional interface of Method: its gradient steps are StepScale times as long as the learning rate
// says, which Lipschitz compares with its limit.
type StepScaler interface{ StepScale() float64 }

// watched warns where the rate of iterations just done is too long.
func (r *Run) watched(info Info, err error) (Info, error) {
	if r.solver.warn == nil || err != nil {
		return info, err
	}
	rate, limit := info.Rate, 1/r.solver.lipschitz
	if s, ok := r.source.(StepScaler); ok {
		rate *= s.StepScale()
	}
	long := rate > limit
	if long && !r.long {
		r.solver.warn(LongStep{rate, limit, r.clock[0] - int64(info.Steps)})
	}
	r.long = long
	return info, nil
}
