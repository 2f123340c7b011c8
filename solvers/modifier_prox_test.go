package solvers

import (
	"math"
	"testing"

	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/vector"
)

// regulariser is a Proximal that tells its value.
type regulariser interface {
	Proximal
	Proximal32
	Value(w []float64) float64
}

var regularisers = []regulariser{
	L1{0}, L1{0.3}, L1{2}, ElasticNet{}, ElasticNet{L1: 0.3}, ElasticNet{L2: 0.7}, ElasticNet{L1: 0.5, L2: 2},
}

// TestProxMinimises holds operators to their definition: no point near prox(w) has a lower (u−w)²/(2η) + R(u).
func TestProxMinimises(t *testing.T) {
	for _, r := range regularisers {
		for _, step := range []float64{0, 0.1, 1, 3} {
			for _, w := range []float64{0, 0.01, -0.2, 0.3, -1, 5, -700} {
				u, u32 := []float64{w}, []float32{float32(w)}
				r.Prox(step, u)
				r.Prox32(step, u32)
				if math.Abs(float64(u32[0])-u[0]) > 1e-6*math.Abs(w) {
					t.Errorf("%v: prox of %v is %v, in float32 %v", r, w, u[0], u32[0])
				}
				if step == 0 {
					if u[0] != w {
						t.Errorf("%v: prox of %v with step 0 is %v", r, w, u[0])
					}
					continue
				}
				cost := func(x float64) float64 { return (x-w)*(x-w)/(2*step) + r.Value([]float64{x}) }
				for _, h := range []float64{1e-4, -1e-4, 0.1, -0.1, 1, -1} {
					if !(cost(u[0]) <= cost(u[0]+h)) {
						t.Errorf("%v: prox of %v with step %v is %v, but %v is better", r, w, step, u[0], u[0]+h)
					}
				}
			}
		}
	}
}

func TestProxKeepsNaN(t *testing.T) {
	for _, r := range regularisers {
		w, w32 := []float64{math.NaN()}, []float32{float32(math.NaN())}
		r.Prox(1, w)
		r.Prox32(1, w32)
		if w[0] == w[0] || w32[0] == w32[0] {
			t.Errorf("%v: prox of NaN is %v, %v", r, w[0], w32[0])
		}
	}
}

// lassoOf is the least squares problem of squares with an elastic net on all but the intercept, solved by coordinate
// descent: the minimum for tests of solvers.
func lassoOf(o *squares, l1, l2 float64) []float64 {
	d, n := len(o.x[0]), float64(len(o.x))
	w := make([]float64, d+1)
	for range 5000 {
		for j := range w {
			slope, curve := 0.0, 0.0
			for i, x := range o.x {
				r, xj := w[d]-o.y[i], 1.0
				for k := range x {
					r += w[k] * x[k]
				}
				if j < d {
					xj = x[j]
				}
				slope += r * xj / n
				curve += xj * xj / n
			}
			z := curve*w[j] - slope
			if j == d {
				w[j] = z / curve
				continue
			}
			w[j] = math.Copysign(max(math.Abs(z)-l1, 0), z) / (curve + l2)
		}
	}
	return w
}

// TestSparseSolutions holds that SGD on full batches, SVRG and SAGA with a proximal operator come to the minimum that
// coordinate descent finds, with the same exact zeros, and leave the intercept unregularised.
func TestSparseSolutions(t *testing.T) {
	const n = 60
	for _, r := range []struct {
		prox   Proximal
		l1, l2 float64
	}{{L1{0.9}, 0.9, 0}, {ElasticNet{L1: 0.7, L2: 0.5}, 0.7, 0.5}} {
		want := lassoOf(newSquares(vector.Float64, n, 6), r.l1, r.l2)
		zeros := 0
		for _, x := range want[:6] {
			if x == 0 {
				zeros++
			}
		}
		if zeros == 0 || zeros == 6 || want[6] == 0 {
			t.Fatalf("%v: the minimum %v tests nothing", r.prox, want)
		}
		for _, e := range []struct {
			name      string
			estimator Estimator
			steps     int
		}{{"FullBatch", FullBatch{}, 2000}, {"SVRG", SVRG{Passes: 2}, 8000}, {"SAGA", SAGA{}, 8000}} {
			for _, dt := range []vector.Type{vector.Float64, vector.Float32} {
				s := solver(t, SGD{}, Rate(schedules.Constant(0.03)), From(e.estimator), Prox(r.prox, Except("bias")))
				run := open(t, s, newSquares(dt, n, 6), make([]float64, 7), must[Sampler](t)(WithReplacement(n, 1, 3)))
				next(t, run, e.steps)
				limit := 1e-10
				if dt == vector.Float32 {
					limit = 1e-5
				}
				for j, x := range values(run.Weights()) {
					if math.Abs(x-want[j]) > limit || (want[j] == 0) != (x == 0) {
						t.Errorf("%s/%v with %v: weight %d is %v, want %v", e.name, dt, r.prox, j, x, want[j])
					}
				}
			}
		}
	}
}
