package main

import (
	"github.com/fallline/fallline/examples/internal/training"
	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/solvers"
)

// adamwDecay is the decay of adamw, which is apart from the gradient and so takes the place of the recipe's.
const adamwDecay = 0.05

// newSolver makes the solver.
func (s *settings) newSolver() (*solvers.Solver, error) {
	options := append([]solvers.Option{solvers.Rate(s.newSchedule())}, s.decays()...)
	if s.whitenEpochs > 0 && s.whitenEpochs < float64(s.Epochs) {
		learns := schedules.Then(schedules.Constant(1), schedules.Epochs(s.whitenEpochs), schedules.Constant(0))
		whitened := solvers.Only("*whiten1.bias")
		options = append(options, solvers.RateFactor(1, whitened), solvers.Schedule("rate factor", learns, whitened))
	}
	if a := s.lookahead; a.every > 0 {
		options = append(options, solvers.Lookahead(a.every, 1),
			solvers.Schedule("lookahead", slowing{keep: a.keep, epochs: float64(s.Epochs)}))
	}
	return s.NewSolver(options...)
}

// decays are what keeps weights small, and batch norm's part in it: where its shifts have a rate of their own, their
// decay is divided by as much, so that they shrink as fast as all others.
func (s *settings) decays() []solvers.Option {
	switch {
	case s.Solver == "adamw":
		return []solvers.Option{solvers.Decay(adamwDecay, solvers.Except("bias", "norm"))}
	case s.shiftFactor == 0 || s.Adaptive():
		return []solvers.Option{solvers.L2(s.decay, solvers.Except("bias", "norm"))}
	}
	return []solvers.Option{
		solvers.L2(s.decay, solvers.Except("norm")),
		solvers.L2(s.decay/s.shiftFactor, solvers.Only("*shift")),
		solvers.RateFactor(s.shiftFactor, solvers.Only("*shift")),
	}
}

// newSchedule makes the course of the learning rate over the whole training: that of -lr where it is one. Else it is a
// straight rise, and that of -schedule in what is left.
func (s *settings) newSchedule() schedules.Schedule {
	if s.RateFlag.Schedule != nil {
		return s.RateFlag.Schedule
	}
	whole := schedules.Epochs(s.Epochs)
	rise := schedules.Epochs(training.Share(s.rise, float64(s.Epochs)))
	first, last := training.Share(s.first, s.Rate), training.Share(s.last, s.Rate)
	if s.Schedule == "linear" && rise > 0 {
		return schedules.Piecewise(first, schedules.To(rise, s.Rate), schedules.To(whole, last))
	}
	left := whole - rise
	after := training.Course(s.Schedule, s.Rate, last, left/3, left)
	if rise == 0 {
		return after
	}
	return schedules.Then(schedules.Linear(first, s.Rate, rise), rise, after)
}
