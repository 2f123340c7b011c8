package main

import (
	"math"

	"github.com/fallline/fallline/linear"
	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/solvers"
	"github.com/fallline/fallline/vector"
)

var redundancy = experiment{
	name:  "redundancy",
	title: "The same data twice over",
	about: "Many examples say much the same. In the extreme each stands in the data twice: that teaches nothing new, but gradient descent over everything " +
		"pays for it in full, while SGD draws as many examples as before. Measured is what softmax regression on digits costs until the training loss is down to a level, in " +
		"gradients of single examples; evaluating the loss isn't counted.",
	measure: measureRedundancy,
}

func measureRedundancy(l *lab, r *report) error {
	n, seeds := pick(l, 3000, 1000, 200), pick(l, 8, 4, 2)
	const level, batch = 0.5, 10
	var full, sgd, both []float64
	type cost struct{ x, y []float64 }
	var curves [4]cost
	names := []string{"everything, once", "everything, twice over", "SGD, once", "SGD, twice over"}
	for seed := range uint64(seeds) {
		rows, labels, err := l.pixels(n, seed)
		if err != nil {
			return err
		}
		var costs [4]float64
		for k := range costs {
			if err := l.say("seed %d, %s", seed, names[k]); err != nil {
				return err
			}
			x, y := rows, labels
			if k%2 == 1 {
				x, y = append(append([]float64{}, rows...), rows...), append(append([]float64{}, labels...), labels...)
			}
			f, err := linear.New(linear.Model{
				Rows: linear.Dense{Rows: len(y), Cols: len(x) / len(y), F64: x}, Labels: y, Loss: linear.Softmax, Classes: 10, Intercept: true, Type: vector.Float64,
			})
			if err != nil {
				return err
			}
			d := descent{of: f, seed: seed, batch: batch, rate: schedules.Constant(0.05)}
			if k < 2 {
				d.batch, d.rate = 0, schedules.Constant(0.3)
				d.options = []solvers.Option{solvers.From(solvers.FullBatch{})}
			}
			c := &curves[k]
			*c = cost{}
			if costs[k], err = costTo(l, d, level, n/10, func(cost, loss float64) { c.x, c.y = append(c.x, cost), append(c.y, loss) }); err != nil {
				return err
			}
		}
		full = append(full, costs[1]/costs[0])
		sgd = append(sgd, costs[3]/costs[2])
		both = append(both, costs[0]/costs[2])
	}
	r.set("data", "%d training digits, and the same twice", n)
	r.set("rate", "0.3 over everything, 0.05 with batches of %d, both constant", batch)
	r.set("level", "training loss of %v, from 2.303 at weights of 0", level)
	r.set("bounds", "twice within a fortieth, as gradient descent has no chance in it; once within a quarter")
	r.set("seeds", "%d, of data and batches", seeds)
	r.find("Gradient descent over everything pays twice for the same data twice over.", "gradients to the level, data twice over against once", over(full), within(1.95, 2.05))
	r.find("SGD pays for it once.", "gradients to the level, data twice over against once", over(sgd), within(0.8, 1.25))
	r.find("Digits alone are redundant: SGD takes at most a tenth of the gradients of gradient descent.", "gradients to the level, everything against SGD", over(both), atLeast(10))
	p := panel{x: "gradients of an example computed", y: "training loss", logX: true}
	for k, c := range curves {
		p.add(series{name: names[k], x: c.x, y: c.y})
	}
	r.figures = append(r.figures, figure{name: "redundancy", caption: "Training loss of softmax regression against the cost, for one seed.", panels: []panel{p}})
	return nil
}

// costTo minimises until the loss over all examples, which is looked at each so many gradients, and more often among
// the first of them, is at a level; it returns the gradients computed until then.
func costTo(l *lab, d descent, level float64, every int, seen func(cost, loss float64)) (float64, error) {
	run, err := d.open()
	if err != nil {
		return 0, err
	}
	all := everything(d.of.Len())
	cost, next := 0, 0
	for {
		info, err := run.Next()
		if err != nil {
			return 0, err
		}
		if cost += int(info.Gradients); cost < next {
			continue
		}
		next = cost + min(every, 1+cost/5)
		loss, err := d.of.Loss(run.Weights(), all)
		if err != nil {
			return 0, err
		}
		seen(float64(cost), loss)
		if loss <= level {
			return float64(cost), nil
		}
		if err := l.ctx.Err(); err != nil || cost > 2000*d.of.Len() {
			return math.NaN(), err
		}
	}
}
