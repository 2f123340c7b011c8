package main

import (
	"slices"

	"github.com/fallline/fallline/datasets"
	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/solvers"
	"github.com/fallline/fallline/train"
)

var shuffling = experiment{
	name:  "shuffling",
	title: "Epochs, iterations and shuffling",
	about: "An epoch is a pass over the data, in as many iterations as there are batches. Data in the same order in every epoch is said to bias the gradients, and a new random order each epoch " +
		"to matter. Digits are learned in four orders: shuffled anew each epoch, shuffled once, drawn with replacement, and never shuffled while sorted by class.",
	measure: measureShuffling,
}

func measureShuffling(l *lab, r *report) error {
	n, epochs, seeds := pick(l, 10000, 3000, 300), pick(l, 6, 4, 1), pick(l, 8, 3, 2)
	const batch, rate = 32, 0.1
	orders := []struct {
		name   string
		sorted bool
		sample train.Sampler
	}{
		{"anew each epoch", false, solvers.Reshuffled},
		{"once", false, inOrder},
		{"with replacement", false, solvers.WithReplacement},
		{"never, sorted by class", true, inOrder},
	}
	accuracy, loss := make([][]float64, len(orders)), make([][]float64, len(orders))
	curves := make([]series, len(orders))
	var iterations []float64
	for seed := range uint64(seeds) {
		data, test, err := l.subset(n, seed)
		if err != nil {
			return err
		}
		sorted, err := byClass(data)
		if err != nil {
			return err
		}
		for k, o := range orders {
			if err := l.say("seed %d, %s", seed, o.name); err != nil {
				return err
			}
			t := training{net: perceptron(), data: data, batch: batch, rate: schedules.Constant(rate), seed: seed,
				options: []train.Option{train.Epochs(epochs), train.Sample(o.sample), train.Test(test, train.EveryIterations(max(1, n/batch/4)))}}
			if o.sorted {
				t.data = sorted
			}
			model, h, err := t.fit(l.ctx)
			if err != nil {
				return err
			}
			seen, _, err := assess(l.ctx, model, data)
			if err != nil {
				return err
			}
			accuracy[k], loss[k] = append(accuracy[k], h.Test().Accuracy()), append(loss[k], seen)
			if k == 0 {
				iterations = append(iterations, float64(h.Epochs[0].Iterations))
			}
			if seed == 0 {
				curves[k].name = o.name
				for _, at := range h.Tests {
					curves[k].x, curves[k].y = append(curves[k].x, at.Epoch), append(curves[k].y, at.Accuracy())
				}
			}
		}
	}
	r.set("data", "%d training digits, 10,000 test digits, network 784-64-10 with ReLU", n)
	r.set("training", "%d epochs with batches of %d, rate %v", epochs, batch, rate)
	r.set("seeds", "%d, of data, weights and order", seeds)
	whole := float64((n + batch - 1) / batch)
	r.find("An epoch has n/b iterations, rounded up.", "iterations of the first epoch over that", over(divided(iterations, whole)), within(1, 1))
	r.find("Never shuffled and sorted by class, the data teaches far less.", "test accuracy less that with a new order each epoch", over(less(accuracy[3], accuracy[0])), atMost(-0.02))
	r.find("A new order each epoch is better than one order for all epochs.", "test accuracy with a new order each epoch less that shuffled once", over(less(accuracy[0], accuracy[1])), atLeast(0.001))
	r.find("Going through all examples is better than drawing them with replacement.", "test accuracy with a new order each epoch less that with replacement", over(less(accuracy[0], accuracy[2])), atLeast(0.001))
	r.find("It fits the training data better, too.", "training loss with a new order each epoch over that with replacement", over(ratios(loss[0], loss[2])), atMost(0.98))
	t := table{Title: "After the same iterations", Header: []string{"order", "test accuracy", "training loss"}}
	for k, o := range orders {
		t.Rows = append(t.Rows, []string{o.name, over(accuracy[k]).String(), over(loss[k]).String()})
	}
	r.tables = append(r.tables, t)
	r.figures = append(r.figures, figure{name: "shuffling", caption: "Accuracy on the test digits, four times an epoch, for one seed.", panels: []panel{{x: "epoch", y: "test accuracy", series: curves}}})
	return nil
}

// inOrder is the data's own order, again and again. Subsets of the digits are in random order: they were shuffled once.
func inOrder(n, batch int, _ uint64) (solvers.Sampler, error) { return solvers.Cyclic(n, batch) }

// byClass is the same data sorted by class.
func byClass(data datasets.Dataset) (datasets.Dataset, error) {
	var b datasets.Batch
	index := everything(data.Len()).Index
	if err := data.Read(&b, index, 0); err != nil {
		return nil, err
	}
	slices.SortStableFunc(index, func(i, j int32) int { return b.Labels[i] - b.Labels[j] })
	return datasets.Subset(data, index)
}
