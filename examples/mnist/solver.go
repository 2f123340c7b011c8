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
	rate, err := s.newSchedule(n)
	if err != nil {
		return nil, err
	}
	decay := solvers.L2(s.decay, solvers.Except("bias"))
	if s.solver == "adamw" {
		decay = solvers.Decay(adamwDecay, solvers.Except("bias"))
	}
	return solvers.New(s.rule(), solvers.From(s.estimator(n)), solvers.Rate(rate), decay)
}

// estimator says where the gradient comes from; the variance-reduced ones take a snapshot an epoch.
func (s *settings) estimator(n int) solvers.Estimator {
	switch s.source {
	case "svrg":
		return solvers.SVRG{Passes: 1}
	case "alphasvrg":
		return solvers.AlphaSVRG{Passes: 1, Alpha: schedules.Cosine(0.5, 0, s.iterations(n))}
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

// newSchedule makes the course of the learning rate over the whole training: the warmup, and in what is left constant; step, which divides by
// ten after each third; exponential, to a hundredth in the end; or cosine, to zero.
func (s *settings) newSchedule(n int) (schedules.Schedule, error) {
	total := s.iterations(n)
	left := total - s.warmup
	if left < 1 {
		return nil, errors.Errorf("-warmup %d in a training of %d iterations", s.warmup, total)
	}
	var rate schedules.Schedule
	switch s.schedule {
	case "constant":
		rate = schedules.Constant(s.rate)
	case "step":
		rate = schedules.Step(s.rate, 0.1, max(1, (left+2)/3))
	case "exponential":
		rate = schedules.Exponential(s.rate, 0.01, left)
	default:
		rate = schedules.Cosine(s.rate, 0, left)
	}
	if s.warmup > 0 {
		rate = schedules.Warmup(s.warmup, rate)
	}
	return rate, nil
}
