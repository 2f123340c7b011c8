package main

import (
	"math"

	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/solvers"
)

var worked = experiment{
	name:  "worked-example",
	title: "Gradient descent and SGD on the mean of 1,000 points",
	about: "The mean of (θ−y)² over 1,000 points from N(3, 1), minimised from 0 by gradient descent over all points and by mini-batches of 32, both at rate 0.1. " +
		"Gradient descent is said to go smoothly to the minimum, SGD noisily, with steps that cost a thirtieth; over a fixed budget of computing SGD is said to win as " +
		"a rule. A budget is counted in gradients of single points. examples/batch-vs-sgd is this as a program of one page.",
	measure: measureWorked,
}

// course is that of a minimisation of the quadratic.
type course struct {
	errors []float64 // |θ − mean(y)| after each step
	cost   int64     // gradients of a point that a step takes
}

func measureWorked(l *lab, r *report) error {
	seeds, steps := pick(l, 100, 30, 5), 50
	long := steps * 1000 / 32
	var final, ups, ratio, floor, early, late, costs []float64
	var batch course
	var noisy, smooth []float64 // square errors of SGD, and of gradient descent
	noisy, smooth = make([]float64, long), make([]float64, steps)
	for seed := range uint64(seeds) {
		if err := l.say("seed %d", seed); err != nil {
			return err
		}
		y := normals(random(seed, 2), 1000, 3, 1)
		var err error
		if batch, err = descendPoints(y, len(y), steps, seed, solvers.FullBatch{}); err != nil {
			return err
		}
		sgd, err := descendPoints(y, 32, long, seed, solvers.MiniBatch{})
		if err != nil {
			return err
		}
		for k, e := range sgd.errors {
			noisy[k] += e * e / float64(seeds)
		}
		rises := 0.0
		for k, e := range batch.errors {
			smooth[k] += e * e / float64(seeds)
			if k > 0 && e > batch.errors[k-1] {
				rises++
			}
		}
		final = append(final, batch.errors[steps-1])
		ups = append(ups, rises)
		ratio = append(ratio, float64(batch.cost)/float64(sgd.cost))
		floor = append(floor, rootMeanSquare(sgd.errors[steps/2:]))
		early = append(early, math.Log10(sgd.errors[steps-1]/batch.errors[0]))
		late = append(late, math.Log10(sgd.errors[long-1]/batch.errors[steps-1]))
		costs = append(costs, float64(first(batch.errors, 0.3)*batch.cost)/float64(first(sgd.errors, 0.3)*sgd.cost))
	}
	r.set("seeds", "%d, of points and batches; batches drawn with replacement", seeds)
	r.set("rate", "0.1, constant")
	r.find("Gradient descent ends at the minimum after 50 steps.", "error after 50 steps", over(final), atMost(1e-3))
	r.find("It goes smoothly: no step leads away from the minimum.", "steps of 50 after which the error was greater", over(ups), atMost(0))
	r.find("SGD doesn't settle: noise keeps it away from the minimum.", "root mean square error of SGD after its 25th step", over(floor), within(0.04, 0.08))
	r.find("A step of SGD costs a thirtieth.", "gradients a step, of gradient descent over SGD", over(ratio), within(29, 33))
	r.find("SGD is about 30 times as cheap to a coarse error of 0.3.", "gradients until the error is first below 0.3, of gradient descent over SGD", over(costs), within(25, 37))
	r.find("With a budget of 1,600 gradients, 50 steps of SGD and one of gradient descent, SGD wins.", "log₁₀ of SGD's error over gradient descent's", over(early), atMost(0))
	r.find(sprintf("With a budget of 50,000 gradients, %d steps of SGD and 50 of gradient descent, SGD still wins.", long), "log₁₀ of SGD's error over gradient descent's", over(late), atMost(0))
	steepness := panel{title: "error against cost", x: "gradients of a point computed", y: "root mean square error", logX: true, logY: true}
	path := panel{title: "the first 50 steps, one seed", x: "step", y: "error"}
	for _, c := range []struct {
		name    string
		squares []float64
		cost    float64
	}{{"gradient descent", smooth, 1000}, {"SGD, batches of 32", noisy, 32}} {
		var x, y []float64
		for k, s := range c.squares {
			x, y = append(x, c.cost*float64(k+1)), append(y, math.Sqrt(s))
		}
		steepness.add(series{name: c.name, x: x, y: y})
	}
	y := normals(random(0, 2), 1000, 3, 1)
	sgd, err := descendPoints(y, 32, steps, 0, solvers.MiniBatch{})
	if err != nil {
		return err
	}
	path.add(series{name: "gradient descent", x: count(steps), y: batch.errors})
	path.add(series{name: "SGD, batches of 32", x: count(steps), y: sgd.errors})
	r.figures = append(r.figures, figure{name: "worked-example", caption: "Left: the error of one run. Right: the root mean square error over seeds against the gradients computed so far. " +
		"SGD is ahead until it meets its noise floor.", panels: []panel{path, steepness}})
	return nil
}

// descendPoints minimises the mean of (θ−y)² from 0 at rate 0.1.
func descendPoints(y []float64, batch, steps int, seed uint64, from solvers.Estimator) (p course, err error) {
	f, err := quadratic(y)
	if err != nil {
		return p, err
	}
	run, err := descent{of: f, batch: batch, seed: seed, sample: solvers.WithReplacement, rate: schedules.Constant(0.1), options: []solvers.Option{solvers.From(from)}}.open()
	if err != nil {
		return p, err
	}
	centre := mean(y)
	for range steps {
		info, err := run.Next()
		if err != nil {
			return p, err
		}
		p.cost = info.Gradients
		p.errors = append(p.errors, math.Abs(run.Weights().At(0)-centre))
	}
	return p, nil
}

// first is the number of steps until an error is first below a bound.
func first(errors []float64, bound float64) int64 {
	for k, e := range errors {
		if e < bound {
			return int64(k + 1)
		}
	}
	return int64(len(errors))
}

// count is 1 to n.
func count(n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = float64(i + 1)
	}
	return x
}

func rootMeanSquare(x []float64) float64 {
	total := 0.0
	for _, v := range x {
		total += v * v / float64(len(x))
	}
	return math.Sqrt(total)
}
