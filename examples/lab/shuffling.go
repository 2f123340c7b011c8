package main

import (
	"slices"

	"github.com/fallline/fallline/batch"
	"github.com/fallline/fallline/datasets"
	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/solvers"
	"github.com/fallline/fallline/train"
)

var shuffling = experiment{
	name:  "shuffling",
	title: "Epochs, iterations and shuffling",
	about: "An epoch is a pass over the data, in as many iterations as there are batches. Data in the same order in every epoch is said to bias the gradients, and a new random order each epoch " +
		"to matter. Digits are learned in four orders: shuffled anew each epoch, shuffled once, drawn with replacement, and never shuffled while sorted by class. The rate falls to 0, so that differences aren't lost in what the last batches happen to be.",
	measure: measureShuffling,
}

// order is a way to go through the data, and what came of it for each seed.
type order struct {
	name           string
	sorted         bool
	sample         train.Sampler
	accuracy, loss []float64
	curve          series // of the first seed
}

func measureShuffling(l *lab, r *report) error {
	n, epochs, seeds := pick(l, 10000, 3000, 300), pick(l, 6, 4, 1), pick(l, 32, 3, 2)
	const batch, rate = 32, 0.1
	orders := []*order{
		{name: "anew each epoch", sample: solvers.Reshuffled},
		{name: "once", sample: inOrder},
		{name: "with replacement", sample: solvers.WithReplacement},
		{name: "never, sorted by class", sorted: true, sample: inOrder},
	}
	var iterations []float64
	for seed := range uint64(seeds) {
		data, test, err := l.subset(n, seed)
		if err != nil {
			return err
		}
		for k, o := range orders {
			if err := l.say("seed %d, %s", seed, o.name); err != nil {
				return err
			}
			h, err := o.learn(l, training{net: perceptron(), data: data, batch: batch, rate: schedules.Cosine(rate, 0, schedules.Epochs(epochs)), seed: seed,
				options: []train.Option{train.Epochs(epochs), train.Sample(o.sample), tested(test, seed, epochs, train.EveryIterations(max(1, n/batch/4)))}})
			if err != nil {
				return err
			}
			if k == 0 {
				iterations = append(iterations, float64(h.Epochs[0].Iterations))
			}
		}
	}
	r.set("data", "%d training digits, 10,000 test digits, network 784-64-10 with ReLU", n)
	r.set("training", "%d epochs with batches of %d, rate %v, falling to 0 along a cosine", epochs, batch, rate)
	r.set("bounds", "a difference counts from a thousandth on, ten of the test digits, and from two hundredths of the training loss on")
	r.set("seeds", "%d, of data, weights and order", seeds)
	r.find("An epoch has n/b iterations, rounded up.", "iterations of the first epoch over that", over(divided(iterations, float64((n+batch-1)/batch))), within(1, 1))
	reportShuffling(r, orders)
	return nil
}

// learn trains in this order.
func (o *order) learn(l *lab, t training) (*train.History, error) {
	data := t.data
	if o.sorted {
		var err error
		if t.data, err = byClass(data); err != nil {
			return nil, err
		}
	}
	model, h, err := t.fit(l.ctx)
	if err != nil {
		return nil, err
	}
	loss, _, err := assess(l.ctx, model, data)
	if err != nil {
		return nil, err
	}
	o.accuracy, o.loss = append(o.accuracy, h.Test().Accuracy()), append(o.loss, loss)
	if t.seed == 0 {
		o.curve.name = o.name
		for _, at := range h.Tests {
			o.curve.x, o.curve.y = append(o.curve.x, at.Epoch), append(o.curve.y, 1-at.Accuracy())
		}
	}
	return h, nil
}

// reportShuffling compares the orders: anew, once, with replacement and sorted.
func reportShuffling(r *report, o []*order) {
	anew, once, drawn, sorted := o[0], o[1], o[2], o[3]
	r.find("Never shuffled and sorted by class, the data teaches far less.", "test accuracy less that with a new order each epoch", over(less(sorted.accuracy, anew.accuracy)), atMost(-0.02))
	r.find("A new order each epoch is better than one order for all epochs.", "test accuracy with a new order each epoch less that shuffled once", over(less(anew.accuracy, once.accuracy)), atLeast(0.001))
	r.find("Going through all examples is better on the test digits than drawing them with replacement.", "test accuracy with a new order each epoch less that with replacement", over(less(anew.accuracy, drawn.accuracy)), atLeast(0.001))
	r.find("Going through all examples fits the training data better than drawing them with replacement.", "training loss with a new order each epoch over that with replacement", over(ratios(anew.loss, drawn.loss)), atMost(0.98))
	t := table{Title: "After the same iterations", Header: []string{"order", "test accuracy", "training loss"}}
	p := panel{title: "one seed", x: "epoch", y: "test error", logY: true}
	pairs := panel{title: "against a new order each epoch, all seeds", x: "test accuracy more"}
	for _, o := range o {
		t.Rows = append(t.Rows, []string{o.name, over(o.accuracy).String(), over(o.loss).String()})
		p.add(o.curve)
	}
	for k, o := range []*order{once, drawn} {
		s := series{name: o.name, alone: true}
		for _, more := range less(o.accuracy, anew.accuracy) {
			s.x, s.y = append(s.x, more), append(s.y, float64(1-k))
		}
		pairs.rows = append(pairs.rows, o.name)
		pairs.add(s)
	}
	r.tables = append(r.tables, t)
	r.figures = append(r.figures, figure{name: "shuffling", caption: "Left: error on the test digits, four times an epoch. Right: by how much an order ends better than a new one each epoch, for each seed; the order sorted by class would be far to the left.", panels: []panel{p, pairs}})
}

// inOrder is the data's own order, again and again. Subsets of the digits are in random order: they were shuffled once.
func inOrder(n, batch int, _ uint64) (solvers.Sampler, error) { return solvers.Cyclic(n, batch) }

// byClass is the same data sorted by class.
func byClass(data datasets.Dataset) (datasets.Dataset, error) {
	var b batch.Batch
	index := everything(data.Len()).Index
	if err := data.Read(&b, index, 0); err != nil {
		return nil, err
	}
	slices.SortStableFunc(index, func(i, j int32) int { return b.Labels[i] - b.Labels[j] })
	return datasets.Subset(data, index)
}
