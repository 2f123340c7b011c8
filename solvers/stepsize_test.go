package solvers

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/fallline/fallline/batch"
	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/vector"
	"github.com/pkg/errors"
)

var stepSizes = []StepSize{
	DefaultPolyak, Polyak{Scale: 1, Max: 0.05}, Polyak{Lowest: 0.01, Scale: 2, Max: 10},
	DefaultArmijo, Armijo{Slope: 0.5, Shrink: 0.9, Grow: 1, Max: 3},
}

// penalised is F of squares on a batch at w, with L2 of 0.1 on the weights, its gradient, and the gradient with the
// intercept's part doubled.
func penalised(o *squares, b batch.Batch, w []float64) (loss float64, g, step []float64) {
	g, loss = o.meanGradient(w, b.Index, b.Draw)
	for j := range w[:len(w)-1] {
		loss += 0.1 / 2 * w[j] * w[j]
		g[j] += 0.1 * w[j]
	}
	step = slices.Clone(g)
	step[len(w)-1] *= 2
	return loss, g, step
}

// naiveRate is the choice of a rate written out. last is the rate of the iteration before, 0 at first.
func naiveRate(choice StepSize, last, share float64, loss, slope float64, at func(rate float64) float64) float64 {
	switch c := choice.(type) {
	case Polyak:
		return math.Min(math.Max(loss-c.Lowest, 0)/(c.Scale*slope), c.Max)
	case Armijo:
		rate := c.Max
		if last > 0 {
			rate = math.Min(c.Max, last*math.Pow(c.Grow, share))
		}
		for at(rate) > loss-c.Slope*rate*slope {
			rate *= c.Shrink
		}
		return rate
	}
	panic("no naive choice")
}

// TestChosenRatesEqualFormulas compares each rate and step with the formulas, on batches with L2 and a rate factor.
func TestChosenRatesEqualFormulas(t *testing.T) {
	const n, size = 45, 7
	for _, choice := range stepSizes {
		for _, e := range []Estimator{MiniBatch{}, FullBatch{}} {
			obj := newSquares(vector.Float64, n, 6)
			obj.jitter = 0.3
			w := []float64{1, -1, 1, -1, 1, -1, 0}
			run := open(t, solver(t, SGD{}, ChooseRate(choice), From(e), L2(0.1, Except("bias")), RateFactor(2, Only("c"))), obj, w,
				must[Sampler](t)(Reshuffled(n, size, 8)))
			batches := must[Sampler](t)(Reshuffled(n, size, 8))
			last := 0.0
			for k := range 100 {
				b := batches.Next()
				if _, full := e.(FullBatch); full {
					b = batch.Batch{Index: everything(n), Draw: uint64(k)}
				}
				loss, g, step := penalised(obj, b, w)
				slope := 0.0
				for j := range g {
					slope += g[j] * step[j]
				}
				along := func(rate float64) []float64 {
					to := slices.Clone(w)
					for j := range to {
						to[j] -= rate * step[j]
					}
					return to
				}
				tried := int64(0)
				last = naiveRate(choice, last, float64(len(b.Index))/n, loss, slope, func(rate float64) float64 {
					tried += int64(len(b.Index))
					f, _, _ := penalised(obj, b, along(rate))
					return f
				})
				w = along(last)
				info := next(t, run, 1)
				if math.Abs(info.Rate-last) > 1e-12*last || info.Losses != tried || run.Values()[0].Value != info.Rate {
					t.Fatalf("%v from %T: step %d: rate %v after %d losses, want %v after %d", choice, e, k, info.Rate, info.Losses, last, tried)
				}
				alike(t, fmt.Sprintf("%v from %T: step %d", choice, e, k), values(run.Weights()), w, 1e-12)
				w = values(run.Weights()) // a rate that aims too low lets rounding grow
			}
		}
	}
}

