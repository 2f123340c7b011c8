package main

import (
	"math"

	"github.com/fallline/fallline/nn/models"
	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/solvers"
	"github.com/fallline/fallline/train"
)

// trial is a short training of a small network on n digits at a constant rate, to see whether the rate works.
type trial struct {
	n, batch, steps int
	rule            solvers.Rule
	rate            float64
	warm            bool // the rate rises over the first two fifths
	seed            uint64
}

// loss is the mean training loss over the last tenth of the steps; infinite where the training diverges.
func (t trial) loss(l *lab, options ...train.Option) (float64, error) {
	data, _, err := l.subset(t.n, t.seed)
	if err != nil {
		return 0, err
	}
	rate := schedules.Constant(t.rate)
	if t.warm {
		rate = schedules.Warmup(t.steps*2/5, rate)
	}
	var c series
	_, _, err = training{net: models.MLP(10, 256, 256, 256), data: data, rule: t.rule, rate: rate, batch: t.batch, seed: t.seed,
		options: append(options, train.Iterations(t.steps), losses(1, &c))}.fit(l.ctx)
	if diverged(err) {
		return math.Inf(1), nil
	}
	if err != nil {
		return 0, err
	}
	return mean(c.y[len(c.y)*9/10:]), nil
}
