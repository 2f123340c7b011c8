package training

import (
	"strconv"

	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/solvers"
)

var (
	// Solvers are the names of the rules.
	Solvers = []string{"sgd", "momentum", "nag", "adagrad", "rmsprop", "adam", "adamw"}
	// Courses are the names of the ways that a learning rate takes.
	Courses = []string{"constant", "step", "exponential", "cosine", "linear"}
)

// adaptiveRates are the learning rates of the rules that scale each weight's steps, whatever the network and the batch.
var adaptiveRates = map[string]float64{"adagrad": 0.02, "rmsprop": 1e-3, "adam": 1e-3, "adamw": 1e-3}

// Adaptive says whether the rule scales each weight's steps.
func (s *Settings) Adaptive() bool { return adaptiveRates[s.Solver] > 0 }

// NewSolver makes the solver of the rule, with the momentum that was given.
func (s *Settings) NewSolver(options ...solvers.Option) (*solvers.Solver, error) {
	solver, err := solvers.New(s.rule(), options...)
	if momentum := s.MomentumFlag.schedule(); err == nil && momentum != nil {
		solver, err = solver.With("momentum", momentum)
	}
	return solver, err
}

func (s *Settings) rule() solvers.Rule {
	switch s.Solver {
	case "sgd":
		return solvers.SGD{}
	case "momentum":
		return solvers.Momentum{Momentum: s.Momentum}
	case "adagrad":
		return solvers.DefaultAdaGrad
	case "rmsprop":
		return solvers.DefaultRMSProp
	case "adam", "adamw":
		return solvers.DefaultAdam
	}
	return solvers.NAG{Momentum: s.Momentum}
}

// Share is a share of a quantity as decimal numbers have it: 0.2 of 1.5 is 0.3. The product in floating point is
// 0.30000000000000004.
func Share(share, of float64) float64 {
	x, _ := strconv.ParseFloat(strconv.FormatFloat(share*of, 'g', 15, 64), 64) // reads back all that is written
	return x
}

// Course is the way from one rate to another that -schedule names: constant; step, which divides by ten after each
// third; exponential, to a hundredth in the end; cosine, to zero; or linear, to the last rate.
func Course[L schedules.Length](name string, rate, last float64, third, all L) schedules.Schedule {
	switch name {
	case "constant":
		return schedules.Constant(rate)
	case "step":
		return schedules.Step(rate, 0.1, third)
	case "exponential":
		return schedules.Exponential(rate, 0.01, all)
	case "cosine":
		return schedules.Cosine(rate, 0, all)
	}
	return schedules.Linear(rate, last, all)
}
