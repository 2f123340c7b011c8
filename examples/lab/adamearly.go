package main

import (
	"math"
	"slices"
	"strings"

	"github.com/fallline/fallline/nn/models"
	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/solvers"
	"github.com/fallline/fallline/train"
	"github.com/fallline/fallline/vector"
)

var adamEarly = experiment{
	name:  "adam-early",
	title: "Adam's first steps",
	about: "Adam divides by the root of a running mean of squared gradients, which early on is made of few of them. Its first updates are said to be too large, and a warmup to mend it, for " +
		"transformers above all; here it is a network of three hidden layers. Measured are the length of the updates at a constant rate, how far Adam's denominators are from what many batches say at the same weights, and what a " +
		"warmup does for the loss and for the highest rate that works.",
	measure: measureAdamEarly,
}

func measureAdamEarly(l *lab, r *report) error {
	n, seeds, steps := pick(l, 10000, 4000, 400), pick(l, 5, 2, 2), pick(l, 600, 300, 40)
	looks := pick(l, []int{1, 2, 5, 10, 20, 50, 100, 200, 500}, []int{1, 3, 10, 30, 100, 250}, []int{1, 20})
	const rate = 1e-3
	lengths, misses, spreads := make([][]float64, len(looks)), make([][]float64, len(looks)), make([][]float64, len(looks))
	var gains []float64
	for seed := range uint64(seeds) {
		if err := l.say("seed %d, constant rate", seed); err != nil {
			return err
		}
		seen, err := watchAdam(l, n, steps, looks, rate, seed)
		if err != nil {
			return err
		}
		for k := range looks {
			lengths[k] = append(lengths[k], seen[k].length)
			misses[k], spreads[k] = append(misses[k], seen[k].miss), append(spreads[k], seen[k].scatter)
		}
		var top [2]float64
		for k := range top {
			for rung := range pick(l, 14, 12, 3) {
				high := 2e-3 * math.Pow(1.4, float64(rung))
				if err := l.say("seed %d, rate %.4f", seed, high); err != nil {
					return err
				}
				loss, err := trial{n: n, batch: 64, steps: pick(l, 200, 120, 10), rule: solvers.DefaultAdam, rate: high, warm: k == 1, seed: seed}.loss(l)
				if err != nil {
					return err
				}
				if loss >= math.Log(10)/4 {
					break
				}
				top[k] = high
			}
		}
		gains = append(gains, top[1]/top[0])
	}
	var x []float64
	for _, k := range looks {
		x = append(x, float64(k))
	}
	last := len(looks) - 1
	r.set("data", "%d training digits in batches of 64, network 784-256-256-256-10 with ReLU", n)
	r.set("Adam", "β₁ 0.9, β₂ 0.999, ε 1e-8, rate %v; denominators compared with the root mean square over 64 batches at the same weights", rate)
	r.set("ladder", "rates from 2e-3 on, each 1.4 times the one before; a rate works where the loss of the last tenth of the steps is below a quarter of that of guessing; warmup over the first two fifths")
	r.set("bounds", "far is a factor of 2; a gain counts from a tenth on")
	r.set("seeds", "%d, of data, weights and order", seeds)
	r.find("Adam's first updates are far longer than later ones at the same rate.", sprintf("length of the first update over that of the %dth", looks[last]), over(ratios(lengths[0], lengths[last])), atLeast(2))
	r.find("Adam's second moments are far noisier at first than later.", sprintf("median scatter of the denominators' errors at the first step over that at the %dth", looks[last]), over(ratios(spreads[0], spreads[last])), atLeast(2))
	r.find("Adam's second moments are further from the truth at first than later.", sprintf("median error of the denominators at the first step over that at the %dth", looks[last]), over(ratios(misses[0], misses[last])), atLeast(1.1))
	r.find("A warmup lets a higher rate of Adam's work.", "highest rate that works with warmup over that without", factor(gains), atLeast(1.1))
	t := table{Title: "Steps at a constant rate", Header: []string{"step", "length of the update", "error of the denominators", "scatter of the errors"}}
	for k, at := range looks {
		t.Rows = append(t.Rows, []string{number(at).String(), over(lengths[k]).String(), over(misses[k]).String(), over(spreads[k]).String()})
	}
	r.tables = append(r.tables, t)
	r.figures = append(r.figures, figure{name: "adam-early", caption: "Left: length of Adam's update over the rate and the root of the number of weights: 1 where every weight moves by the whole rate. " +
		"Right: the median over the weights of |log| of Adam's denominator over that of many batches, as it is and with the common part, its median, taken off. Bars are 95 % intervals over seeds.", panels: []panel{
		{title: "length of the update", x: "step", y: "over rate·√weights", logX: true, series: []series{overSeeds("", x, lengths)}},
		{title: "error of the denominators", x: "step", y: "median |log| of the ratio", logX: true, series: []series{overSeeds("error", x, misses), overSeeds("scatter", x, spreads)}},
	}})
	return nil
}

