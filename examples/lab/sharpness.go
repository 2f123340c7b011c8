package main

import (
	"math"

	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/train"
	"github.com/fallline/fallline/train/instruments"
)

var sharpness = experiment{
	name:  "sharpness",
	title: "How sharp the minima of small and large batches are",
	about: "The noise of small batches is said to drive SGD out of sharp minima, into flatter ones that generalise better. A network is trained with different batches at one constant rate until " +
		"the training loss is down to the same level; sharpness is the greatest eigenvalue of the Hessian of the training loss there. Gradient descent alone can't rest where it is above 2 over the rate.",
	measure: measureSharpness,
}

// minima are where the trainings ended, for each batch and seed.
type minima struct {
	n, limit, short int // examples; most iterations, and how many trainings took them all
	rate, level     float64
	batches         []int
	top, accuracy   [][]float64
}

func measureSharpness(l *lab, r *report) error {
	n, seeds := pick(l, 2000, 1000, 200), pick(l, 8, 3, 2)
	m := &minima{n: n, limit: 30000, rate: 0.1, level: pick(l, 0.02, 0.05, 1), batches: pick(l, []int{8, 32, 128, 512, n}, []int{8, 64, n}, []int{32, n})}
	m.top, m.accuracy = make([][]float64, len(m.batches)), make([][]float64, len(m.batches))
	for k := range m.batches {
		for seed := range uint64(seeds) {
			if err := l.say("batches of %d, seed %d", m.batches[k], seed); err != nil {
				return err
			}
			if err := m.find(l, k, seed); err != nil {
				return err
			}
		}
	}
	r.set("data", "%d training digits, 10,000 test digits, network 784-64-10 with ReLU, plain SGD at rate %v", n, m.rate)
	r.set("level", "the training loss is at %v, looked at after each epoch, or %d iterations are done: %d trainings of %d ended there", m.level, m.limit, m.short, len(m.batches)*seeds)
	r.set("seeds", "%d, of data, weights and order", seeds)
	m.report(r)
	return nil
}

// find trains with the k-th batch down to the level, and looks at where that is.
func (m *minima) find(l *lab, k int, seed uint64) error {
	data, test, err := l.subset(m.n, seed)
	if err != nil {
		return err
	}
	model, h, err := training{net: perceptron(), data: data, batch: m.batches[k], rate: schedules.Constant(m.rate), seed: seed,
		options: []train.Option{train.Iterations(m.limit), untilFit(m.n, m.level)}}.fit(l.ctx)
	if err != nil {
		return err
	}
	if h.Iterations == int64(m.limit) {
		m.short++
	}
	f, err := train.NewObjective(model, data)
	if err != nil {
		return err
	}
	defer f.Close()
	s, err := instruments.DefaultCurvature.Measure(l.ctx, f, model.Weights())
	if err != nil {
		return err
	}
	_, right, err := assess(l.ctx, model, test)
	m.top[k], m.accuracy[k] = append(m.top[k], s.Eigenvalue), append(m.accuracy[k], right)
	return err
}

// report says what came of it.
func (m *minima) report(r *report) {
	last, x := len(m.batches)-1, floats(m.batches)
	var trend, order []float64
	for seed := range m.top[last] {
		var tops, rights []float64
		for k := range m.batches {
			tops, rights = append(tops, m.top[k][seed]), append(rights, m.accuracy[k][seed])
		}
		trend, order = append(trend, ranks(x, tops)), append(order, ranks(x, rights))
	}
	r.set("bounds", "a tenth of sharpness, two thousandths of accuracy, a rank correlation of a half")
	r.find("Large batches end in sharper minima.", "greatest eigenvalue with all examples over that with the smallest batch", over(ratios(m.top[last], m.top[0])), atLeast(1.1))
	r.find("The larger the batch, the sharper the minimum.", "rank correlation of sharpness with the batch", over(trend), atLeast(0.5))
	r.find("The flatter minima of small batches generalise better.", "test accuracy with the smallest batch less that with all examples", over(less(m.accuracy[0], m.accuracy[last])), atLeast(0.002))
	r.find("The smaller the batch, the better it generalises.", "rank correlation of test accuracy with the batch", over(order), atMost(-0.5))
	r.find("Gradient descent over all examples rests below 2 over the rate.", "greatest eigenvalue times half the rate", over(divided(m.top[last], 2/m.rate)), atMost(1.02))
	t := table{Title: "At the same training loss", Header: []string{"batch", "greatest eigenvalue", "test accuracy"}}
	for k, b := range m.batches {
		t.Rows = append(t.Rows, []string{batchName(b, m.n), over(m.top[k]).String(), over(m.accuracy[k]).String()})
	}
	r.tables = append(r.tables, t)
	r.figures = append(r.figures, figure{name: "sharpness", caption: "Greatest eigenvalue of the Hessian and test accuracy at the same training loss. Bars are 95 % intervals over seeds.", panels: []panel{
		{title: "sharpness", x: "batch", y: "greatest eigenvalue", logX: true, series: []series{overSeeds("", x, m.top)}},
		{title: "generalisation", x: "batch", y: "test accuracy", logX: true, series: []series{overSeeds("", x, m.accuracy)}},
	}})
}

// untilFit is a hook that ends a training when the loss over all of n training examples, looked at after each epoch, is
// at a level.
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
