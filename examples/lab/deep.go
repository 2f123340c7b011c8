package main

import (
	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/solvers"
	"github.com/fallline/fallline/train"
)

var varianceReductionDeep = experiment{
	name:  "variance-reduction-deep",
	title: "SVRG on a deep network",
	about: "On deep networks variance reduction is less used, as the weights move so far between two snapshots that the correction no longer fits. A small LeNet is trained with momentum 0.9 " +
		"and a snapshot each epoch, and with plain mini-batches, for equally many passes over the data; SVRG spends three gradients where mini-batches spend one. On the way the variance of SVRG's gradient is measured against " +
		"that of the plain one, an eighth of an epoch after a snapshot and near the end of a period.",
	measure: measureDeep,
}

func measureDeep(l *lab, r *report) error {
	n, passes, seeds, batch := pick(l, 10000, 4000, 400), pick(l, 12, 6, 3), pick(l, 5, 2, 2), pick(l, 64, 64, 16)
	iterations := (n + batch - 1) / batch
	loss, accuracy, seconds := make([][]float64, 2), make([][]float64, 2), make([][]float64, 2)
	var fresh, stale [][]float64
	panels := []panel{{title: "test error", x: "passes over the data", y: "part of the test digits", logY: true}, {title: "variance of SVRG's gradient", x: "epoch", y: "over that of a mini-batch", logY: true}}
	for seed := range uint64(seeds) {
		data, test, err := l.subset(n, seed)
		if err != nil {
			return err
		}
		var near, far []float64
		for k, from := range []solvers.Estimator{solvers.MiniBatch{}, solvers.SVRG{Passes: 1}} {
			name := []string{"mini-batches", "SVRG"}[k]
			if err := l.say("seed %d, %s", seed, name); err != nil {
				return err
			}
			epochs := passes
			if k == 1 {
				epochs = max(1, passes/3)
			}
			options := []train.Option{train.Epochs(epochs), train.Test(test)}
			t := training{net: convnet(), data: data, rule: solvers.Momentum{Momentum: 0.9}, rate: schedules.Constant(0.02), with: []solvers.Option{solvers.From(from)}, batch: batch, seed: seed, options: options}
			model, h, err := t.fit(l.ctx)
			if err != nil {
				return err
			}
			fitted, _, err := assess(l.ctx, model, data)
			if err != nil {
				return err
			}
			loss[k], accuracy[k], seconds[k] = append(loss[k], fitted), append(accuracy[k], h.Test().Accuracy()), append(seconds[k], h.Seconds)
			if seed == 0 {
				s := series{name: name, dots: true}
				for _, at := range h.Tests {
					s.x, s.y = append(s.x, at.Epoch*h.Passes()/float64(epochs)), append(s.y, 1-at.Accuracy())
				}
				panels[0].add(s)
			}
			if k == 0 {
				continue
			}
			var c series
			t.options = []train.Option{train.Epochs(epochs), train.OnIteration(func(i train.Iteration) error {
				at := int(i.Number-1) % iterations
				if at != iterations/8 && at != iterations/2 && at != iterations-2 {
					return nil
				}
				v, err := solvers.VarianceMeter{Batches: pick(l, 32, 12, 4), Seed: seed}.Measure(i.Run)
				if err != nil {
					return err
				}
				c.x, c.y = append(c.x, i.Epoch), append(c.y, v.Ratio)
				if at == iterations/8 {
					near = append(near, v.Ratio)
				} else if at == iterations-2 {
					far = append(far, v.Ratio)
				}
				return nil
			})}
			if _, _, err := t.fit(l.ctx); err != nil {
				return err
			}
			if seed == 0 {
				c.name, c.dots = "SVRG over mini-batch", true
				panels[1].add(c, series{name: "no gain", law: true, x: []float64{0, float64(epochs)}, y: []float64{1, 1}})
			}
		}
		fresh, stale = append(fresh, near), append(stale, far)
	}
	var nearBy, byTheEnd []float64
	for seed := range fresh {
		nearBy, byTheEnd = append(nearBy, mean(fresh[seed][1:])), append(byTheEnd, mean(stale[seed][1:]))
	}
	r.set("data", "%d training digits, 10,000 test digits; conv 8 of 5x5, pool, conv 16 of 5x5, pool, dense 64, dense 10, with ReLU", n)
	r.set("training", "%d passes with batches of %d, rate 0.02, momentum 0.9: %d epochs of mini-batches, %d of SVRG", passes, batch, passes, max(1, passes/3))
	r.set("seeds", "%d, of data, weights and order", seeds)
	r.find("At the end of a period SVRG's gradient has more variance than a mini-batch's.", "variance of SVRG's gradient over that of a mini-batch, before the next snapshot, first epoch left out", over(byTheEnd), atLeast(1))
	r.find("It has so an eighth of an epoch after a snapshot.", "the same ratio an eighth of an epoch after a snapshot, first epoch left out", over(nearBy), atLeast(1))
	r.find("For equally many passes SVRG fits the data less well.", "training loss of SVRG over that of mini-batches", over(ratios(loss[1], loss[0])), atLeast(1))
	r.find("It is less accurate, too.", "test accuracy of SVRG less that of mini-batches", over(less(accuracy[1], accuracy[0])), atMost(0))
	r.find("It takes no less time for the same passes.", "seconds of SVRG over those of mini-batches", over(ratios(seconds[1], seconds[0])), atLeast(0.9))
	r.figures = append(r.figures, figure{name: "variance-reduction-deep", caption: "Left: test error against passes over the data. Right: what the correction does to the variance; above 1 it does harm. One seed.", panels: panels})
	return nil
}
