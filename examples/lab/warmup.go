package main

import (
	"math"

	"github.com/fallline/fallline/solvers"
)

var warmup = experiment{
	name:  "warmup",
	title: "Warmup and the highest rate that works",
	about: "Large batches want high rates, which a network may not bear in its first steps. A warmup, which raises the rate from almost nothing, is said to save them. A network of three hidden layers is trained " +
		"with momentum 0.9 at the rates of a ladder, with a warmup over the first 40 % of the steps and without. A rate works where the training loss ends below half of that of guessing; measured is the highest that " +
		"works together with all below it.",
	measure: measureWarmup,
}

func measureWarmup(l *lab, r *report) error {
	n, seeds := pick(l, 20000, 4000, 400), pick(l, 8, 2, 1)
	batches := pick(l, []int{512, 32}, []int{512, 32}, []int{100, 20})
	steps, rungs, stretch := pick(l, 80, 60, 10), pick(l, 16, 9, 3), pick(l, 1.25, 1.5, 1.5)
	p := panel{title: "training loss at the end", x: "rate", y: "loss", logX: true}
	var gains [][]float64
	for _, b := range batches {
		var gain []float64
		for seed := range uint64(seeds) {
			var top [2]float64
			for k, way := range []string{"without warmup", "with warmup"} {
				c := series{name: sprintf("%s, batches of %d", way, b), dots: true}
				works := true
				for rung := range rungs {
					rate := 0.05 * math.Pow(stretch, float64(rung))
					if err := l.say("batches of %d, seed %d, %s, rate %.3f", b, seed, way, rate); err != nil {
						return err
					}
					try := trial{n: n, batch: b, steps: steps, rule: solvers.Momentum{Momentum: 0.9}, rate: rate, warm: k == 1, seed: seed}
					loss, err := try.loss(l, lost(math.Log(10)))
					if err != nil {
						return err
					}
					if works = works && loss < math.Log(10)/2; works {
						top[k] = rate
					}
					c.x, c.y = append(c.x, rate), append(c.y, min(loss, 3))
					if !works && (seed > 0 || math.IsInf(loss, 1)) {
						break
					}
				}
				if seed == 0 {
					p.add(c)
				}
			}
			gain = append(gain, top[1]/top[0])
		}
		gains = append(gains, gain)
	}
	r.set("data", "%d training digits, network 784-256-256-256-10 with ReLU, momentum 0.9 in PyTorch's form", n)
	r.set("training", "%d steps; warmup linear over the first %d, then constant", steps, steps*2/5)
	r.set("ladder", "%d rates from 0.05 on, each %v times the one before", rungs, stretch)
	r.set("seeds", "%d, of data, weights and order", seeds)
	r.find(sprintf("With batches of %d a warmup lets a higher rate work.", batches[0]), "highest rate that works with warmup over that without", over(gains[0]), atLeast(1.1))
	r.find(sprintf("It does less for batches of %d.", batches[1]), "the gain of large batches over that of small ones", over(ratios(gains[0], gains[1])), atLeast(1.1))
	r.figures = append(r.figures, figure{name: "warmup", caption: "Training loss over the last tenth of the steps against the rate, for one seed; losses above 3 are drawn at 3.", panels: []panel{p}})
	return nil
}
