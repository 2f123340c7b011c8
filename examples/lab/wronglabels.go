package main

import (
	"math"

	"github.com/fallline/fallline/datasets"
	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/train"
)

var wrongLabels = experiment{
	name:  "wrong-labels",
	title: "Noise as a regulariser: fitting wrong labels",
	about: "The noise of SGD is said to keep a model from fitting single examples perfectly. A fifth of the training labels is replaced by wrong ones, and a network trained at one constant rate with " +
		"different batches: for equally many updates, where the noise is all that differs, and for equally many epochs, where small batches take more updates. Measured is the part of the wrong labels " +
		"that the model has learned, and its accuracy on the test digits, whose labels are right.",
	measure: measureWrongLabels,
}

func measureWrongLabels(l *lab, r *report) error {
	n, seeds := pick(l, 2000, 1000, 200), pick(l, 6, 3, 2)
	batches := pick(l, []int{8, 32, 128, 512, n}, []int{8, 64, n}, []int{32, n})
	updates, epochs := pick(l, 2000, 600, 20), pick(l, 40, 20, 2)
	const rate, part = 0.1, 0.2
	ways := []struct {
		name    string
		options train.Option
		fitted  [][]float64
		right   [][]float64
	}{
		{name: "equal updates", options: train.Iterations(updates)},
		{name: "equal epochs", options: train.Epochs(epochs)},
	}
	var x []float64
	for k, b := range batches {
		x = append(x, float64(b))
		for w := range ways {
			way := &ways[w]
			way.fitted, way.right = append(way.fitted, nil), append(way.right, nil)
			for seed := range uint64(seeds) {
				if err := l.say("batches of %d, %s, seed %d", b, way.name, seed); err != nil {
					return err
				}
				data, test, err := l.subset(n, seed)
				if err != nil {
					return err
				}
				spoilt, changed, err := wrong(data, part, seed)
				if err != nil {
					return err
				}
				bad, err := datasets.Subset(spoilt, changed)
				if err != nil {
					return err
				}
				model, _, err := training{net: perceptron(), data: spoilt, batch: b, rate: schedules.Constant(rate), seed: seed, options: []train.Option{way.options}}.fit(l.ctx)
				if err != nil {
					return err
				}
				_, fitted, err := assess(l.ctx, model, bad)
				if err != nil {
					return err
				}
				_, right, err := assess(l.ctx, model, test)
				if err != nil {
					return err
				}
				way.fitted[k], way.right[k] = append(way.fitted[k], fitted), append(way.right[k], right)
			}
		}
	}
	last := len(batches) - 1
	r.set("data", "%d training digits, a fifth of them with wrong labels, 10,000 test digits, network 784-64-10 with ReLU, plain SGD at rate %v", n, rate)
	r.set("training", "%d updates, or %d epochs", updates, epochs)
	r.set("seeds", "%d, of data, labels, weights and order", seeds)
	var best []float64
	for seed := range seeds {
		top := math.Inf(-1)
		for k := range batches[:last] {
			top = max(top, ways[1].right[k][seed])
		}
		best = append(best, top-ways[1].right[last][seed])
	}
	r.find("After equally many updates small batches have learned fewer of the wrong labels than all examples at once.", sprintf("part of the wrong labels learned with batches of %d less that with all", batches[0]),
		over(less(ways[0].fitted[0], ways[0].fitted[last])), atMost(-0.02))
	r.find("They then do better on the test digits.", sprintf("test accuracy with batches of %d less that with all, equal updates", batches[0]), over(less(ways[0].right[0], ways[0].right[last])), atLeast(0.005))
	r.find("After equally many epochs, too, small batches have learned fewer of the wrong labels.", sprintf("part of the wrong labels learned with batches of %d less that with all", batches[0]),
		over(less(ways[1].fitted[0], ways[1].fitted[last])), atMost(-0.02))
	r.find("After equally many epochs small batches do better on the test digits.", sprintf("test accuracy with batches of %d less that with all, equal epochs", batches[0]), over(less(ways[1].right[0], ways[1].right[last])), atLeast(0.005))
	r.find("After equally many epochs some batch in between does better than all examples at once.", "test accuracy with the best batch less that with all, equal epochs", over(best), atLeast(0.005))
	fitted, right := panel{title: "wrong labels", x: "batch", y: "part learned", logX: true}, panel{title: "test digits", x: "batch", y: "accuracy", logX: true}
	for _, w := range ways {
		fitted.add(overSeeds(w.name, x, w.fitted))
		right.add(overSeeds(w.name, x, w.right))
		t := table{Title: w.name, Header: []string{"batch", "part of the wrong labels learned", "test accuracy"}}
		for k, b := range batches {
			t.Rows = append(t.Rows, []string{batchName(b, n), over(w.fitted[k]).String(), over(w.right[k]).String()})
		}
		r.tables = append(r.tables, t)
	}
	r.figures = append(r.figures, figure{name: "wrong-labels", caption: "Left: how many of the wrong labels were learned. Right: accuracy on the test digits. Bars are 95 % intervals over seeds.", panels: []panel{fitted, right}})
	return nil
}

// wrong replaces a part of the labels of a data set by other classes, as a function of the seed; it returns the examples concerned.
func wrong(data datasets.Dataset, part float64, seed uint64) (spoilt *datasets.Examples, changed []int32, err error) {
	var b datasets.Batch
	if err := data.Read(&b, everything(data.Len()).Index, 0); err != nil {
		return nil, nil, err
	}
	rng := random(seed, 8)
	for _, i := range rng.Perm(len(b.Labels))[:int(part*float64(len(b.Labels)))] {
		changed = append(changed, int32(i))
		b.Labels[i] = (b.Labels[i] + 1 + rng.IntN(data.Classes()-1)) % data.Classes()
	}
	spoilt, err = datasets.NewExamples(data.Shape(), b.X, b.Labels, data.Classes())
	return spoilt, changed, err
}
