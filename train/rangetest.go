package train

import (
	"context"
	"math"

	"github.com/fallline/fallline/datasets"
	"github.com/fallline/fallline/solvers"
	"github.com/pkg/errors"
)

// RangeTest finds the learning rates that a training can take: it trains for a while with a rate that grows
// exponentially from From to To,
//
//	ηᵢ = From (To/From)^(i/(Iterations−1))
//
// and watches the loss, which stays as it is at first, then falls, and then rises when the rate is too high. Afterwards
// everything is as it was, bit for bit.
//
// The test is that of Smith 2017, Cyclical learning rates, section 3.3, on the loss in the place of the accuracy.
type RangeTest struct {
	From, To   float64 // rates, 0 < From < To
	Iterations int     // at least 2
	Smoothing  float64 // what each iteration keeps of the average of the loss, in [0, 1)
	Stop       float64 // ends the test when that average is over this many times its least, above 1
}

// DefaultRangeTest suits most models and rules.
var DefaultRangeTest = RangeTest{From: 1e-6, To: 10, Iterations: 200, Smoothing: 0.95, Stop: 4}

// RateRange is what a RangeTest has found. The three slices have an element for each iteration, up to where the test
// ended.
type RateRange struct {
	Rates    []float64
	Losses   []float64 // of the batches, before the step of that rate
	Smoothed []float64 // their moving average, corrected for its beginning

	Diverged bool    // whether the test ended before Iterations, because the loss rose or wasn't finite any more
	Least    float64 // the rate at which the average was least: too high for a training
	Steepest float64 // the rate around which it fell fastest, by the rate's logarithm, over 1/(1−Smoothing) iterations
	Suggest  float64 // Least/10: the highest rate of a schedule
}

// Find does the test with a model, a dataset, a solver and the options of a Fit, in which the rate is the test's. It is
// a TryRates: what that leaves out and puts back is left out and put back here. It ends early, with the context's
// error, within a batch.
func (r RangeTest) Find(
	ctx context.Context, model Model, data datasets.Dataset, solver *solvers.Solver, options ...Option,
) (RateRange, error) {
	found, err := r.find(ctx, model, data, solver, options)
	return found, errors.WithMessage(err, "train: range test")
}

func (r RangeTest) find(
	ctx context.Context, model Model, data datasets.Dataset, solver *solvers.Solver, options []Option,
) (found RateRange, err error) {
	if err := r.check(); err != nil {
		return found, err
	}
	average, weight, least := 0.0, 0.0, math.Inf(1)
	for info, err := range TryRates(ctx, model, data, solver, r.rate, options...) {
		if diverged := new(solvers.Diverged); errors.As(err, &diverged) {
			found.Diverged = true
			break
		} else if err != nil {
			return found, err
		}
		average = r.Smoothing*average + (1-r.Smoothing)*info.Loss
		weight = r.Smoothing*weight + 1 - r.Smoothing
		smoothed := average / weight
		if found.Diverged = !(smoothed <= r.Stop*least) && len(found.Rates) > 0; found.Diverged {
			break
		}
		least = min(least, smoothed)
		found.Rates = append(found.Rates, r.rate(len(found.Rates)))
		found.Losses = append(found.Losses, info.Loss)
		found.Smoothed = append(found.Smoothed, smoothed)
		if len(found.Rates) == r.Iterations {
			break
		}
	}
	if len(found.Rates) < 2 {
		return found, errors.Errorf("the loss is not finite, or rises at once at the rate %v: begin lower", r.From)
	}
	found.judge(r.Smoothing)
	return found, nil
}

func (r RangeTest) check() error {
	switch {
	case !(r.From > 0 && r.From < r.To) || math.IsInf(r.To, 1):
		return errors.Errorf("rates from %v to %v, want above 0 and rising", r.From, r.To)
	case !(r.Smoothing >= 0 && r.Smoothing < 1):
		return errors.Errorf("smoothing %v outside [0, 1)", r.Smoothing)
	case !(r.Stop > 1):
		return errors.Errorf("stop %v outside (1, Inf]", r.Stop)
	case r.Iterations < 2 || r.Iterations > math.MaxInt32:
		return errors.Errorf("%d iterations, want 2 to %d", r.Iterations, math.MaxInt32)
	}
	return nil
}

// judge finds the rates that stand out. The fall is that over a stretch as long as the average remembers, from when it
// has as much to remember: before that, and from one iteration to the next, it is the batches' noise that moves it
// most.
func (f *RateRange) judge(smoothing float64) {
	at := 0
	for i, x := range f.Smoothed {
		if x < f.Smoothed[at] {
			at = i
		}
	}
	stretch := max(1, min(int(math.Round(1/(1-smoothing))), at/3))
	steepest, fall := 0, math.Inf(1)
	for i := 2*stretch - 1; i <= at; i++ { // rates are equally far apart on a logarithmic scale
		if d := f.Smoothed[i] - f.Smoothed[i-stretch]; d < fall {
			steepest, fall = i-stretch/2, d
		}
	}
	f.Least, f.Steepest, f.Suggest = f.Rates[at], f.Rates[steepest], f.Rates[at]/10
}

// rate is that of an iteration of the test, from 0.
func (r RangeTest) rate(i int) float64 {
	return r.From * math.Pow(r.To/r.From, float64(i)/float64(r.Iterations-1))
}
