package main

import (
	"math"

	"github.com/fallline/fallline/datasets"
	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/train"
)

var batchSize = experiment{
	name:  "batch-size",
	title: "Choosing a batch size",
	about: "A single example a step is said to be noisy, hard on the hardware and good at generalising; 32 to 128 moderate and good all round; 256 to 1,024 excellent for the hardware and usually good; " +
		"all examples free of noise, with a danger of overfitting. Smaller batches make more updates in an epoch, which is said to lead to faster convergence on the clock. " +
		"Each batch has the rate, falling along a cosine, that does best on other digits after the same epochs. Equal time is that which batches of 64 take for their epochs, by the examples that each batch is good for in a second.",
	measure: measureBatchSize,
}

// outcome is what a batch size has come to with one seed.
type outcome struct {
	variance, speed, epochs, clock, gap float64
}

func measureBatchSize(l *lab, r *report) error {
	n, epochs, seeds := pick(l, 5000, 3000, 200), pick(l, 8, 4, 1), pick(l, 5, 2, 2)
	batches := pick(l, []int{1, 8, 32, 64, 128, 256, 1024, n}, []int{1, 32, 128, 1024, n}, []int{1, 32, n})
	ladder := pick(l, []float64{0.01, 0.03, 0.1, 0.3, 1, 3}, []float64{0.01, 0.1, 1}, []float64{0.1})
	rates := map[int]float64{}
	for _, b := range batches {
		var err error
		if rates[b], err = bestRate(l, n, b, epochs, ladder); err != nil {
			return err
		}
	}
	standard := pick(l, 64, 128, 32) // whose time is that of all
	rounds := pick(l, 5, 2, 1)
	got := map[int][]outcome{}
	for seed := range uint64(seeds) {
		data, test, err := l.subset(n, seed)
		if err != nil {
			return err
		}
		t := training{net: perceptron(), data: data, seed: seed}
		speeds, err := t.speeds(l, batches, rates, epochs, rounds)
		if err != nil {
			return err
		}
		for _, b := range batches {
			if err := l.say("seed %d, batches of %d", seed, b); err != nil {
				return err
			}
			t.batch = b
			o, err := t.outcome(l, test, rates[b], epochs, speeds[b]/speeds[standard])
			if err != nil {
				return err
			}
			o.speed = speeds[b]
			got[b] = append(got[b], o)
		}
	}
	r.set("data", "%d training digits, 10,000 test digits, network 784-64-10 with ReLU, plain SGD", n)
	r.set("epochs", "%d; equal time is that of %d epochs with batches of %d; the rate falls to 0 along a cosine over either", epochs, epochs, standard)
	r.set("examples/s", "of training; the median of %d rounds for each seed, in each of which all batches come in turn", rounds)
	r.set("rates", "of %v the best in the mean over three seeds, which are not those of the measurement, on digits that are neither trained nor tested on", ladder)
	r.set("bounds", "accuracies count as equal within 0.005, about the deviation from seed to seed; speeds as different from a tenth on")
	r.set("seeds", "%d, of data, weights and order", seeds)
	reportBatchSize(r, n, batches, rates, got)
	return nil
}

// speeds are the examples that a training with each batch goes through in a second, at a hundredth of its rate, with
// which none diverges: the median over some rounds.
func (t training) speeds(l *lab, batches []int, rates map[int]float64, epochs, rounds int) (map[int]float64, error) {
	seen := map[int][]float64{}
	for round := range rounds {
		for _, b := range batches {
			if err := l.say("seed %d, speed of batches of %d, round %d", t.seed, b, round); err != nil {
				return nil, err
			}
			t.batch, t.rate, t.options = b, schedules.Constant(rates[b]/100), []train.Option{train.Epochs(epochs)}
			_, h, err := t.fit(l.ctx)
			if err != nil {
				return nil, err
			}
			seen[b] = append(seen[b], h.ExamplesPerSecond())
		}
	}
	speeds := map[int]float64{}
	for b, s := range seen {
		speeds[b] = median(s)
	}
	return speeds, nil
}

// outcome trains for some epochs, and then anew for that many times a share. Where a training diverges the weights
// before that count.
func (t training) outcome(l *lab, test datasets.Dataset, peak float64, epochs int, share float64) (o outcome, err error) {
	t.rate, t.options = schedules.Cosine(peak, 0, schedules.Epochs(epochs)), []train.Option{train.Epochs(epochs)}
	model, h, err := t.fit(l.ctx)
	if err != nil && !diverged(err) {
		return o, err
	}
	if _, o.epochs, err = assess(l.ctx, model, test); err != nil {
		return o, err
	}
	_, seen, err := assess(l.ctx, model, t.data)
	if err != nil {
		return o, err
	}
	o.gap = seen - o.epochs
	iterations := max(1, int(math.Round(float64(h.Iterations)*share)))
	t.rate, t.options = schedules.Cosine(peak, 0, iterations), []train.Option{train.Iterations(iterations)}
	if model, _, err = t.fit(l.ctx); err != nil && !diverged(err) {
		return o, err
	}
	if _, o.clock, err = assess(l.ctx, model, test); err != nil {
		return o, err
	}
	o.variance, err = varianceAt(t, t.batch)
	return o, err
}

// varianceAt is the variance of a batch's gradient at the first weights; that of all examples is 0.
func varianceAt(t training, b int) (float64, error) {
	if b == t.data.Len() {
		return 0, nil
	}
	model, err := t.build()
	if err != nil {
		return 0, err
	}
	f, err := train.NewObjective(model, t.data)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	s, err := gradientSpread(f, model.Weights(), []int{b}, 32, 20, t.seed)
	if err != nil {
		return 0, err
	}
	return s.without[0], nil
}
