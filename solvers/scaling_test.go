package solvers

import (
	"math"
	"testing"

	"github.com/fallline/fallline/batch"
	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/vector"
)

// scaleFree says whether the length of a rule's steps doesn't depend on the scale of the loss.
func scaleFree(r Rule) bool {
	switch r.(type) {
	case AdaGrad, RMSProp, Adam, AdamW, AMSGrad, signSGD, steepest:
		return true
	}
	return false
}

// paced says whether the estimator shortens the steps by a rule of its own, by what it saw of the gradients at first.
func paced(p pair) bool {
	e, ok := p.estimator.estimator.(STORM)
	return ok && e.K > 0
}

// gentle is a rate at which any pair goes down on squares.
func gentle(p pair) float64 {
	rate := 0.03
	switch p.rule.(type) {
	case AdaGrad: // whose steps get shorter by themselves
		rate = 0.5
	case Momentum, NAG: // which move up to ten times as far
		rate = 0.005
	}
	if paced(p) {
		rate *= 50
	}
	return rate
}

// stretched is squares whose features have sizes from a hundredth to a hundred.
func stretched(dt vector.Type) *squares {
	o := newSquares(dt, 45, 6)
	for i, x := range o.x {
		o.y[i] = 0.5
		for j := range x {
			x[j] *= math.Pow(10, float64(j-3)/1.5)
			o.y[i] += float64(j-2) / 4 * x[j]
		}
	}
	return o
}

// lossesOf runs a pair and returns the loss over all examples before and after.
func lossesOf(t *testing.T, p pair, o *squares, rate float64, steps int) (first, last float64) {
	run := open(t, solver(t, p.rule, Rate(schedules.Cosine(rate, 0, steps)), p.estimator.from()), p.estimator.hide(o),
		make([]float64, 7), must[Sampler](t)(Reshuffled(45, 7, 4)))
	loss := func(w *vector.Vector) float64 {
		return must[float64](t)(o.Loss(w, batch.Batch{Index: everything(45)}))
	}
	first = loss(run.Weights())
	next(t, run, steps)
	return first, loss(run.Weights())
}

// TestPairsStandIllScaling holds that a condition number of a hundred million stops nobody from going down: steps short
// enough for the steepest direction find its bottom, and rules that scale their steps need no such care.
func TestPairsStandIllScaling(t *testing.T) {
	for name, p := range pairs() {
		for _, dt := range dtypes {
			o, rate, limit := stretched(dt), gentle(p), 0.05
			if paced(p) {
				limit = 0.95
			}
			if p.rule.Spec().Whole { // one length for all elements, whatever their scales
				limit = 0.9
			}
			if !scaleFree(p.rule) {
				rate /= 1e3
			}
			if first, last := lossesOf(t, p, o, rate, 1000); !(last < limit*first) {
				t.Errorf("%s/%v: loss from %v to %v, want %v of it", name, dt, first, last, limit)
			}
		}
	}
}

// TestPairsStandNoise holds that with a falling rate the noise of examples that can't be fitted doesn't keep anyone
// from the bottom.
func TestPairsStandNoise(t *testing.T) {
	for name, p := range pairs() {
		for _, dt := range dtypes {
			o := newSquares(dt, 45, 6)
			for i := range o.y {
				o.y[i] += 3 * math.Sin(float64(7*i*i))
			}
			limit := 0.02
			if paced(p) {
				limit = 0.1
			}
			first, last := lossesOf(t, p, o, gentle(p), 4000)
			if best := lowest(o); !(last-best < limit*(first-best)) {
				t.Errorf("%s/%v: loss from %v to %v, the lowest is %v, want %v of the way left", name, dt, first, last, best, limit)
			}
		}
	}
}

// lowest is the least loss of squares.
func lowest(o *squares) float64 {
	_, loss := o.meanGradient(lassoOf(o, 0, 0), everything(len(o.x)), 0)
	return loss
}
