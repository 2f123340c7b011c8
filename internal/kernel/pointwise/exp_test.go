package pointwise

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/kerneltest"
)

const bigPrecision = 300

// bigExp is e^x to some 80 digits, for |x| ≤ 2000: the Taylor series at x/2^20, squared twenty times.
func bigExp(x float64) *big.Float {
	const halvings = 20
	number := func(x float64) *big.Float { return new(big.Float).SetPrec(bigPrecision).SetFloat64(x) }
	u := number(x)
	u.SetMantExp(u, -halvings)
	sum, term := number(1), number(1)
	for i := 1; i < 40; i++ {
		term.Mul(term, u)
		term.Quo(term, number(float64(i)))
		sum.Add(sum, term)
	}
	for range halvings {
		sum.Mul(sum, sum)
	}
	return sum
}

// bigSigmoid is 1/(1 + e^−x) and bigTanh (1 − e^−2x)/(1 + e^−2x).
func bigSigmoid(x float64) *big.Float {
	one := new(big.Float).SetPrec(bigPrecision).SetInt64(1)
	return new(big.Float).Quo(one, new(big.Float).Add(one, bigExp(-x)))
}

func bigTanh(x float64) *big.Float {
	one := new(big.Float).SetPrec(bigPrecision).SetInt64(1)
	e := bigExp(-2 * x)
	return new(big.Float).Quo(new(big.Float).Sub(one, e), new(big.Float).Add(one, e))
}

// ulps is how far got is from want, in units of want's last place in T; below the normal range in units of the smallest
// number.
func ulps[T kernel.Float](got T, want *big.Float) float64 {
	bits, least := 53, -1074
	if kernel.Is32[T]() {
		bits, least = 24, -149
	}
	unit := max(want.MantExp(nil)-bits, least)
	d := new(big.Float).SetPrec(bigPrecision).SetFloat64(float64(got))
	d.Sub(d, want)
	d.SetMantExp(d, -unit)
	f, _ := d.Float64()
	return math.Abs(f)
}

func TestExponentialsAreAccurate(t *testing.T) {
	exact := map[any]*big.Float{}
	kerneltest.Distinct.EachType(t, func(t *testing.T) { testAccuracy[float32](t, exact) }, func(t *testing.T) { testAccuracy[float64](t, exact) })
}

// testAccuracy looks up the exact values, which all sets share, by function and element.
func testAccuracy[T kernel.Float](t *testing.T, exact map[any]*big.Float) {
	overflow, limit32 := 709.7, math.Inf(1)
	if kernel.Is32[T]() {
		overflow, limit32 = 88.7, 0.51
	}
	for _, f := range []struct {
		name      string
		f         func(x, y []T)
		want      func(x float64) *big.Float
		low, high float64
		limit     float64
	}{
		{"Exp", Exp[T], bigExp, -750, overflow, 1},
		{"Sigmoid", Sigmoid[T], bigSigmoid, -700, 700, 3},
		{"Tanh", Tanh[T], bigTanh, -25, 25, 3},
	} {
		r := rand.New(rand.NewPCG(31, 32))
		x := []T{0}
		for e := -40.0; e < 1; e++ {
			x = append(x, T(math.Exp2(e)*1.1), T(-math.Exp2(e)*1.3))
		}
		for range 3000 {
			x = append(x, T(f.low+(f.high-f.low)*r.Float64()), T(r.NormFloat64()))
		}
		y := make([]T, len(x))
		f.f(x, y)
		worst, at := 0.0, T(0)
		for i, v := range x {
			key := [2]any{f.name, v}
			if exact[key] == nil {
				exact[key] = f.want(float64(v))
			}
			if u := ulps(y[i], exact[key]); u > worst {
				worst, at = u, v
			}
		}
		t.Logf("%s: at most %.3f units in the last place off, at %v", f.name, worst, at)
		if worst > min(f.limit, limit32) {
			t.Errorf("%s(%v) is %.3f units in the last place off, allowed %v", f.name, at, worst, min(f.limit, limit32))
		}
	}
}

func TestExponentialsAtTheEnds(t *testing.T) {
	kerneltest.Distinct.EachType(t, testEnds[float32], testEnds[float64])
}

func testEnds[T kernel.Float](t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	largest := math.MaxFloat64
	if kernel.Is32[T]() {
		largest = math.MaxFloat32
	}
	for _, c := range []struct {
		name      string
		f         func(x, y []T)
		low, high float64
	}{
		{"Exp", Exp[T], 0, inf},
		{"Sigmoid", Sigmoid[T], 0, 1},
		{"Tanh", Tanh[T], -1, 1},
	} {
		// A full vector and a tail of each.
		x := []T{T(-inf), T(-largest), -800, 800, T(largest), T(inf), T(nan)}
		want := []T{T(c.low), T(c.low), T(c.low), T(c.high), T(c.high), T(c.high), T(nan)}
		for range 3 {
			x, want = append(x, x...), append(want, want...)
		}
		y := make([]T, len(x))
		c.f(x, y)
		for i := range x {
			if !kerneltest.Same(y[i], want[i]) {
				t.Errorf("%s(%v) = %v, want %v", c.name, x[i], y[i], want[i])
			}
		}
	}
	zero := []T{T(math.Copysign(0, -1)), 0}
	Tanh(zero, zero)
	if !math.Signbit(float64(zero[0])) || math.Signbit(float64(zero[1])) {
		t.Errorf("Tanh of −0 and 0 is %v", zero)
	}
}
