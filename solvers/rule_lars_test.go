package solvers

import (
	"math"
	"testing"

	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/vector"
)

// TestLARSIsItsFormula compares LARS with its formula, parameter by parameter, through zero weights, clipping, L2, a
// factor on the rate of some parameters and a schedule of each number.
func TestLARSIsItsFormula(t *testing.T) {
	const steps, clip, l2, factor = 30, 2.0, 0.01, 3.0
	rate, trust := schedules.Cosine(0.5, 0.1, steps), schedules.Linear(0.2, 0.05, steps)
	momentum, decay := schedules.Linear(0.5, 0.9, steps), schedules.Linear(0, 0.1, steps)
	s := solver(t, LARS{Momentum: 0.1, Trust: 1, Decay: 1}, Rate(rate), ClipNorm(clip), L2(l2), RateFactor(factor, Only("bias")),
		Schedule("trust", trust), Schedule("momentum", momentum), Schedule("lars decay", decay))
	for _, dt := range []vector.Type{vector.Float64, vector.Float32} {
		start := []float64{4, 4, -3, 0, 0, 0} // the bias begins at 0
		obj := bowl(dt)
		run := open(t, s, obj, start, nil)
		w, v, g := append([]float64(nil), start...), make([]float64, 6), make([]float64, 6)
		for i := range steps {
			next(t, run, 1)
			at := schedules.Time{Step: int64(i)}
			obj.f(w, g)
			scale := math.Min(1, clip/euclid(g))
			for _, p := range []struct {
				lo, hi int
				factor float64
			}{{0, 4, 1}, {4, 6, factor}} {
				w, v, g := w[p.lo:p.hi], v[p.lo:p.hi], g[p.lo:p.hi]
				for j := range g {
					g[j] = scale*g[j] + l2*w[j]
				}
				lambda := 1.0
				if euclid(w) > 0 && euclid(g) > 0 {
					lambda = trust.At(at) * euclid(w) / (euclid(g) + decay.At(at)*euclid(w))
				}
				for j := range w {
					v[j] = momentum.At(at)*v[j] + rate.At(at)*p.factor*lambda*(g[j]+decay.At(at)*w[j])
					w[j] -= v[j]
				}
			}
			if d := distance(values(run.Weights()), w); !(d < 20*dt.Epsilon()) {
				t.Fatalf("%v: iteration %d: apart by %v", dt, i, d)
			}
		}
	}
}

func euclid(x []float64) float64 {
	sum := 0.0
	for _, v := range x {
		sum += v * v
	}
	return math.Sqrt(sum)
}
