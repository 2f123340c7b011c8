package main

import (
	"math"

	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/train"
)

var sharpness = experiment{
	name:  "sharpness",
	title: "How sharp the minima of small and large batches are",
	about: "The noise of small batches is said to drive SGD out of sharp minima, into flatter ones that generalise better. A network is trained with different batches at one constant rate until " +
		"the training loss is down to the same level; sharpness is the greatest eigenvalue of the Hessian of the training loss there. Gradient descent alone can't rest where it is above 2 over the rate.",
	measure: measureSharpness,
}

func measureSharpness(l *lab, r *report) error {
	n, seeds := pick(l, 2000, 1000, 200), pick(l, 8, 3, 2)
	batches := pick(l, []int{8, 32, 128, 512, n}, []int{8, 64, n}, []int{32, n})
	const rate, limit = 0.1, 30000
	level := pick(l, 0.02, 0.05, 1)
	top, accuracy := make([][]float64, len(batches)), make([][]float64, len(batches))
	var x []float64
	short := 0
	for k, b := range batches {
		x = append(x, float64(b))
		for seed := range uint64(seeds) {
			if err := l.say("batches of %d, seed %d", b, seed); err != nil {
				return err
			}
			data, test, err := l.subset(n, seed)
			if err != nil {
				return err
			}
			t := training{net: perceptron(), data: data, batch: b, rate: schedules.Constant(rate), seed: seed}
			t.options = []train.Option{train.Iterations(limit), untilFit(n, level)}
			model, h, err := t.fit(l.ctx)
			if err != nil {
				return err
			}
			if h.Iterations == limit {
				short++
			}
			f, err := train.NewObjective(model, data)
			if err != nil {
				return err
			}
			s, err := train.DefaultCurvature.Measure(l.ctx, f, model.Weights())
			f.Close()
			if err != nil {
				return err
			}
			_, right, err := assess(l.ctx, model, test)
			if err != nil {
				return err
			}
			top[k], accuracy[k] = append(top[k], s.Eigenvalue), append(accuracy[k], right)
		}
	}
	last := len(batches) - 1
	r.set("data", "%d training digits, 10,000 test digits, network 784-64-10 with ReLU, plain SGD at rate %v", n, rate)
	r.set("level", "the training loss is at %v, looked at after each epoch, or %d iterations are done: %d trainings of %d ended there", level, limit, short, len(batches)*seeds)
	r.set("seeds", "%d, of data, weights and order", seeds)
	var trend, order []float64
	for seed := range seeds {
		var tops, rights []float64
		for k := range batches {
			tops, rights = append(tops, top[k][seed]), append(rights, accuracy[k][seed])
		}
		trend, order = append(trend, ranks(x, tops)), append(order, ranks(x, rights))
	}
	r.find("Large batches end in sharper minima.", "greatest eigenvalue with all examples over that with the smallest batch", over(ratios(top[last], top[0])), atLeast(1.1))
	r.find("The larger the batch, the sharper.", "rank correlation of sharpness with the batch", over(trend), atLeast(0.5))
	r.find("The flatter minima of small batches generalise better.", "test accuracy with the smallest batch less that with all examples", over(less(accuracy[0], accuracy[last])), atLeast(0.002))
	r.find("The smaller the batch, the better it generalises.", "rank correlation of test accuracy with the batch", over(order), atMost(-0.5))
	r.find("Gradient descent over all examples rests below 2 over the rate.", "greatest eigenvalue times half the rate", over(divided(top[last], 2/rate)), atMost(1.02))
	t := table{Title: "At the same training loss", Header: []string{"batch", "greatest eigenvalue", "test accuracy"}}
	for k, b := range batches {
		t.Rows = append(t.Rows, []string{batchName(b, n), over(top[k]).String(), over(accuracy[k]).String()})
	}
	r.tables = append(r.tables, t)
	r.figures = append(r.figures, figure{name: "sharpness", caption: "Greatest eigenvalue of the Hessian and test accuracy at the same training loss. Bars are 95 % intervals over seeds.", panels: []panel{
		{title: "sharpness", x: "batch", y: "greatest eigenvalue", logX: true, series: []series{overSeeds("", x, top)}},
		{title: "generalisation", x: "batch", y: "test accuracy", logX: true, series: []series{overSeeds("", x, accuracy)}},
	}})
	return nil
}

// untilFit is a hook that ends a training when the loss over all of n training examples, looked at after each epoch, is at a level.
func untilFit(n int, level float64) train.Option {
	all := everything(n)
	return train.OnIteration(func(i train.Iteration) error {
		if i.Epoch != math.Trunc(i.Epoch) {
			return nil
		}
		if loss, err := i.Objective.Loss(i.Run.Weights(), all); err != nil || loss > level {
			return err
		}
		return train.Stop
	})
}
