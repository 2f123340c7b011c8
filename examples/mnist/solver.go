package main

import (
	"github.com/pkg/errors"

	"github.com/fallline/fallline/examples/internal/training"
	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/solvers"
)

var sourceNames = []string{"minibatch", "svrg", "alphasvrg"}

// adamwDecay is the decay of adamw, which is apart from the gradient and so takes the place of the recipe's.
const adamwDecay = 0.01

// newSolver makes the solver for a training set of n examples.
func (s *settings) newSolver(n int) (*solvers.Solver, error) {
	rate, err := s.rateSchedule(n)
	if err != nil {
		return nil, err
	}
	decay := solvers.L2(s.decay, solvers.Except("bias"))
	if s.Solver == "adamw" {
		decay = solvers.Decay(adamwDecay, solvers.Except("bias"))
	}
	return s.NewSolver(append(s.from(), solvers.Rate(rate), decay)...)
}

// from says where the gradient comes from; the variance-reduced ones take a snapshot an epoch.
func (s *settings) from() []solvers.Option {
	switch s.source {
	case "svrg":
		return []solvers.Option{solvers.From(solvers.SVRG{Passes: 1})}
	case "alphasvrg":
		fall := schedules.Cosine(0.5, 0, schedules.Epochs(s.Epochs))
		return []solvers.Option{solvers.From(solvers.AlphaSVRG{Passes: 1, Alpha: 0.5}), solvers.Schedule("alpha", fall)}
	}
	return nil
}

// iterations is the number of them in the whole training.
func (s *settings) iterations(n int) int { return s.Epochs * ((n + s.Batch - 1) / s.Batch) }

// rateSchedule is the course of the learning rate over the whole training: that of -lr where it is one. Else it is the
// warmup, and in what is left that of -schedule. It counts iterations where their number is known, and epochs where the
// batch changes.
func (s *settings) rateSchedule(n int) (schedules.Schedule, error) {
	if s.RateFlag.Schedule != nil {
		return s.RateFlag.Schedule, nil
	}
	if s.BatchFlag.Schedule != nil {
		all := schedules.Epochs(s.Epochs)
		return training.Course(s.Schedule, s.Rate, 0, all/3, all), nil
	}
	total := s.iterations(n)
	left := total - s.warmup
	if left < 1 {
		return nil, errors.Errorf("-warmup %d in a training of %d iterations", s.warmup, total)
	}
	rate := training.Course(s.Schedule, s.Rate, 0, max(1, (left+2)/3), left)
	if s.warmup > 0 {
		rate = schedules.Warmup(s.warmup, rate)
	}
	return rate, nil
}
