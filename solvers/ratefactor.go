package solvers

import "github.com/fallline/fallline/schedules"

// RateFactor multiplies the learning rate of some parameters. The factor is in [0, Inf), 0 leaves the weights as they are;
// Schedule knows it as "rate factor".
func RateFactor(x float64, over ...Selection) Option {
	return newModifier("rate factor", factor, x, over)
}

// ScheduledRateFactor is RateFactor with a factor that changes over time. Unlike Schedule it says for which parameters, so that several
// groups may have courses of their own:
//
//	solvers.ScheduledRateFactor(schedules.Then(schedules.Constant(1), schedules.Epochs(3), schedules.Constant(0)), solvers.Only("whiten1.bias"))
//
// learns a bias for three epochs and keeps it from then on.
func ScheduledRateFactor(s schedules.Schedule, over ...Selection) Option {
	return func(solver *Solver) error {
		return solver.modifyBy(knob{name: "rate factor", schedule: s, legal: AtLeast(0)}, modifier{name: "rate factor", kind: factor, over: over})
	}
}
