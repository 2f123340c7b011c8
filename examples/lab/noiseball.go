package main

import (
	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/solvers"
	"github.com/fallline/fallline/train"
	"gorgonia.org/tensor"
)

var noiseBall = experiment{
	name:  "noise-ball",
	title: "A constant rate ends in a ball of noise",
	about: "At a constant rate SGD gets into the neighbourhood of the minimum and then wanders about it, the further the greater the rate: the loss stays above the " +
		"lowest by an amount in proportion to the rate. Schedules that lower the rate converge inside that ball: in steps, exponentially, along a cosine, or as 1/t " +
		"(Robbins and Monro). Measured on a linear regression with 20 features and 1,000 examples, one example a step.",
	measure: measureNoiseBall,
}

// regression makes a linear regression of made data, and finds its lowest loss.
func regression(n, d int, seed uint64) (f *solvers.Linear, lowest float64, err error) {
	rng := random(seed, 3)
	x, w, y := normals(rng, n*d, 0, 1), normals(rng, d, 0, 1), normals(rng, n, 0, 1)
	for i := range n {
		for j := range d {
			y[i] += x[i*d+j] * w[j]
		}
	}
	f, err = solvers.NewLinear(solvers.LinearModel{Rows: solvers.Dense{Rows: n, Cols: d, F64: x}, Labels: y, Loss: solvers.Squared, Dtype: tensor.Float64})
	if err != nil {
		return nil, 0, err
	}
	l, err := f.FullSmoothness(50)
	if err != nil {
		return nil, 0, err
	}
	run, err := descent{of: f, rate: schedules.Constant(1 / l), options: []solvers.Option{solvers.From(solvers.FullBatch{})}}.open()
	if err != nil {
		return nil, 0, err
	}
	if _, err := run.Advance(400); err != nil {
		return nil, 0, err
	}
	lowest, err = f.Loss(run.Weights(), everything(n))
	return f, lowest, err
}

func measureNoiseBall(l *lab, r *report) error {
	const n, d, peak = 1000, 20, 0.02
	seeds := pick(l, 6, 3, 2)
	rates := []float64{0.0005, 0.001, 0.002, 0.004, 0.008}
	wander, steps := pick(l, 60000, 30000, 4000), pick(l, 20000, 20000, 3000)
	falling := []struct {
		name string
		of   schedules.Schedule
	}{
		{"constant", schedules.Constant(peak)},
		{"steps of ÷10", schedules.Milestones(peak, 0.1, steps/2, steps*3/4, steps*9/10)},
		{"exponential", schedules.Exponential(peak, 1e-3, steps)},
		{"cosine", schedules.Cosine(peak, 0, steps)},
		{"1/t", schedules.InverseTime(peak, steps/50)},
	}
	balls, shuffled := make([][]float64, len(rates)), make([][]float64, len(rates))
	ends := make([][]float64, len(falling))
	courses := make([]series, len(falling))
	var slopes, again, still []float64
	for seed := range uint64(seeds) {
		f, lowest, err := regression(n, d, seed)
		if err != nil {
			return err
		}
		var drawn, dealt []float64
		for k, rate := range rates {
			if err := l.say("seed %d, rate %v", seed, rate); err != nil {
				return err
			}
			c, err := follow(f, lowest, solvers.WithReplacement, schedules.Constant(rate), wander, seed)
			if err != nil {
				return err
			}
			drawn = append(drawn, mean(c.y[len(c.y)/2:]))
			balls[k] = append(balls[k], drawn[k])
			if k == len(rates)-1 {
				still = append(still, mean(c.y[len(c.y)*3/4:])/mean(c.y[len(c.y)/2:len(c.y)*3/4]))
			}
			if c, err = follow(f, lowest, solvers.Reshuffled, schedules.Constant(rate), wander, seed); err != nil {
				return err
			}
			dealt = append(dealt, mean(c.y[len(c.y)/2:]))
			shuffled[k] = append(shuffled[k], dealt[k])
		}
		slopes, again = append(slopes, slope(rates, drawn)), append(again, slope(rates, dealt))
		var constant float64
		for k, s := range falling {
			if err := l.say("seed %d, %s", seed, s.name); err != nil {
				return err
			}
			c, err := follow(f, lowest, solvers.WithReplacement, s.of, steps, seed)
			if err != nil {
				return err
			}
			end := mean(c.y[len(c.y)*98/100:])
			if k == 0 {
				constant = mean(c.y[len(c.y)/2:])
			}
			ends[k] = append(ends[k], end/constant)
			courses[k] = series{name: s.name, x: c.x, y: c.y}
		}
	}
	r.set("data", "linear regression, %d examples of %d normal features, noise of variance 1, squared loss; SGD with batches of 1", n, d)
	r.set("steps", "%d for the size of the ball, measured over the second half; %d for the schedules", wander, steps)
	for _, s := range falling {
		r.set(s.name, "%v", s.of)
	}
	r.set("seeds", "%d, of data and order", seeds)
	r.set("order", "drawn with replacement, but where it says reshuffled: each epoch in another order")
	r.find("The ball grows in proportion to the rate, where examples are drawn at random.", "slope of log excess loss against log rate, drawn with replacement", over(slopes), within(0.85, 1.15))
	r.find("It does so, too, where each epoch goes through all examples in another order.", "slope of log excess loss against log rate, reshuffled", over(again), within(0.85, 1.15))
	r.find("At a constant rate the loss stops falling.", "excess loss in the last quarter over that in the third", over(still), within(0.8, 1.25))
	for k, s := range falling[1:] {
		r.find("Inside the ball: "+s.name+".", "excess loss at the end over that of the constant rate the schedule begins with", over(ends[k+1]), atMost(0.5))
	}
	ball := panel{title: "size of the ball", x: "rate", y: "excess loss", logX: true, logY: true}
	ball.add(overSeeds("with replacement", rates, balls))
	ball.add(overSeeds("reshuffled", rates, shuffled))
	law := series{name: "in proportion to the rate", x: rates, law: true}
	for _, rate := range rates {
		law.y = append(law.y, mean(balls[0])*rate/rates[0])
	}
	ball.add(law)
	r.figures = append(r.figures, figure{name: "noise-ball", caption: "Left: how far above the lowest the loss stays, against the rate. Right: how schedules go on falling, for one seed.",
		panels: []panel{ball, {title: "schedules", x: "step", y: "excess loss", logY: true, series: courses}}})
	return nil
}

// follow runs SGD with single examples and looks at the excess loss 500 times on the way.
func follow(f *solvers.Linear, lowest float64, sample train.Sampler, rate schedules.Schedule, steps int, seed uint64) (c series, err error) {
	run, err := descent{of: f, batch: 1, seed: seed, sample: sample, rate: rate}.open()
	if err != nil {
		return c, err
	}
	all, every := everything(f.Len()), max(1, steps/500)
	for k := every; k <= steps; k += every {
		if _, err := run.Advance(every); err != nil {
			return c, err
		}
		loss, err := f.Loss(run.Weights(), all)
		if err != nil {
			return c, err
		}
		c.x, c.y = append(c.x, float64(k)), append(c.y, loss-lowest)
	}
	return c, nil
}
