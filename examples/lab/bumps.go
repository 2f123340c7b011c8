package main

import "math"

// bumpy is a gentle bowl with bumps, and its slope.
func bumpy(x float64) (f, slope float64) {
	return 0.025*x*x + 0.05*(1-math.Cos(4*x)), 0.05*x + 0.2*math.Sin(4*x)
}

// reportBumps lets balls roll.
func reportBumps(l *lab, r *report) ([]panel, error) {
	p, fall := panel{title: "one start", x: "x", y: "loss"}, panel{title: "its way down", x: "iteration", y: "loss", logX: true}
	f, err := sum(1, 1, func(w, g []float64, _ int) float64 {
		f, slope := bumpy(w[0])
		if g != nil {
			g[0] += slope
		}
		return f
	})
	if err != nil {
		return nil, err
	}
	p.add(drawn("the loss", bumpy, -8.5, 8.5))
	trials := pick(l, 200, 60, 8)
	ways := []string{"gradient descent", "momentum 0.9"}
	var falls []float64
	hits := [2]int{}
	for trial := range uint64(trials) {
		if err := l.say("bumps, start %d", trial); err != nil {
			return nil, err
		}
		rng := random(trial, 6)
		x := (5 + 3*rng.Float64()) * float64(1-2*rng.IntN(2))
		if trial == 0 {
			began, _ := bumpy(x)
			p.add(series{name: "start", x: []float64{x}, y: []float64{began}, alone: true})
		}
		var ends [2]float64
		for k, mu := range []float64{0, 0.9} {
			run, err := heavy(f, mu, 0.1, x)
			if err != nil {
				return nil, err
			}
			way := series{name: ways[k]}
			for t := range 600 {
				info, err := run.Next()
				if err != nil {
					return nil, err
				}
				way.x, way.y = append(way.x, float64(t+1)), append(way.y, info.Loss)
			}
			at := run.Weights().At(0)
			if ends[k], _ = bumpy(at); math.Abs(at) < math.Pi/4 {
				hits[k]++
			}
			if trial == 0 {
				p.add(series{name: ways[k], x: []float64{at}, y: []float64{ends[k]}, alone: true})
				fall.add(way)
			}
		}
		falls = append(falls, ends[1]-ends[0])
	}
	r.set("bounds for bumps", "lower by half a bump, which is 0.1 high; half of the starts, and a tenth")
	r.set("bumps", "loss 0.025 x² + 0.05 (1 − cos 4x), starts at 5 to 8 on either side, rate 0.1, 600 iterations")
	r.find("A ball rolls through small bumps: momentum comes to rest lower than gradient descent.", "loss at the end with momentum 0.9 less that without, over random starts", over(falls), atMost(-0.05))
	r.find("With momentum the ball comes to rest in the lowest of all dips.", "part of the starts that end there with momentum 0.9", share(hits[1], trials), atLeast(0.5))
	r.find("Gradient descent gets caught before the lowest dip.", "part of the starts that end in the lowest dip without momentum", share(hits[0], trials), atMost(0.1))
	return []panel{p, fall}, nil
}

// drawn is the curve of a function between two places.
func drawn(name string, f func(x float64) (value, slope float64), from, to float64) series {
	s := series{name: name}
	for k := range most {
		x := from + (to-from)*float64(k)/(most-1)
		v, _ := f(x)
		s.x, s.y = append(s.x, x), append(s.y, v)
	}
	return s
}
