package solvers

import (
	"testing"

	"github.com/fallline/fallline/internal/kernel/threads"
	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/vector"
)

// forEstimators runs a law over the table, in both types.
func forEstimators(t *testing.T, law func(t *testing.T, e estimatorRow, dt vector.Type)) {
	for _, e := range estimators {
		for _, dt := range dtypes {
			t.Run(e.name+"/"+dt.String(), func(t *testing.T) { law(t, e, dt) })
		}
	}
}

// openLaw opens a run of SGD from an estimator on a small objective whose losses change with the draw.
func openLaw(t *testing.T, e estimatorRow, dt vector.Type) *Run {
	obj := newSquares(dt, 45, 6)
	obj.jitter = 0.3
	return open(t, solver(t, SGD{}, Rate(schedules.Constant(0.05)), e.from()), e.hide(obj), []float64{1, -1, 1, -1, 1, -1, 0},
		must[Sampler](t)(Reshuffled(45, 7, 4)))
}

func TestEstimatorsAllocateNothing(t *testing.T) {
	forEstimators(t, func(t *testing.T, e estimatorRow, dt vector.Type) {
		run := openLaw(t, e, dt)
		next(t, run, 20)
		if n := testing.AllocsPerRun(60, func() { run.Next() }); n != 0 {
			t.Errorf("%v allocations an iteration, want 0", n)
		}
		big := open(t, solver(t, SGD{}, Rate(schedules.Constant(0.05)), e.from()), large(dt), start(large(dt)), nil)
		next(t, big, 5)
		if n := testing.AllocsPerRun(10, func() { big.Next() }); n != 0 {
			t.Errorf("150,003 weights: %v allocations an iteration, want 0", n)
		}
	})
}

// TestEstimatorsInFloat32TrackFloat64 holds that a float32 run stays within rounding of a float64 run, and keeps its
// type.
func TestEstimatorsInFloat32TrackFloat64(t *testing.T) {
	for _, e := range estimators {
		if e.name == "SARAH+" { // rounding may move the end of a period
			continue
		}
		narrow, wide := openLaw(t, e, vector.Float32), openLaw(t, e, vector.Float64)
		next(t, narrow, 100)
		next(t, wide, 100)
		if d := distance(values(narrow.Weights()), values(wide.Weights())); !(d < 2e-5) {
			t.Errorf("%s: apart by %v, want below 2e-5", e.name, d)
		}
		if narrow.Gradient().Type() != vector.Float32 || wide.Gradient().Type() != vector.Float64 {
			t.Errorf("%s: gradients of %v and %v", e.name, narrow.Gradient().Type(), wide.Gradient().Type())
		}
	}
}

// TestEstimatorsKeepPadding holds that the elements between the ranges of an estimate stay 0.
func TestEstimatorsKeepPadding(t *testing.T) {
	forEstimators(t, func(t *testing.T, e estimatorRow, dt vector.Type) {
		run := openLaw(t, e, dt)
		next(t, run, 30)
		g := run.Gradient()
		for i := g.Ranges[0].Hi; i < g.Ranges[1].Lo; i++ {
			if g.At(i) != 0 {
				t.Errorf("padding at %d is %v", i, g.At(i))
			}
		}
	})
}

// TestEstimatorsGiveTheSameBitsOnAnyThreads holds that the number of threads doesn't show in the weights.
func TestEstimatorsGiveTheSameBitsOnAnyThreads(t *testing.T) {
	defer threads.Set(0)
	forEstimators(t, func(t *testing.T, e estimatorRow, dt vector.Type) {
		var want []float64
		for _, count := range []int{1, 2, 3, 8} {
			if err := threads.Set(count); err != nil {
				t.Fatal(err)
			}
			obj := large(dt)
			run := open(t, solver(t, SGD{}, Rate(schedules.Constant(0.05)), e.from()), obj, start(obj), nil)
			next(t, run, 4)
			got := values(run.Weights())
			if want == nil {
				want = got
				continue
			}
			for i := range want {
				if got[i] != want[i] {
					t.Fatalf("%d threads: weight %d is %v, on one thread %v", count, i, got[i], want[i])
				}
			}
		}
	})
}

// TestEstimatorsFindTheBottom holds that each estimator brings down the gradient of a well-conditioned objective: to
// nothing where its noise falls to zero, and to a floor where it doesn't.
func TestEstimatorsFindTheBottom(t *testing.T) {
	floor := map[string]float64{"MiniBatch": 1, "AlphaSVRG": 1, "STORM": 1, "STORM given a": 1}
	for _, e := range estimators {
		obj := newSquares(vector.Float64, 45, 6)
		rate := 0.02
		if e.name == "STORM" { // its step rule is a part of it
			rate = 1
		}
		run := open(t, solver(t, SGD{}, Rate(schedules.Constant(rate)), e.from()), e.hide(obj), make([]float64, 7),
			must[Sampler](t)(WithReplacement(45, 7, 1)))
		next(t, run, 4000)
		g, _ := obj.meanGradient(values(run.Weights()), everything(45), 0)
		limit := 1e-12
		if f := floor[e.name]; f != 0 {
			limit = f
		}
		t.Logf("%-24s gradient %.2g", e.name, norm(g))
		if !(norm(g) < limit) {
			t.Errorf("%s: full gradient %v, want below %v", e.name, norm(g), limit)
		}
		if floor[e.name] == 1 && norm(g) < 1e-9 {
			t.Errorf("%s: full gradient %v: it has no floor", e.name, norm(g))
		}
	}
}
