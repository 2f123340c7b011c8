package main

import (
	"github.com/fallline/fallline/linear"
	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/solvers"
	"github.com/fallline/fallline/train"
	"github.com/fallline/fallline/vector"
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
func regression(n, d int, seed uint64) (f *linear.Objective, lowest float64, err error) {
	rng := random(seed, 3)
	x, w, y := normals(rng, n*d, 0, 1), normals(rng, d, 0, 1), normals(rng, n, 0, 1)
	for i := range n {
		for j := range d {
			y[i] += x[i*d+j] * w[j]
		}
	}
	f, err = linear.New(linear.Model{Rows: linear.Dense{Rows: n, Cols: d, F64: x}, Labels: y, Loss: linear.Squared, Type: vector.Float64})
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

// balls are the excess losses at constant rates and at the end of schedules, for each seed.
type balls struct {
	wander, steps   int
	rates           []float64
	falling         []regime
	drawn, dealt    [][]float64 // for each rate: with replacement, and reshuffled
	slopes, again   []float64   // of the two
	still           []float64   // the last quarter at the highest rate over the one before
	ends            [][]float64 // for each schedule, over the ball of its constant rate
	courses         []series    // of the schedules, one seed
	examples, width int
}

func measureNoiseBall(l *lab, r *report) error {
	const peak = 0.02
	seeds := pick(l, 6, 3, 2)
	b := &balls{wander: pick(l, 60000, 30000, 4000), steps: pick(l, 20000, 20000, 3000), rates: []float64{0.0005, 0.001, 0.002, 0.004, 0.008}, examples: 1000, width: 20}
	b.falling = []regime{
		{name: "constant", rate: schedules.Constant(peak)},
		{name: "steps of ÷10", rate: schedules.Milestones(peak, 0.1, b.steps/2, b.steps*3/4, b.steps*9/10)},
		{name: "exponential", rate: schedules.Exponential(peak, 1e-3, b.steps)},
		{name: "cosine", rate: schedules.Cosine(peak, 0, b.steps)},
		{name: "1/t", rate: schedules.InverseTime(peak, b.steps/50)},
	}
	b.drawn, b.dealt, b.ends = make([][]float64, len(b.rates)), make([][]float64, len(b.rates)), make([][]float64, len(b.falling))
	for seed := range uint64(seeds) {
		f, lowest, err := regression(b.examples, b.width, seed)
		if err != nil {
			return err
		}
		if err := b.atConstantRates(l, f, lowest, seed); err != nil {
			return err
		}
		if err := b.underSchedules(l, f, lowest, seed); err != nil {
			return err
		}
	}
	r.set("data", "linear regression, %d examples of %d normal features, noise of variance 1, squared loss; SGD with batches of 1", b.examples, b.width)
	r.set("order", "drawn with replacement, but where it says reshuffled: each epoch in another order")
	r.set("steps", "%d for the size of the ball, measured over the second half; %d for the schedules", b.wander, b.steps)
	for _, s := range b.falling {
		r.set(s.name, "%v", s.rate)
	}
	r.set("seeds", "%d, of data and order", seeds)
	b.report(r)
	return nil
}

// atConstantRates measures the balls.
func (b *balls) atConstantRates(l *lab, f *linear.Objective, lowest float64, seed uint64) error {
	var drawn, dealt []float64
	for k, rate := range b.rates {
		if err := l.say("seed %d, rate %v", seed, rate); err != nil {
			return err
		}
		c, err := follow(f, lowest, solvers.WithReplacement, schedules.Constant(rate), b.wander, seed)
		if err != nil {
			return err
		}
		n := len(c.y)
		drawn = append(drawn, mean(c.y[n/2:]))
		if k == len(b.rates)-1 {
			b.still = append(b.still, mean(c.y[n*3/4:])/mean(c.y[n/2:n*3/4]))
		}
		if c, err = follow(f, lowest, solvers.Reshuffled, schedules.Constant(rate), b.wander, seed); err != nil {
			return err
		}
		dealt = append(dealt, mean(c.y[n/2:]))
		b.drawn[k], b.dealt[k] = append(b.drawn[k], drawn[k]), append(b.dealt[k], dealt[k])
	}
	b.slopes, b.again = append(b.slopes, slope(b.rates, drawn)), append(b.again, slope(b.rates, dealt))
	return nil
}

// underSchedules measures how far inside the ball schedules end.
func (b *balls) underSchedules(l *lab, f *linear.Objective, lowest float64, seed uint64) error {
	constant := 0.0
	for k, s := range b.falling {
		if err := l.say("seed %d, %s", seed, s.name); err != nil {
			return err
		}
		c, err := follow(f, lowest, solvers.WithReplacement, s.rate, b.steps, seed)
		if err != nil {
			return err
		}
		if k == 0 {
			constant = mean(c.y[len(c.y)/2:])
		}
		b.ends[k] = append(b.ends[k], mean(c.y[len(c.y)*98/100:])/constant)
		if seed == 0 {
			b.courses = append(b.courses, series{name: s.name, x: c.x, y: c.y})
		}
	}
	return nil
}

// report says what came of it.
func (b *balls) report(r *report) {
	r.set("bounds", "an exponent counts as 1 within 0.15; the end of a schedule as inside the ball below half of it, loss still as falling outside a fifth")
	r.find("The ball grows in proportion to the rate, where examples are drawn at random.", "slope of log excess loss against log rate, drawn with replacement", over(b.slopes), within(0.85, 1.15))
	r.find("The ball grows in proportion to the rate, too, where each epoch goes through all examples in another order.", "slope of log excess loss against log rate, reshuffled", over(b.again), within(0.85, 1.15))
	r.find("At a constant rate the loss stops falling.", "excess loss in the last quarter over that in the third", over(b.still), within(0.8, 1.25))
	for k, s := range b.falling[1:] {
		r.find("A falling rate converges inside the ball: "+s.name+".", "excess loss at the end over that of the constant rate the schedule begins with", over(b.ends[k+1]), atMost(0.5))
	}
	law := series{name: "in proportion to the rate", x: b.rates, law: true}
	for _, rate := range b.rates {
		law.y = append(law.y, mean(b.drawn[0])*rate/b.rates[0])
	}
	r.figures = append(r.figures, figure{name: "noise-ball", caption: "Left: how far above the lowest the loss stays, against the rate. Right: how schedules go on falling, for one seed.", panels: []panel{
		{title: "size of the ball", x: "rate", y: "excess loss", logX: true, logY: true, series: []series{
			overSeeds("with replacement", b.rates, b.drawn), overSeeds("reshuffled", b.rates, b.dealt), law,
		}},
		{title: "schedules", x: "step", y: "excess loss", logY: true, series: b.courses},
	}})
}

// follow runs SGD with single examples and looks at the excess loss 500 times on the way.
func follow(f *linear.Objective, lowest float64, sample train.Sampler, rate schedules.Schedule, steps int, seed uint64) (c series, err error) {
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
