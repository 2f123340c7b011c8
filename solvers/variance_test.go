package solvers

import (
	"math"
	"slices"
	"testing"

	"github.com/fallline/fallline/batch"
	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/vector"
)

// TestVarianceMeter compares what is measured with the variance over all batches of one example, and holds that
// measuring doesn't change the run.
func TestVarianceMeter(t *testing.T) {
	const n, rate = 12, 0.05
	for _, e := range estimators {
		obj := newSquares(vector.Float64, n, 3)
		fresh := func() *Run {
			return open(t, solver(t, SGD{}, Rate(schedules.Constant(rate)), e.from()), e.hide(obj), []float64{1, -1, 1, 0},
				must[Sampler](t)(WithReplacement(n, 1, 5)))
		}
		run, undisturbed := fresh(), fresh()
		next(t, run, 9)
		next(t, undisturbed, 9)
		source, ok := run.source.(Previewer)
		if !ok {
			continue
		}
		before := save(run)
		got := must[Variance](t)(VarianceMeter{Batches: 4000, Seed: 1}.Measure(run))
		for name, array := range save(run) {
			if a, ok := array.([]float64); ok && !slices.Equal(a, before[name].([]float64)) {
				t.Errorf("%s: measuring changed %s", e.name, name)
			}
		}
		var plain, estimate []float64
		mean := [2][]float64{make([]float64, 4), make([]float64, 4)}
		x, y := obj.NewVector(), obj.NewVector()
		var all [2][][]float64
		for i := range int32(n) {
			must[int64](t)(source.Preview(run.Weights(), x, y, batch.Batch{Index: []int32{i}}))
			plain, estimate = values(x), values(y)
			all[0], all[1] = append(all[0], plain), append(all[1], estimate)
			mean[0], mean[1] = plus(mean[0], 1.0/n, plain), plus(mean[1], 1.0/n, estimate)
		}
		var want [2]float64
		for k := range want {
			for _, v := range all[k] {
				d := norm(plus(v, -1, mean[k]))
				want[k] += d * d / n
			}
		}
		if math.Abs(got.Plain-want[0]) > 0.1*want[0] || math.Abs(got.Estimate-want[1]) > 0.1*want[1]+1e-12 {
			t.Errorf("%s: measured %+v, want %v", e.name, got, want)
		}
		if math.Abs(got.Ratio-got.Estimate/got.Plain) > 1e-12 || got.Gradients < 4000 {
			t.Errorf("%s: %+v", e.name, got)
		}
		next(t, run, 9)
		next(t, undisturbed, 9)
		if d := distance(values(run.Weights()), values(undisturbed.Weights())); d != 0 {
			t.Errorf("%s: a run that was measured is off by %v", e.name, d)
		}
		switch e.name {
		case "MiniBatch":
			if got.Ratio != 1 {
				t.Errorf("MiniBatch: ratio %v, want 1", got.Ratio)
			}
		case "SVRG":
			if !(got.Ratio < 1) || !(got.Best > 0.3 && got.Best < 2) {
				t.Errorf("SVRG: %+v", got)
			}
		}
	}
}

// TestVarianceMeterFindsTheBestAlpha holds Best on a quadratic, where SVRG with that α has the least variance.
func TestVarianceMeterFindsTheBestAlpha(t *testing.T) {
	obj := newSquares(vector.Float64, 12, 3)
	measure := func(factor float64) Variance {
		run := open(t, solver(t, SGD{}, Rate(schedules.Constant(0.05)), From(SVRG{Passes: 10})), obj, []float64{1, -1, 1, 0},
			must[Sampler](t)(WithReplacement(12, 1, 5)))
		next(t, run, 20)
		s := run.source.(*svrg)
		scaled := &scaledPreview{s, factor}
		run.source = scaled
		return must[Variance](t)(VarianceMeter{Batches: 500, Seed: 1}.Measure(run))
	}
	best := measure(1).Best
	least := measure(best).Estimate
	for _, other := range []float64{0, best / 2, best * 1.2, 1.5 * best} {
		if v := measure(other).Estimate; !(v > least) {
			t.Errorf("alpha %v has the variance %v, and the best %v has %v", other, v, best, least)
		}
	}
}

func TestVarianceMeterBad(t *testing.T) {
	obj := newSquares(vector.Float64, 12, 3)
	run := open(t, solver(t, SGD{}, Rate(schedules.Constant(0.05))), obj, make([]float64, 4), nil)
	_, err := VarianceMeter{Batches: 4}.Measure(run)
	wantError(t, err, "solvers: variance of a run that has not taken a step yet")
	next(t, run, 1)
	_, err = VarianceMeter{Batches: 1}.Measure(run)
	wantError(t, err, "solvers: variance of 1 batches, want at least 2")
	katyusha := Katyusha{Passes: 2, Tau1: 0.3, Tau2: 0.5}
	run = open(t, solver(t, SGD{}, Rate(schedules.Constant(0.05)), From(katyusha)), obj, make([]float64, 4), nil)
	next(t, run, 1)
	_, err = VarianceMeter{Batches: 4}.Measure(run)
	wantError(t, err, "solvers: the estimates of Katyusha can't be looked at")
}

// scaledPreview is SVRG with a factor on its correction.
type scaledPreview struct {
	*svrg
	factor float64
}

func (s *scaledPreview) Preview(w, plain, estimate *vector.Vector, b batch.Batch) (int64, error) {
	used, err := s.svrg.Preview(w, plain, estimate, b)
	estimate.Scale(s.factor)
	estimate.Axpy(1-s.factor, plain)
	return used, err
}
