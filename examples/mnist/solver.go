package main

import (
	"github.com/pkg/errors"

	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/solvers"
)

var (
	solverNames   = []string{"sgd", "momentum", "nag", "adagrad", "rmsprop", "adam", "adamw"}
	scheduleNames = []string{"constant", "step", "exponential", "cosine"}
	sourceNames   = []string{"minibatch", "svrg", "alphasvrg"}
)

// adaptiveRates are the learning rates of the rules that scale each weight's steps, whatever the model.
var adaptiveRates = map[string]float64{"adagrad": 0.02, "rmsprop": 1e-3, "adam": 1e-3, "adamw": 1e-3}

// adamwDecay is the decay of adamw, which is apart from the gradient and so takes the place of the recipe's.
const adamwDecay = 0.01

// newSolver makes the solver for a training set of n examples.
func (s *settings) newSolver(n int) (*solvers.Solver, error) {
	rate, err := s.rateSchedule(n)
	if err != nil {
		return nil, err
	}
	decay := solvers.L2(s.decay, solvers.Except("bias"))
	if s.solver == "adamw" {
		decay = solvers.Decay(adamwDecay, solvers.Except("bias"))
	}
	solver, err := solvers.New(s.rule(), solvers.From(s.estimator()), solvers.Rate(rate), decay)
	if momentum := s.momentum.asSchedule(); err == nil && momentum != nil {
		solver, err = solver.With("momentum", momentum)
	}
	return solver, err
}

// estimator says where the gradient comes from; the variance-reduced ones take a snapshot an epoch.
func (s *settings) estimator() solvers.Estimator {
	switch s.source {
	case "svrg":
		return solvers.SVRG{Passes: 1}
	case "alphasvrg":
		return solvers.AlphaSVRG{Passes: 1, Alpha: schedules.Cosine(0.5, 0, schedules.Epochs(s.epochs))}
	}
	return solvers.MiniBatch{}
}

// iterations is the number of them in the whole training.
func (s *settings) iterations(n int) int { return s.epochs * ((n + s.batch - 1) / s.batch) }

func (s *settings) rule() solvers.Rule {
	switch s.solver {
	case "sgd":
		return solvers.SGD{}
	case "momentum":
		return solvers.Momentum{Momentum: 0.9}
	case "adagrad":
		return solvers.DefaultAdaGrad
	case "rmsprop":
		return solvers.DefaultRMSProp
	case "adam", "adamw":
		return solvers.DefaultAdam
	}
	return solvers.NAG{Momentum: 0.9}
}

// rateSchedule is the course of the learning rate over the whole training: that of -lr where it is one. Else it is the warmup, and in what is
// left that of -schedule. It counts iterations where their number is known, and epochs where the batch changes.
func (s *settings) rateSchedule(n int) (schedules.Schedule, error) {
	if s.lr.schedule != nil {
		return s.lr.schedule, nil
	}
	if s.batches.schedule != nil {
		all := schedules.Epochs(s.epochs)
		return named(s.schedule, s.rate, all/3, all), nil
	}
	total := s.iterations(n)
	left := total - s.warmup
	if left < 1 {
		return nil, errors.Errorf("-warmup %d in a training of %d iterations", s.warmup, total)
	}
	rate := named(s.schedule, s.rate, max(1, (left+2)/3), left)
	if s.warmup > 0 {
		rate = schedules.Warmup(s.warmup, rate)
	}
	return rate, nil
}

// named is the course that a name stands for: constant; step, which divides by ten after each third; exponential, to a hundredth in the
// end; or cosine, to zero.
func named[L schedules.Length](name string, rate float64, third, all L) schedules.Schedule {
	switch name {
	case "constant":
		return schedules.Constant(rate)
	case "step":
		return schedules.Step(rate, 0.1, third)
	case "exponential":
		return schedules.Exponential(rate, 0.01, all)
	}
	return schedules.Cosine(rate, 0, all)
}
