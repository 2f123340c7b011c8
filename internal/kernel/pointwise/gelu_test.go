package pointwise

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/kerneltest"
)

func TestGeluIsAccurate(t *testing.T) {
	kerneltest.Distinct.EachType(t, testGelu[float32], testGelu[float64])
}

// testGelu compares with formulas on math.Erfc, in units of the least difference of numbers of T at the result. The
// gradient has a root at −0.7518, near which its error is measured by the two terms that cancel.
func testGelu[T kernel.Float](t *testing.T) {
	unit := 0x1p-52
	if kernel.Is32[T]() {
		unit = 0x1p-23
	}
	r := rand.New(rand.NewPCG(81, 82))
	var x []T
	for range 20000 {
		x = append(x, T(3*r.NormFloat64()), T(26*r.Float64()-13), T(r.NormFloat64()*1e-6))
	}
	ones, y, slope := make([]T, len(x)), make([]T, len(x)), make([]T, len(x))
	Fill(1, ones)
	Gelu(x, y)
	GeluGrad(x, ones, slope)
	worst, worstSlope := 0.0, 0.0
	for i, v := range x {
		u := float64(v)
		below, density := math.Erfc(-u/math.Sqrt2)/2, math.Exp(-u*u/2)/math.Sqrt(2*math.Pi)
		if want := u * below; math.Abs(want) > 1e-37 {
			worst = max(worst, math.Abs(float64(y[i])-want)/math.Abs(want)/unit)
		}
		if size := below + math.Abs(u*density); size > 1e-37 {
			worstSlope = max(worstSlope, math.Abs(float64(slope[i])-below-u*density)/size/unit)
		}
	}
	t.Logf("GELU at most %.2f and its gradient %.2f units off", worst, worstSlope)
	if limit := 4.; kernel.Is32[T]() && (worst > limit || worstSlope > limit) {
		t.Errorf("GELU is %.2f and its gradient %.2f units off, allowed %v", worst, worstSlope, limit)
	}
	if limit := 40.; worst > limit || worstSlope > limit { // e^(−u²/2) of math and here, in float64, both round u²
		t.Errorf("GELU is %.2f and its gradient %.2f units off, allowed %v", worst, worstSlope, limit)
	}
}

func TestGeluAtTheEnds(t *testing.T) {
	kerneltest.Distinct.EachType(t, testGeluEnds[float32], testGeluEnds[float64])
}

func testGeluEnds[T kernel.Float](t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	x := []T{0, -14, T(-inf), -3e38, 3e38, T(inf), T(nan)}
	want := []T{0, 0, 0, 0, 3e38, T(inf), T(nan)}
	slope := []T{0.5, 0, 0, 0, 1, 1, T(nan)}
	if !kernel.Is32[T]() {
		x[1] = -40
	}
	for range 3 {
		x, want, slope = append(x, x...), append(want, want...), append(slope, slope...)
	}
	y, dy, dx := make([]T, len(x)), make([]T, len(x)), make([]T, len(x))
	Fill(1, dy)
	Gelu(x, y)
	GeluGrad(x, dy, dx)
	for i, v := range x {
		if !kerneltest.Same(y[i], want[i]) || !kerneltest.Same(dx[i], slope[i]) {
			t.Errorf("GELU at %v is %v with slope %v, want %v and %v", v, y[i], dx[i], want[i], slope[i])
		}
	}
}
