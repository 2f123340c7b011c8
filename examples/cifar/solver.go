package main

import (
	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/solvers"
)

var (
	solverNames   = []string{"sgd", "momentum", "nag", "adagrad", "rmsprop", "adam", "adamw"}
	scheduleNames = []string{"constant", "step", "exponential", "cosine", "linear"}
)

// adaptiveRates are the learning rates of the rules that scale each weight's steps, whatever the recipe and the batch.
var adaptiveRates = map[string]float64{"adagrad": 0.02, "rmsprop": 1e-3, "adam": 1e-3, "adamw": 1e-3}

// adamwDecay is the decay of adamw, which is apart from the gradient and so takes the place of the recipe's.
const adamwDecay = 0.05

// newSolver makes the solver.
func (s *settings) newSolver() (*solvers.Solver, error) {
	options := append([]solvers.Option{solvers.Rate(s.newSchedule())}, s.decays()...)
	if s.whitenEpochs > 0 && s.whitenEpochs < float64(s.epochs) {
		learns := schedules.Then(schedules.Constant(1), schedules.Epochs(s.whitenEpochs), schedules.Constant(0))
		options = append(options, solvers.ScheduledRateFactor(learns, solvers.Only("*whiten1.bias")))
	}
	if a := s.lookahead; a.every > 0 {
		options = append(options, solvers.Lookahead(a.every, 1),
			solvers.Schedule("lookahead", slowing{keep: a.keep, epochs: float64(s.epochs)}))
	}
	solver, err := solvers.New(s.rule(), options...)
	if err == nil && s.mu.text != "" {
		solver, err = solver.With("momentum", s.mu.or(s.momentum))
	}
	return solver, err
}

// decays are what keeps weights small, and batch norm's part in it: where its weights have a rate of their own, their decay is divided by
// as much, so that they shrink as fast as all others.
func (s *settings) decays() []solvers.Option {
	_, adaptive := adaptiveRates[s.solver]
	switch {
	case s.solver == "adamw":
		return []solvers.Option{solvers.Decay(adamwDecay, solvers.Except("bias", "norm"))}
	case s.normFactor == 0 || adaptive:
		return []solvers.Option{solvers.L2(s.decay, solvers.Except("bias", "norm"))}
	}
	return []solvers.Option{
		solvers.L2(s.decay, solvers.Except("norm")),
		solvers.L2(s.decay/s.normFactor, solvers.Only("norm")),
		solvers.RateFactor(s.normFactor, solvers.Only("norm")),
	}
}

func (s *settings) rule() solvers.Rule {
	switch s.solver {
	case "sgd":
		return solvers.SGD{}
	case "momentum":
		return solvers.Momentum{Momentum: s.momentum}
	case "adagrad":
		return solvers.DefaultAdaGrad
	case "rmsprop":
		return solvers.DefaultRMSProp
	case "adam", "adamw":
		return solvers.DefaultAdam
	}
	return solvers.NAG{Momentum: s.momentum}
}

// newSchedule makes the course of the learning rate over the whole training: that of -lr where it is one. Else it is a straight rise, and in what is left constant; step, which
// divides by ten after each third; exponential, to a hundredth in the end; cosine, to zero; or linear, to the recipe's last rate.
func (s *settings) newSchedule() schedules.Schedule {
	if s.lr.schedule != nil {
		return s.lr.schedule
	}
	whole := schedules.Epochs(s.epochs)
	rise := schedules.Epochs(s.rise) * whole
	if s.schedule == "linear" && rise > 0 {
		return schedules.Piecewise(s.first*s.rate, schedules.To(rise, s.rate), schedules.To(whole, s.last*s.rate))
	}
	left := whole - rise
	var after schedules.Schedule
	switch s.schedule {
	case "constant":
		after = schedules.Constant(s.rate)
	case "step":
		after = schedules.Step(s.rate, 0.1, left/3)
	case "exponential":
		after = schedules.Exponential(s.rate, 0.01, left)
	case "cosine":
		after = schedules.Cosine(s.rate, 0, left)
	default:
		after = schedules.Linear(s.rate, s.last*s.rate, left)
	}
	if rise == 0 {
		return after
	}
	return schedules.Then(schedules.Linear(s.first*s.rate, s.rate, rise), rise, after)
}
