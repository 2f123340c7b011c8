package main

import (
	"math"

	"github.com/fallline/fallline/datasets"
	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/train"
)

// bestRate is the rate of a ladder that is best for a batch after some epochs, in the mean over three seeds, on digits
// that are not trained on.
func bestRate(l *lab, n, b, epochs int, ladder []float64) (rate float64, err error) {
	best := math.Inf(-1)
	for _, try := range ladder {
		total := 0.0
		for seed := range uint64(pick(l, 3, 2, 1)) {
			if err := l.say("rate for batches of %d: %v, seed %d", b, try, seed); err != nil {
				return 0, err
			}
			accuracy, err := validate(l, n, b, epochs, try, 1000+seed)
			if err != nil {
				return 0, err
			}
			total += accuracy
		}
		if total > best {
			best, rate = total, try
		}
	}
	return rate, nil
}

// validate is the accuracy that a rate leads to on digits set aside; 0 where the training diverges.
func validate(l *lab, n, b, epochs int, rate float64, seed uint64) (float64, error) {
	both, _, err := l.subset(n+min(n, 2000), seed)
	if err != nil {
		return 0, err
	}
	data, rest, err := datasets.Split(both, n, seed)
	if err != nil {
		return 0, err
	}
	model, _, err := training{net: perceptron(), data: data, batch: b, rate: schedules.Cosine(rate, 0, schedules.Epochs(epochs)), seed: seed,
		options: []train.Option{train.Epochs(epochs), lost(math.Log(10))}}.fit(l.ctx)
	if diverged(err) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	_, accuracy, err := assess(l.ctx, model, rest)
	return accuracy, err
}
