package main

import (
	"github.com/fallline/fallline/datasets"
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

// deep is what the trainings have come to: plain ones and those of SVRG, for each seed.
type deep struct {
	n, batch, passes        int
	loss, accuracy, seconds [2][]float64
	// variance over that of mini-batches, means of a run: soon after snapshots, and before the next
	fresh, stale []float64
	panels       []panel // of the first seed
}

func measureDeep(l *lab, r *report) error {
	d := &deep{n: pick(l, 10000, 4000, 400), batch: pick(l, 64, 64, 16), passes: pick(l, 12, 6, 6), panels: []panel{
		{title: "test error", x: "passes over the data", y: "test error", logY: true},
		{title: "variance of SVRG's gradient", x: "epoch", y: "over that of a mini-batch", logY: true},
	}}
	seeds := pick(l, 15, 2, 2)
	for seed := range uint64(seeds) {
		data, test, err := l.subset(d.n, seed)
		if err != nil {
			return err
		}
		for k, from := range []solvers.Estimator{solvers.MiniBatch{}, solvers.SVRG{Passes: 1}} {
			t := training{net: convnet(), data: data, rule: solvers.Momentum{Momentum: 0.9}, rate: schedules.Constant(0.02),
				with: []solvers.Option{solvers.From(from)}, batch: d.batch, seed: seed}
			if err := d.train(l, k, t, test); err != nil {
				return err
			}
			if k == 1 {
				if err := d.watch(l, t); err != nil {
					return err
				}
			}
		}
	}
	r.set("data", "%d training digits, 10,000 test digits; conv 8 of 5x5, pool, conv 16 of 5x5, pool, dense 64, dense 10, with ReLU", d.n)
	r.set("training", "%d passes with batches of %d, rate 0.02, momentum 0.9: %d epochs of mini-batches, %d of SVRG", d.passes, d.batch, d.epochs(0), d.epochs(1))
	r.set("seeds", "%d, of data, weights and order", seeds)
	r.set("bounds", "losses and accuracies have none; a tenth of the time is the clock's")
	r.find("At the end of a period SVRG's gradient has more variance than a mini-batch's.", "variance of SVRG's gradient over that of a mini-batch, before the next snapshot, first epoch left out", over(d.stale), atLeast(1))
	r.find("An eighth of an epoch after a snapshot, too, SVRG's gradient has more variance than a mini-batch's.", "variance of SVRG's gradient over that of a mini-batch, an eighth of an epoch after a snapshot, first epoch left out", over(d.fresh), atLeast(1))
	r.find("For equally many passes SVRG fits the data less well.", "training loss of SVRG over that of mini-batches", over(ratios(d.loss[1], d.loss[0])), atLeast(1))
	r.find("For equally many passes SVRG is less accurate.", "test accuracy of SVRG less that of mini-batches", over(less(d.accuracy[1], d.accuracy[0])), atMost(0))
	r.find("SVRG takes no less time for the same passes.", "seconds of SVRG over those of mini-batches", over(ratios(d.seconds[1], d.seconds[0])), atLeast(0.9))
	r.figures = append(r.figures, figure{name: "variance-reduction-deep", caption: "Left: test error against passes over the data. Right: what the correction does to the variance; above 1 it does harm, below it helps. One seed.", panels: d.panels})
	return nil
}

// epochs are those of mini-batches and of SVRG that compute equally many gradients.
func (d *deep) epochs(k int) int { return d.passes / (1 + 2*k) }

// train trains with mini-batches or with SVRG.
func (d *deep) train(l *lab, k int, t training, test datasets.Dataset) error {
	name := [2]string{"mini-batches", "SVRG"}[k]
	if err := l.say("seed %d, %s", t.seed, name); err != nil {
		return err
	}
	t.options = []train.Option{train.Epochs(d.epochs(k)), tested(test, t.seed, d.epochs(k), train.EveryEpochs(1))}
	model, h, err := t.fit(l.ctx)
	if err != nil {
		return err
	}
	fitted, _, err := assess(l.ctx, model, t.data)
	if err != nil {
		return err
	}
	d.loss[k], d.accuracy[k], d.seconds[k] = append(d.loss[k], fitted), append(d.accuracy[k], h.Test().Accuracy()), append(d.seconds[k], h.Seconds)
	if t.seed == 0 {
		s := series{name: name, dots: true}
		for _, at := range h.Tests {
			s.x, s.y = append(s.x, at.Epoch*h.Passes()/float64(d.epochs(k))), append(s.y, 1-at.Accuracy())
		}
		d.panels[0].add(s)
	}
	return nil
}

// watch trains with SVRG once more, and measures the variance three times an epoch.
func (d *deep) watch(l *lab, t training) error {
	if err := l.say("seed %d, variance of SVRG", t.seed); err != nil {
		return err
	}
	iterations := (d.n + d.batch - 1) / d.batch
	meter := solvers.VarianceMeter{Batches: pick(l, 32, 12, 4), Seed: t.seed}
	c := series{name: "SVRG over mini-batch", dots: true}
	var near, far []float64
	t.options = []train.Option{train.Epochs(d.epochs(1)), train.OnIteration(func(i train.Iteration) error {
		at := int(i.Number-1) % iterations
		if at != iterations/8 && at != iterations/2 && at != iterations-2 {
			return nil
		}
		v, err := meter.Measure(i.Run)
		if err != nil {
			return err
		}
		c.x, c.y = append(c.x, i.Epoch), append(c.y, v.Ratio)
		switch {
		case i.Epoch < 1:
		case at == iterations/8:
			near = append(near, v.Ratio)
		case at == iterations-2:
			far = append(far, v.Ratio)
		}
		return nil
	})}
	if _, _, err := t.fit(l.ctx); err != nil {
		return err
	}
	d.fresh, d.stale = append(d.fresh, mean(near)), append(d.stale, mean(far))
	if t.seed == 0 {
		d.panels[1].add(c, series{name: "no gain", law: true, x: []float64{0, float64(d.epochs(1))}, y: []float64{1, 1}})
	}
	return nil
}