// TestPolyakOnAQuadratic holds that with its lowest loss known, or estimated, no rate needs to be given.
func TestPolyakOnAQuadratic(t *testing.T) {
	for _, c := range []struct {
		choice StepSize
		limit  float64
	}{{Polyak{Scale: 1, Max: 100}, 1e-12}, {PolyakLevel{Gap: 10, Path: 5, Max: 100}, 1e-6}, {Armijo{Slope: 0.3, Shrink: 0.7, Grow: 2, Max: 4}, 1e-12}} {
		for _, dt := range []vector.Type{vector.Float64, vector.Float32} {
			run := open(t, solver(t, SGD{}, ChooseRate(c.choice), From(FullBatch{})), bowl(dt), bowlStart, nil)
			lowest := math.Inf(1)
			for range 2000 {
				lowest = min(lowest, next(t, run, 1).Loss)
			}
			if !(lowest < c.limit) {
				t.Errorf("%v/%v: lowest loss %v, want below %v", c.choice, dt, lowest, c.limit)
			}
		}
	}
}

// interpolated is squares whose targets a model fits.
func interpolated() *squares {
	obj := newSquares(vector.Float64, 60, 6)
	for i, x := range obj.x {
		obj.y[i] = 0.5
		for j, v := range x {
			obj.y[i] += float64(j-2) * v
		}
	}
	return obj
}

// TestChosenRatesFitAllExamples holds what theory says of batches: linear convergence where all examples can be fitted.
func TestChosenRatesFitAllExamples(t *testing.T) {
	for _, choice := range []StepSize{DefaultPolyak, DefaultArmijo} {
		obj := interpolated()
		run := open(t, solver(t, SGD{}, ChooseRate(choice)), obj, make([]float64, 7), must[Sampler](t)(WithReplacement(60, 3, 1)))
		next(t, run, 3000)
		if g, loss := obj.meanGradient(values(run.Weights()), everything(60), 0); !(loss < 1e-20) {
			t.Errorf("%v: loss %v with gradient %v", choice, loss, norm(g))
		}
	}
}

// TestASplitSearchEqualsAWholeOne holds that chosen rates resume, bit for bit.
func TestASplitSearchEqualsAWholeOne(t *testing.T) {
	for _, choice := range append(slices.Clone(stepSizes), PolyakLevel{Gap: 1, Path: 0.2, Max: 0.1}) {
		for _, dt := range []vector.Type{vector.Float64, vector.Float32} {
			fresh := func() *Run {
				e := Estimator(MiniBatch{})
				if _, ok := choice.(PolyakLevel); ok {
					e = FullBatch{}
				}
				return open(t, solver(t, SGD{}, ChooseRate(choice), From(e), Average(EMA{Decay: 0.9})), newSquares(dt, 45, 6),
					make([]float64, 7), must[Sampler](t)(Reshuffled(45, 7, 4)))
			}
			whole, before, after := fresh(), fresh(), fresh()
			next(t, whole, 30)
			next(t, before, 11)
			restore(t, after, save(before))
			after.Weights().Copy(before.Weights())
			next(t, after, 19)
			if !slices.Equal(values(after.Weights()), values(whole.Weights())) {
				t.Errorf("%v/%v: apart by %v", choice, dt, distance(values(after.Weights()), values(whole.Weights())))
			}
		}
	}
}

// quiet evaluates losses without allocation.
type quiet struct {
	*function
	g *vector.Vector
}

func (o quiet) Loss(w *vector.Vector, b batch.Batch) (float64, error) { return o.Gradient(w, o.g, b) }

func TestChosenRatesAllocateNothing(t *testing.T) {
	for _, choice := range append(slices.Clone(stepSizes), PolyakLevel{Gap: 1, Path: 1, Max: 1}) {
		obj := quiet{bowl(vector.Float32), bowl(vector.Float32).NewVector()}
		run := open(t, solver(t, SGD{}, ChooseRate(choice), L2(1e-3)), obj, bowlStart, nil)
		next(t, run, 2)
		if n := testing.AllocsPerRun(20, func() { run.Next() }); n != 0 {
			t.Errorf("%v: %v allocations an iteration, want 0", choice, n)
		}
	}
}

// rates is a StepSize that a test tells what to do.
type rates struct {
	rate float64
	err  error
}

func (rates) Numbers() int                              { return 0 }
func (r rates) Choose(*Ray, []float64) (float64, error) { return r.rate, r.err }
func (rates) String() string                            { return "rates" }

