package instruments

import (
	"math"

	"github.com/pkg/errors"
)

// NoiseTracker averages the noise of iterations, each of which tells little: moving averages of S and G², of which each
// iteration keeps the share Keep, corrected for their beginning, and the Scale of both.
//
//	tracker := instruments.NoiseTracker{Keep: 0.99}
//	train.Fit(ctx, model, data, solver, train.MicroBatch(64), train.OnIteration(func(it train.Iteration) error {
//		noise, err := tracker.Add(instruments.NoiseOf(it.Pieces))
//		...
//
// With micro-batches the figures cost next to nothing, since their gradients are there anyway. The weights change
// meanwhile, so that the average lags behind. McCandlish et al. 2018, appendix A.1.
type NoiseTracker struct {
	Keep float64 // in [0, 1): 0.99 is usual

	noise  Noise
	weight float64
}

// Add counts the noise of an iteration in, unless it is zero, as of one that was evaluated in one piece, and returns
// the average.
func (t *NoiseTracker) Add(n Noise) (Noise, error) {
	if !(t.Keep >= 0 && t.Keep < 1) {
		return Noise{}, errors.Errorf("instruments: noise tracker: keep %v outside [0, 1)", t.Keep)
	}
	if n == (Noise{}) {
		return t.Noise(), nil
	}
	if sum := n.Variance + n.Square; math.IsNaN(sum) || math.IsInf(sum, 0) {
		return t.Noise(), errors.Errorf("instruments: noise tracker: a variance of %v and a square of %v", n.Variance, n.Square)
	}
	t.weight = t.Keep*t.weight + 1 - t.Keep
	t.noise.Variance = t.Keep*t.noise.Variance + (1-t.Keep)*n.Variance
	t.noise.Square = t.Keep*t.noise.Square + (1-t.Keep)*n.Square
	t.noise.Gradients += n.Gradients
	return t.Noise(), nil
}

// Noise is the average so far; zero before there is any.
func (t *NoiseTracker) Noise() Noise {
	if t.weight == 0 {
		return Noise{}
	}
	n := newNoise(t.noise.Variance/t.weight, t.noise.Square/t.weight)
	n.Gradients = t.noise.Gradients
	return n
}
