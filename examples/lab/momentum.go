package main

import (
	"math"

	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/solvers"
)

var momentum = experiment{
	name:  "momentum",
	title: "Momentum in an elongated valley",
	about: "A quadratic that is steep in one direction and gentle in the other, with a ratio κ of the curvatures. Momentum μ is said to multiply the step where gradients agree by " +
		"1/(1−μ), to damp the oscillation across the valley, and to carry a ball through small bumps. Theory has the best μ at ((√κ−1)/(√κ+1))².",
	measure: measureMomentum,
}

// bowl is the quadratic 1/2 Σ λ_i w_i².
func bowl(curvatures ...float64) (*solvers.FiniteSum, error) {
	return sum(1, len(curvatures), func(w, g []float64, _ int) float64 {
		f := 0.0
		for i, c := range curvatures {
			f += c * w[i] * w[i] / 2
			if g != nil {
				g[i] += c * w[i]
			}
		}
		return f
	})
}

// heavy begins gradient descent with momentum from w.
func heavy(f *solvers.FiniteSum, mu, rate float64, w ...float64) (*solvers.Run, error) {
	return descent{of: f, from: start(f, w...), rule: solvers.Momentum{Momentum: mu}, rate: schedules.Constant(rate)}.open()
}

func measureMomentum(l *lab, r *report) error {
	valley, err := reportBest(l, r)
	if err != nil {
		return err
	}
	for _, report := range []func(*lab, *report) error{reportStep, reportSpeed} {
		if err := report(l, r); err != nil {
			return err
		}
	}
	swing, err := reportSwing(l, r)
	if err != nil {
		return err
	}
	roll, err := reportBumps(l, r)
	if err != nil {
		return err
	}
	r.figures = append(r.figures, figure{
		name: "momentum", caption: "Left: iterations to a millionth of the distance against μ, at the best rate for each; the marks are theory's best μ, ((√κ−1)/(√κ+1))². Right: the coordinate across the valley at a rate of 1.9 over its curvature.",
		panels: []panel{valley, swing},
	}, figure{
		name: "momentum-bumps", caption: "Left: a loss with bumps, and where a start comes to rest with momentum and without. Right: the loss on the way: with momentum it rises at each bump, and goes over it.", panels: roll,
	})
	return nil
}

// reportStep measures the step where all gradients agree, down a slope that is the same everywhere.
func reportStep(l *lab, r *report) error {
	f, err := sum(1, 1, func(w, g []float64, _ int) float64 {
		if g != nil {
			g[0]--
		}
		return -w[0]
	})
	if err != nil {
		return err
	}
	worst := 0.0
	for _, mu := range []float64{0, 0.5, 0.9, 0.99} {
		run, err := heavy(f, mu, 0.1, 0)
		if err != nil {
			return err
		}
		if _, err := run.Advance(3000); err != nil {
			return err
		}
		before := run.Weights().At(0)
		if _, err := run.Advance(100); err != nil {
			return err
		}
		step := (run.Weights().At(0) - before) / 100 / 0.1
		worst = max(worst, math.Abs(step*(1-mu)-1))
	}
	r.find("Where gradients agree a step is 1/(1−μ) times as long.", "greatest relative distance of the step from η/(1−μ), for μ of 0, 0.5, 0.9 and 0.99", exact(worst), atMost(0.01))
	return nil
}

// reportSpeed measures what μ = 0.9 gains along the gentle direction, at the rate that gradient descent takes.
func reportSpeed(l *lab, r *report) error {
	for _, kappa := range []float64{100, 1000} {
		var iterations [2]float64
		for k, mu := range []float64{0, 0.9} {
			f, err := bowl(1, kappa)
			if err != nil {
				return err
			}
			run, err := heavy(f, mu, 1/kappa, 1, 1)
			if err != nil {
				return err
			}
			last := 0
			for i := range 20 * int(kappa) {
				if _, err := run.Next(); err != nil {
					return err
				}
				if math.Abs(run.Weights().At(0)) > 0.01 {
					last = i + 1
				}
			}
			iterations[k] = float64(last)
		}
		r.find(sprintf("μ = 0.9 is 10 times as fast along a valley of κ = %v, at the same rate.", kappa), "iterations until the gentle coordinate stays below a hundredth, without momentum over with it",
			exact(iterations[0]/iterations[1]), within(8, 12))
	}
	return nil
}

// reportSwing measures the oscillation in the steep direction.
func reportSwing(l *lab, r *report) (panel, error) {
	p := panel{title: "across the valley", x: "iteration", y: "steep coordinate"}
	var plain float64
	for _, mu := range []float64{0, 0.5, 0.9} {
		f, err := bowl(1)
		if err != nil {
			return p, err
		}
		run, err := heavy(f, mu, 1.9, 1)
		if err != nil {
			return p, err
		}
		s := series{name: sprintf("μ = %v", mu), x: []float64{0}, y: []float64{1}}
		for k := range 40 {
			if _, err := run.Next(); err != nil {
				return p, err
			}
			s.x, s.y = append(s.x, float64(k+1)), append(s.y, run.Weights().At(0))
		}
		late := rootMeanSquare(s.y[20:])
		if mu == 0 {
			plain = late
		} else {
			r.find(sprintf("Momentum of %v damps the oscillation across the valley.", mu), "root mean square of the steep coordinate in iterations 20 to 40, over that without momentum, at rate 1.9/L",
				exact(late/plain), atMost(0.5))
		}
		p.add(s)
	}
	return p, nil
}