func TestBadChoices(t *testing.T) {
	rate, armijo := Rate(schedules.Constant(1)), ChooseRate(DefaultArmijo)
	for _, c := range []struct {
		rule    Rule
		options []Option
		want    string
	}{
		{SGD{}, []Option{ChooseRate(nil)}, "solvers: no choice of the rate (nil)"},
		{SGD{}, []Option{rate, armijo}, "solvers: rate given twice"},
		{SGD{}, []Option{armijo, rate}, "solvers: rate given twice"},
		{SGD{}, []Option{ChooseRate(Polyak{Max: 1})}, "solvers: polyak's scale 0 outside (0, Inf)"},
		{SGD{}, []Option{ChooseRate(Polyak{Scale: 1})}, "solvers: polyak's max 0 outside (0, Inf)"},
		{SGD{}, []Option{ChooseRate(Polyak{Lowest: math.NaN(), Scale: 1, Max: 1})}, "solvers: polyak's lowest loss NaN outside (-Inf, Inf)"},
		{SGD{}, []Option{ChooseRate(PolyakLevel{Max: 1})}, "solvers: polyak level's gap 0 outside (0, Inf)"},
		{SGD{}, []Option{ChooseRate(PolyakLevel{Gap: 1, Max: 1})}, "solvers: polyak level's path 0 outside (0, Inf)"},
		{SGD{}, []Option{ChooseRate(Armijo{Slope: 1, Shrink: 0.5, Grow: 1, Max: 1})}, "solvers: armijo's slope 1 outside (0, 1)"},
		{SGD{}, []Option{ChooseRate(Armijo{Slope: 0.5, Shrink: 0.5, Max: 1})}, "solvers: armijo's grow 0 outside [1, Inf)"},
		{NAG{}, []Option{armijo}, "solvers: armijo(0.1,0.7,2,1) goes with the steps of SGD, whose lengths it knows, not with NAG"},
		{SGD{}, []Option{armijo, ClipNorm(1)}, "solvers: armijo(0.1,0.7,2,1) goes with the steps of SGD, whose lengths it knows, not with clipping"},
		{SGD{}, []Option{armijo, Decay(1)}, "solvers: armijo(0.1,0.7,2,1) goes with the steps of SGD, whose lengths it knows, not with decay"},
		{SGD{}, []Option{armijo, Prox(L1{1})}, "solvers: armijo(0.1,0.7,2,1) goes with the steps of SGD, whose lengths it knows, not with l1(1)"},
	} {
		_, err := New(c.rule, c.options...)
		if err == nil || err.Error() != c.want {
			t.Errorf("%v, want %s", err, c.want)
		}
	}
	obj := newSquares(vector.Float64, 45, 6)
	for _, e := range []Estimator{SVRG{Passes: 1}, SAGA{}, STORM{}} {
		s, err := New(SGD{}, armijo, From(e))
		if err != nil {
			continue // the estimator's own settings
		}
		_, err = s.Open(obj, obj.NewVector(), must[Sampler](t)(WithReplacement(45, 1, 1)))
		if _, ok := e.(SVRG); ok || err != nil {
			wantError(t, err, "solvers: armijo(0.1,0.7,2,1): the estimate of "+typeName(e)+" is not the gradient of a loss")
		}
	}
	for _, c := range []struct {
		choice StepSize
		want   string
	}{
		{rates{rate: -1}, "solvers: rates: rate -1 outside [0, Inf) at iteration 0"},
		{rates{rate: math.NaN()}, "solvers: rates: rate NaN outside [0, Inf) at iteration 0"},
		{rates{err: errors.New("no")}, "solvers: rates at iteration 0: no"},
		{PolyakLevel{Gap: 1, Path: 1, Max: 1}, "solvers: polyaklevel(1,1,1) at iteration 0: a batch of 5 examples of 45, want all: From(FullBatch{})"},
	} {
		run := open(t, solver(t, SGD{}, ChooseRate(c.choice)), obj, make([]float64, 7), must[Sampler](t)(Cyclic(45, 5)))
		_, err := run.Next()
		wantError(t, err, c.want)
		if norm(values(run.Weights())) != 0 {
			t.Errorf("%v moved the weights", c.choice)
		}
	}
	_, err := solver(t, SGD{}, armijo).Stepper()
	wantError(t, err, "solvers: armijo(0.1,0.7,2,1) evaluates an objective")
}