// sight is what was seen of a step of Adam's.
type sight struct{ length, miss, scatter float64 }

// watchAdam looks at some of the steps: how long the update is, and how wrong the denominators.
func watchAdam(l *lab, n, steps int, looks []int, rate float64, seed uint64) (seen []sight, err error) {
	data, _, err := l.subset(n, seed)
	if err != nil {
		return nil, err
	}
	var before *vector.Vector
	hook := train.OnIteration(func(i train.Iteration) error {
		w := i.Run.Weights()
		if slices.Contains(looks, int(i.Number)) {
			moved := w.Clone()
			moved.Axpy(-1, before)
			s := sight{length: moved.Norm() / rate / math.Sqrt(float64(w.Count()))}
			if s.miss, s.scatter, err = denominators(i, before); err != nil {
				return err
			}
			seen = append(seen, s)
		}
		before.Copy(w)
		return nil
	})
	t := training{net: models.MLP(10, 256, 256, 256), data: data, rule: solvers.DefaultAdam, rate: schedules.Constant(rate), batch: 64, seed: seed,
		options: []train.Option{train.Iterations(steps), hook}}
	model, err := t.build()
	if err != nil {
		return nil, err
	}
	before = model.Weights().Clone() // the first weights, which are those of the model that fit makes
	_, _, err = t.fit(l.ctx)
	return seen, err
}

// denominators are the medians over the weights of |log(a/b)|, and of its distance from the median of log(a/b), where a
// is Adam's √ŝ and b the root mean square of the gradients of 64 batches at the weights before the step. Weights whose
// gradient is always 0, as of pixels at the margin, are left out.
func denominators(i train.Iteration, w *vector.Vector) (miss, scatter float64, err error) {
	const draws = 64
	sampler, err := solvers.WithReplacement(i.Objective.Len(), 64, uint64(i.Number))
	if err != nil {
		return 0, 0, err
	}
	g := w.Like()
	squares := make([]float64, w.Len())
	for range draws {
		if _, err := i.Objective.Gradient(w, g, sampler.Next()); err != nil {
			return 0, 0, err
		}
		for k := range squares {
			squares[k] += g.At(k) * g.At(k) / draws
		}
	}
	correction := 1 - math.Pow(solvers.DefaultAdam.Beta2, float64(i.Number))
	var logs []float64
	i.Run.Visit(func(name string, array any) {
		kept, ok := strings.CutPrefix(name, "rule.mean-square/")
		if !ok {
			return
		}
		r, _ := w.Find(kept)
		for k, s := range array.([]float32) {
			if s > 0 && squares[r.Lo+k] > 0 {
				logs = append(logs, math.Log(float64(s)/correction/squares[r.Lo+k])/2)
			}
		}
	})
	return medianDistance(logs, 0), medianDistance(logs, median(logs)), nil
}

// medianDistance is the median of |x−c|.
func medianDistance(x []float64, c float64) float64 {
	far := make([]float64, len(x))
	for i, v := range x {
		far[i] = math.Abs(v - c)
	}
	return median(far)
}

// median is the middle of some values; NaN where there are none.
func median(x []float64) float64 {
	if len(x) == 0 {
		return math.NaN()
	}
	x = slices.Sorted(slices.Values(x))
	return x[len(x)/2]
}
