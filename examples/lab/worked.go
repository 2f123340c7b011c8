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

// duel is what came of gradient descent and SGD, for each seed.
type duel struct {
	// long is how many steps of SGD cost as much as steps of gradient descent
	seeds, steps, long                           int
	final, ups, ratio, floor, early, late, costs []float64 // see report
	smooth, noisy                                []float64 // mean square errors over the seeds
}

func measureWorked(l *lab, r *report) error {
	const steps = 50
	d := &duel{seeds: pick(l, 100, 30, 5), steps: steps, long: steps * 1000 / 32}
	d.smooth, d.noisy = make([]float64, d.steps), make([]float64, d.long)
	var shown [2]course
	for seed := range uint64(d.seeds) {
		if err := l.say("seed %d", seed); err != nil {
			return err
		}
		y := normals(random(seed, 2), 1000, 3, 1)
		batch, err := descendPoints(y, len(y), d.steps, seed, solvers.FullBatch{})
		if err != nil {
			return err
		}
		sgd, err := descendPoints(y, 32, d.long, seed, solvers.MiniBatch{})
		if err != nil {
			return err
		}
		d.add(batch, sgd)
		if seed == 0 {
			shown = [2]course{batch, sgd}
		}
	}
	r.set("seeds", "%d, of points and batches; batches drawn with replacement", d.seeds)
	r.set("rate", "0.1, constant")
	d.report(r)
	path := panel{title: "the first 50 steps, one seed", x: "step", y: "error"}
	cost := panel{title: "error against cost", x: "gradients of a point computed", y: "root mean square error", logX: true, logY: true}
	for k, name := range []string{"gradient descent", "SGD, batches of 32"} {
		path.add(series{name: name, x: count(d.steps), y: shown[k].errors[:d.steps]})
		s := series{name: name}
		for i, square := range [2][]float64{d.smooth, d.noisy}[k] {
			s.x, s.y = append(s.x, float64(shown[k].cost)*float64(i+1)), append(s.y, math.Sqrt(square))
		}
		cost.add(s)
	}
	r.figures = append(r.figures, figure{name: "worked-example", caption: "Left: the error of one run. Right: the root mean square error over seeds against the gradients computed so far. " +
		"SGD is ahead until it meets its noise floor.", panels: []panel{path, cost}})
	return nil
}

// add takes in the two courses of a seed.
func (d *duel) add(batch, sgd course) {
	rises := 0.0
	for k, e := range batch.errors {
		d.smooth[k] += e * e / float64(d.seeds)
		if k > 0 && e > batch.errors[k-1] {
			rises++
		}
	}
	for k, e := range sgd.errors {
		d.noisy[k] += e * e / float64(d.seeds)
	}
	d.final = append(d.final, batch.errors[d.steps-1])
	d.ups = append(d.ups, rises)
	d.ratio = append(d.ratio, float64(batch.cost)/float64(sgd.cost))
	d.floor = append(d.floor, rootMeanSquare(sgd.errors[d.steps/2:]))
	d.costs = append(d.costs, float64(first(batch.errors, 0.3)*batch.cost)/float64(first(sgd.errors, 0.3)*sgd.cost))
	d.early = append(d.early, math.Log10(sgd.errors[d.steps-1]/batch.errors[0]))
	d.late = append(d.late, math.Log10(sgd.errors[d.long-1]/batch.errors[d.steps-1]))
}

// report says what came of it.
func (d *duel) report(r *report) {
	r.set("bounds", "theory has the noise of SGD at √(η/(1−η)/32) = 0.059, a third on either side; 1,000 over 32 is 31")
	r.find("Gradient descent ends at the minimum after 50 steps.", "error after 50 steps", over(d.final), atMost(1e-3))
	r.find("Gradient descent goes smoothly: no step leads away from the minimum.", "steps of 50 after which the error was greater", over(d.ups), atMost(0))
	r.find("SGD doesn't settle: noise keeps it about 0.06 away from the minimum.", "root mean square error of SGD after its 25th step", over(d.floor), within(0.04, 0.08))
	r.find("A step of SGD costs a thirtieth.", "gradients a step, of gradient descent over SGD", over(d.ratio), within(29, 33))
	r.find("SGD is about 30 times as cheap to a coarse error of 0.3.", "gradients until the error is first below 0.3, of gradient descent over SGD", over(d.costs), within(25, 37))
	r.find("With a budget of 1,600 gradients, 50 steps of SGD and one of gradient descent, SGD wins.", "log₁₀ of SGD's error over gradient descent's", over(d.early), atMost(0))
	r.find(sprintf("With a budget of 50,000 gradients, %v steps of SGD and 50 of gradient descent, SGD still wins.", number(d.long)), "log₁₀ of SGD's error over gradient descent's", over(d.late), atMost(0))
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
