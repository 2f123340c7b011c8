package main

import (
	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/solvers"
)

// reportOvershoot compares how far momentum and Nesterov's method go past the minimum of a parabola.
func reportOvershoot(l *lab, r *report) (panel, error) {
	p := panel{title: "overshoot, rate 0.3 over the curvature", x: "iteration", y: "coordinate"}
	f, err := bowl(1)
	if err != nil {
		return p, err
	}
	worst, shown := 0.0, 0.0
	for _, rate := range []float64{0.05, 0.1, 0.2, 0.3, 0.5, 0.8, 1} {
		var past [2]float64
		for k, rule := range []solvers.Rule{solvers.Momentum{Momentum: 0.9, Form: solvers.Textbook}, solvers.NAG{Momentum: 0.9, Form: solvers.Textbook}} {
			run, err := descent{of: f, from: start(f, 1), rule: rule, rate: schedules.Constant(rate)}.open()
			if err != nil {
				return p, err
			}
			s := series{name: []string{"momentum 0.9", "Nesterov 0.9"}[k], x: []float64{0}, y: []float64{1}}
			theta := f.NewVector()
			for t := range 60 {
				if _, err := run.Next(); err != nil {
					return p, err
				}
				if err := run.Solution(theta); err != nil {
					return p, err
				}
				s.x, s.y = append(s.x, float64(t+1)), append(s.y, theta.At(0))
				past[k] = max(past[k], -theta.At(0))
			}
			if rate == 0.3 {
				p.add(s)
			}
		}
		worst = max(worst, past[1]/past[0])
		if rate == 0.3 {
			shown = past[1] / past[0]
		}
	}
	r.find("The look-ahead corrects the course before it overshoots.", "how far Nesterov's method goes past the minimum, over how far momentum does, at rate 0.3/L", exact(shown), atMost(0.9))
	r.find("The look-ahead overshoots less at every rate.", "the greatest such ratio for rates from 0.05/L to 1/L", exact(worst), atMost(0.98))
	return p, nil
}
