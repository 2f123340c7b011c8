package main

import (
	"math"

	"github.com/fallline/fallline/batch"
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

// way is how long is trained, and what the model has then learned, for each batch and seed.
type way struct {
	name          string
	length        train.Option
	fitted, right [][]float64
}

func measureWrongLabels(l *lab, r *report) error {
	n, seeds := pick(l, 2000, 1000, 200), pick(l, 16, 3, 2)
	batches := pick(l, []int{8, 32, 128, 512, n}, []int{8, 64, n}, []int{32, n})
	updates, epochs := pick(l, 2000, 600, 20), pick(l, 40, 20, 2)
	ways := []*way{{name: "equal updates", length: train.Iterations(updates)}, {name: "equal epochs", length: train.Epochs(epochs)}}
	for k, b := range batches {
		for _, w := range ways {
			w.fitted, w.right = append(w.fitted, nil), append(w.right, nil)
			for seed := range uint64(seeds) {
				if err := l.say("batches of %d, %s, seed %d", b, w.name, seed); err != nil {
					return err
				}
				fitted, right, err := w.learn(l, n, b, seed)
				if err != nil {
					return err
				}
				w.fitted[k], w.right[k] = append(w.fitted[k], fitted), append(w.right[k], right)
			}
		}
	}
	r.set("data", "%d training digits, a fifth of them with wrong labels, 10,000 test digits, network 784-64-10 with ReLU, plain SGD at rate 0.1", n)
	r.set("training", "%d updates, or %d epochs", updates, epochs)
	r.set("seeds", "%d, of data, labels, weights and order", seeds)
	r.set("bounds", "a difference counts from a fiftieth of the wrong labels on, and from half a hundredth of accuracy on")
	reportWrongLabels(r, n, batches, ways[0], ways[1])
	return nil
}

// learn trains with wrong labels; it returns the part of them that the model has learned, and its accuracy on the test
// digits.
func (w *way) learn(l *lab, n, batch int, seed uint64) (fitted, right float64, err error) {
	data, test, err := l.subset(n, seed)
	if err != nil {
		return 0, 0, err
	}
	spoilt, changed, err := wrong(data, 0.2, seed)
	if err != nil {
		return 0, 0, err
	}
	bad, err := datasets.Subset(spoilt, changed)
	if err != nil {
		return 0, 0, err
	}
	model, _, err := training{net: perceptron(), data: spoilt, batch: batch, rate: schedules.Constant(0.1), seed: seed, options: []train.Option{w.length}}.fit(l.ctx)
	if err != nil {
		return 0, 0, err
	}
	if _, fitted, err = assess(l.ctx, model, bad); err != nil {
		return 0, 0, err
	}
	_, right, err = assess(l.ctx, model, test)
	return fitted, right, err
}

// reportWrongLabels says what came of equal updates and of equal epochs.
func reportWrongLabels(r *report, n int, batches []int, updates, epochs *way) {
	last := len(batches) - 1
	var best []float64
	for seed := range epochs.right[last] {
		top := math.Inf(-1)
		for k := range last {
			top = max(top, epochs.right[k][seed])
		}
		best = append(best, top-epochs.right[last][seed])
	}
	small := sprintf("with batches of %d less that with all", batches[0])
	r.find("After equally many updates small batches have learned fewer of the wrong labels than all examples at once.", "part of the wrong labels learned "+small,
		over(less(updates.fitted[0], updates.fitted[last])), atMost(-0.02))
	r.find("After equally many updates small batches do better on the test digits than all examples at once.", "test accuracy "+small+", equal updates", over(less(updates.right[0], updates.right[last])), atLeast(0.005))
	r.find("After equally many epochs, too, small batches have learned fewer of the wrong labels than all examples at once.", "part of the wrong labels learned "+small,
		over(less(epochs.fitted[0], epochs.fitted[last])), atMost(-0.02))
	r.find("After equally many epochs small batches do better on the test digits than all examples at once.", "test accuracy "+small+", equal epochs", over(less(epochs.right[0], epochs.right[last])), atLeast(0.005))
	r.find("After equally many epochs some batch in between does better than all examples at once.", "test accuracy with the best batch less that with all, equal epochs", over(best), atLeast(0.005))
	fitted, right := panel{title: "wrong labels", x: "batch", y: "part learned", logX: true}, panel{title: "test digits", x: "batch", y: "accuracy", logX: true}
	x := floats(batches)
	for _, w := range []*way{updates, epochs} {
		fitted.add(overSeeds(w.name, x, w.fitted))
		right.add(overSeeds(w.name, x, w.right))
		t := table{Title: "After " + w.name, Header: []string{"batch", "part of the wrong labels learned", "test accuracy"}}
		for k, b := range batches {
			t.Rows = append(t.Rows, []string{batchName(b, n), over(w.fitted[k]).String(), over(w.right[k]).String()})
		}
		r.tables = append(r.tables, t)
	}
	r.figures = append(r.figures, figure{name: "wrong-labels", caption: "Left: how many of the wrong labels were learned. Right: accuracy on the test digits. Bars are 95 % intervals over seeds.", panels: []panel{fitted, right}})
}

// floats are the same numbers as float64.
func floats(n []int) []float64 {
	x := make([]float64, len(n))
	for i, v := range n {
		x[i] = float64(v)
	}
	return x
}

// wrong replaces a part of the labels of a data set by other classes, as a function of the seed; it returns the
// examples concerned.
func wrong(data datasets.Dataset, part float64, seed uint64) (spoilt *datasets.Examples, changed []int32, err error) {
	var b batch.Batch
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
