package main

import (
	"math"

	"github.com/fallline/fallline/solvers"
)

var warmup = experiment{
	name:  "warmup",
	title: "Warmup and the highest rate that works",
	about: "Large batches want high rates, which a network may not bear in its first steps. A warmup, which raises the rate from almost nothing, is said to save such trainings. A network of three hidden layers is trained " +
		"with momentum 0.9 at the rates of a ladder, with a warmup over the first 40 % of the steps and without. A rate works where the training loss ends below half of that of guessing; measured is the highest that " +
		"works together with all below it.",
	measure: measureWarmup,
}

func measureWarmup(l *lab, r *report) error {
	n, seeds := pick(l, 20000, 4000, 400), pick(l, 24, 2, 1)
	batches := pick(l, []int{512, 32}, []int{512, 32}, []int{100, 20})
	steps, rungs, stretch := pick(l, 80, 60, 10), pick(l, 16, 9, 3), pick(l, 1.25, 1.5, 1.5)
	highest := 0.0 // rate that is drawn
	p := panel{title: "training loss at the end", x: "rate", y: "loss", logX: true}
	t := table{Title: "The highest rate that works", Header: []string{"batch", "without warmup", "with warmup", "gain"}}
	var gains [][]float64
	for _, b := range batches {
		var tops [2][]float64
		for seed := range uint64(seeds) {
			for k, way := range []string{"without warmup", "with warmup"} {
				climb := ladder{
					trial: trial{n: n, batch: b, steps: steps, rule: solvers.Momentum{Momentum: 0.9}, warm: k == 1, seed: seed},
					name:  way, rungs: rungs, stretch: stretch, drawn: seed == 0,
				}
				top, c, err := climb.highest(l)
				if err != nil {
					return err
				}
				tops[k] = append(tops[k], top)
				if climb.drawn {
					highest = max(highest, c.x[len(c.x)-1])
					p.add(c)
				}
			}
		}
		gain := ratios(tops[1], tops[0])
		gains = append(gains, gain)
		t.Rows = append(t.Rows, []string{number(b).String(), factor(tops[0]).String(), factor(tops[1]).String(), factor(gain).String()})
	}
	r.set("data", "%d training digits, network 784-256-256-256-10 with ReLU, momentum 0.9 in PyTorch's form", n)
	r.set("training", "%d steps; warmup linear over the first %d, then constant", steps, steps*2/5)
	r.set("ladder", "%d rates from 0.05 on, each %v times the one before", rungs, stretch)
	r.set("seeds", "%d, of data, weights and order; intervals are of geometric means", seeds)
	r.set("bounds", "a gain counts from a tenth on, less than half a rung of the ladder")
	r.find(sprintf("With batches of %d a warmup lets a higher rate work.", batches[0]), "highest rate that works with warmup over that without", factor(gains[0]), atLeast(1.1))
	r.find(sprintf("Batches of %d gain more by a warmup than those of %d.", batches[0], batches[1]), "the gain of large batches over that of small ones", factor(ratios(gains[0], gains[1])), atLeast(1.1))
	r.tables = append(r.tables, t)
	p.add(series{name: "half of guessing: a rate works below", x: []float64{0.05, highest}, y: []float64{guess / 2, guess / 2}, law: true})
	r.figures = append(r.figures, figure{name: "warmup", caption: "Training loss over the last tenth of the steps against the rate, for one seed. A curve that ends at the top diverges from there on; losses above 3 are drawn at 3.", panels: []panel{p}})
	return nil
}

// guess is the loss of guessing a digit.
var guess = math.Log(10)

// ladder are trials of rates from 0.05 on, each stretch times the one before.
type ladder struct {
	trial
	name    string
	rungs   int
	stretch float64
	drawn   bool // on to the first rate that diverges, and not just to the first that doesn't work
}

// highest is the highest rate that works together with all below it, and the losses that are drawn.
func (a ladder) highest(l *lab) (top float64, c series, err error) {
	c = series{name: sprintf("%s, batches of %d", a.name, a.batch), dots: true}
	works := true
	for rung := range a.rungs {
		a.rate = 0.05 * math.Pow(a.stretch, float64(rung))
		if err := l.say("batches of %d, seed %d, %s, rate %.3f", a.batch, a.seed, a.name, a.rate); err != nil {
			return 0, c, err
		}
		loss, err := a.loss(l, lost(guess))
		if err != nil {
			return 0, c, err
		}
		if works = works && loss < guess/2; works {
			top = a.rate
		}
		c.x, c.y = append(c.x, a.rate), append(c.y, min(loss, 3))
		if !works && (!a.drawn || math.IsInf(loss, 1)) {
			break
		}
	}
	return top, c, nil
}
