package main

import (
	"math"

	"github.com/fallline/fallline/linear"
	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/solvers"
	"github.com/fallline/fallline/vector"
)

var nesterov = experiment{
	name:  "nesterov",
	title: "Nesterov's method against gradient descent",
	about: "On smooth convex functions the error of gradient descent falls as 1/t, and that of Nesterov's method as 1/t². Both are bounds for the worst case, so they are measured " +
		"where they are tight: on a quadratic in 400 dimensions with curvatures spread evenly over many powers of ten, at rate 1/L. Then on softmax regression without a regulariser. The look-ahead is " +
		"said to correct the course before it overshoots: measured in one dimension against momentum of the same strength.",
	measure: measureNesterov,
}

// accelerate is μ(t) = t/(t+3), the momentum for a convex function.
var accelerate = schedules.Func("t/(t+3)", 1, func(t float64) float64 { return t / (t + 3) })

// methods are the two methods at a rate.
func methods(f solvers.Objective, rate float64) map[string]descent {
	all := []solvers.Option{solvers.From(solvers.FullBatch{})}
	return map[string]descent{
		"gradient descent": {of: f, rate: schedules.Constant(rate), options: all},
		"Nesterov": {of: f, rate: schedules.Constant(rate), rule: solvers.NAG{Form: solvers.Textbook},
			options: append(all, solvers.Schedule("momentum", accelerate))},
	}
}

func measureNesterov(l *lab, r *report) error {
	rates, err := reportRates(l, r)
	if err != nil {
		return err
	}
	softmax, err := reportSoftmax(l, r)
	if err != nil {
		return err
	}
	overshoot, err := reportOvershoot(l, r)
	if err != nil {
		return err
	}
	r.set("momentum", "%v for Nesterov's method, 0.9 for the overshoot", accelerate)
	r.figures = append(r.figures, figure{name: "nesterov", caption: "Left and middle: error against iterations, one seed, with the slopes of 1/t and 1/t². Right: the same start and rate with momentum 0.9 and with Nesterov's look-ahead.",
		panels: []panel{rates, softmax, overshoot}})
	return nil
}

// reportRates measures the slopes on the quadratic.
func reportRates(l *lab, r *report) (panel, error) {
	const d, first = 400, 30
	last, seeds := pick(l, 3000, 1500, 300), pick(l, 10, 3, 2)
	p := panel{title: "quadratic", x: "iteration t", y: "error", logX: true, logY: true}
	slopes := map[string][]float64{}
	curvatures := make([]float64, d)
	for i := range curvatures {
		curvatures[i] = math.Pow(10, -8*float64(i)/(d-1))
	}
	for seed := range uint64(seeds) {
		f, err := bowl(curvatures...)
		if err != nil {
			return p, err
		}
		w := normals(random(seed, 7), d, 0, 1)
		for _, name := range []string{"gradient descent", "Nesterov"} {
			if err := l.say("quadratic, seed %d, %s", seed, name); err != nil {
				return p, err
			}
			m := methods(f, 1)[name]
			m.from = start(f, w...)
			run, err := m.open()
			if err != nil {
				return p, err
			}
			s := series{name: name}
			for t := 1; t <= last; t++ {
				if _, err := run.Next(); err != nil {
					return p, err
				}
				theta := f.NewVector()
				if err := run.Solution(theta); err != nil {
					return p, err
				}
				loss, err := f.Loss(theta, everything(1))
				if err != nil {
					return p, err
				}
				s.x, s.y = append(s.x, float64(t)), append(s.y, loss)
			}
			slopes[name] = append(slopes[name], evenSlope(s.x, s.y, first))
			if seed == 0 {
				p.add(s)
			}
		}
	}
	for k, law := range []string{"1/t", "1/t²"} {
		s := series{name: law, law: true}
		for _, t := range p.series[k].x[first:] {
			s.x, s.y = append(s.x, t), append(s.y, p.series[k].y[first]*math.Pow(first/t, float64(k+1)))
		}
		p.add(s)
	}
	r.set("bounds", "exponents within 0.15 of their size; an overshoot counts as less from a tenth on at 0.3/L, from a fiftieth on at every rate")
	r.set("quadratic", "1/2 Σ λ w², %d curvatures from 1 to 1e-8, evenly in the logarithm, starts from N(0, 1), rate 1/L = 1; slopes from iteration %d to %d", d, first, last)
	r.set("seeds", "%d, of the starts", seeds)
	r.find("The error of gradient descent falls as 1/t.", "slope of log error against log iteration", over(slopes["gradient descent"]), within(-1.15, -0.85))
	r.find("The error of Nesterov's method falls as 1/t².", "slope of log error against log iteration", over(slopes["Nesterov"]), within(-2.3, -1.7))
	return p, nil
}

// evenSlope is the slope from a place on, with points evenly spread over the logarithm of x.
func evenSlope(x, y []float64, first float64) float64 {
	var u, v []float64
	next := first
	for i := range x {
		if x[i] >= next {
			u, v, next = append(u, x[i]), append(v, y[i]), x[i]*1.05
		}
	}
	return slope(u, v)
}

// reportSoftmax compares the two on digits.
func reportSoftmax(l *lab, r *report) (panel, error) {
	n, steps, seeds := pick(l, 1000, 500, 100), pick(l, 500, 300, 50), pick(l, 5, 3, 2)
	p := panel{title: "softmax regression on digits", x: "iteration t", y: "training loss", logX: true, logY: true}
	var ratios []float64
	for seed := range uint64(seeds) {
		rows, labels, err := l.pixels(n, seed)
		if err != nil {
			return p, err
		}
		f, err := linear.New(linear.Model{Rows: linear.Dense{Rows: n, Cols: len(rows) / n, F64: rows}, Labels: labels, Loss: linear.Softmax, Classes: 10, Type: vector.Float64})
		if err != nil {
			return p, err
		}
		smooth, err := f.FullSmoothness(20)
		if err != nil {
			return p, err
		}
		var ends [2]float64
		for k, name := range []string{"gradient descent", "Nesterov"} {
			if err := l.say("softmax, seed %d, %s", seed, name); err != nil {
				return p, err
			}
			run, err := methods(f, 1/smooth)[name].open()
			if err != nil {
				return p, err
			}
			s := series{name: name}
			for t := range steps {
				info, err := run.Next()
				if err != nil {
					return p, err
				}
				s.x, s.y = append(s.x, float64(t+1)), append(s.y, info.Loss)
			}
			ends[k] = s.y[steps-1]
			if seed == 0 {
				p.add(s)
			}
		}
		ratios = append(ratios, ends[0]/ends[1])
	}
	r.set("softmax regression", "%d digits, without a regulariser, all examples a step, rate 1/L_f", n)
	r.find("On softmax regression, too, Nesterov's method is ahead.", sprintf("training loss after %d iterations, of gradient descent over Nesterov's", steps), over(ratios), atLeast(2))
	return p, nil
}
