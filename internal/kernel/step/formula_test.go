package step

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/kerneltest"
)

func TestSteps(t *testing.T) {
	kerneltest.Distinct.EachType(t, testStepFormulas[float32], testStepFormulas[float64])
}

// testStepFormulas takes three steps by each rule and by its formula in float64.
func testStepFormulas[T kernel.Float](t *testing.T) {
	const rate, mu, damp, muNext = 0.1, 0.9, 0.25, 0.95
	tolerance := 1e-15
	if kernel.Is32[T]() {
		tolerance = 1e-6
	}
	for _, f := range []struct {
		name string
		run  func(w, g, v []T)
		want func(w, g, v float64) (float64, float64)
	}{
		{"StepSGD", func(w, g, _ []T) { SGD(w, g, rate) },
			func(w, g, v float64) (float64, float64) { return w - rate*g, v }},
		{"StepMomentum", func(w, g, v []T) { Momentum(w, g, v, rate, mu, damp) },
			func(w, g, v float64) (float64, float64) { v = mu*v + (1-damp)*g; return w - rate*v, v }},
		{"StepMomentumTextbook", func(w, g, v []T) { MomentumTextbook(w, g, v, rate, mu) },
			func(w, g, v float64) (float64, float64) { v = mu*v - rate*g; return w + v, v }},
		{"StepNesterov", func(w, g, v []T) { Nesterov(w, g, v, rate, mu) },
			func(w, g, v float64) (float64, float64) { v = mu*v + g; return w - rate*(g+mu*v), v }},
		{"StepNesterovTextbook", func(w, g, v []T) { NesterovTextbook(w, g, v, rate, mu, muNext) },
			func(w, g, v float64) (float64, float64) { v = mu*v - rate*g; return w + muNext*v - rate*g, v }},
	} {
		r := rand.New(rand.NewPCG(69, 70))
		w, g, v := kerneltest.Normals[T](r, 41), kerneltest.Normals[T](r, 41), kerneltest.Normals[T](r, 41)
		for range 3 {
			before := [2][]T{append([]T(nil), w...), append([]T(nil), v...)}
			f.run(w, g, v)
			for i := range w {
				wantW, wantV := f.want(float64(before[0][i]), float64(g[i]), float64(before[1][i]))
				if math.Abs(float64(w[i])-wantW) > tolerance*4 || math.Abs(float64(v[i])-wantV) > tolerance*4 {
					t.Fatalf("%s: element %d is %v with velocity %v, want %v and %v", f.name, i, w[i], v[i], wantW, wantV)
				}
			}
		}
	}
}
