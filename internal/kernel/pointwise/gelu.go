package pointwise

import (
	"math"

	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/threads"
)

// Gelu is the Gaussian error linear unit y = x Φ(x), element by element, Φ being the normal distribution function in
// its exact form, (1 + erf(x/√2))/2. −∞ gives −0 and a NaN a NaN. The two slices have one length; y may be x.
//
// Hendrycks & Gimpel 2016.
func Gelu[T kernel.Float](x, y []T) { apply(inUse[T]().gelu, threads.PartHeavy, 0, x, nil, y) }

// GeluGrad is the gradient of Gelu by its input x: dx = dy (Φ(x) + x φ(x)), with φ the normal density e^(−x²/2)/√2π.
// The slices have one length; dx may be dy or x.
func GeluGrad[T kernel.Float](x, dy, dx []T) {
	apply(inUse[T]().geluGrad, threads.PartHeavy, 0, x, dy, dx)
}

// In float32 both functions come from one exponential and one quotient, with t = |x|:
//
//	e^(−t²/2) = 2^k e^(r/2),  t² = −2k ln 2 − r,  |r| ≤ ln 2
//	Φ(−t) = e^(−t²/2) P(t)/Q(t)
//
//	x Φ(x) = max(x, 0) − t Φ(−t)
//	Φ(x) + x φ(x) = d below 0 and 1 − d from 0 up, with d = Φ(−t) − t φ(t)
//
// P/Q is close to the best approximation of Mills' ratio e^(t²/2) Φ(−t) with a relative error of 2^−27. All its
// coefficients are positive, so that nothing cancels and Φ is right in its last places far out in the tail, too: to
// float32's rounding of t² the error is added back. Only that product is fused; it is exact, whatever computes it.
//
// In float64 they come from math.Erfc, in every set.
const (
	geluFar     = 13.27             // e^(−t²/2) is 2^−127 there, of which 0 is made
	geluScale   = -0.72134752044448 // −1/(2 ln 2)
	geluMagic   = 3 << 22           // as magic, in float32
	gelu2LnHi   = 1.38627624511718750000
	gelu2LnLo   = 1.8116001229e-05
	geluDensity = 0.39894228040143267794 // 1/√2π
)

// geluExp are the coefficients of e^(r/2) by powers of r, geluTop and geluBottom those of P and Q by powers of t.
var (
	geluExp = [...]float32{1, 0.5, 0.1249999850988388, 0.020833037793636322, 0.002604250330477953, 0.0002616936108097434,
		2.163063456455559e-05}
	geluTop    = [...]float32{0.5, 0.43568407773862117, 0.18130501491190706, 0.03998355982484221, 0.004020092208277209}
	geluBottom = [...]float32{1, 1.6692530740533962, 1.1944771522622306, 0.4643757069205524, 0.10023130320731076,
		0.010076733570584534}
)

// geluTail returns t = |x|, no more than geluFar, e^(−t²/2) and Φ(−t).
func geluTail(x float32) (t, e, tail float32) {
	t = min(math.Float32frombits(math.Float32bits(x)&^(1<<31)), geluFar)
	square := t * t
	low := float32(float64(float64(t)*float64(t)) - float64(square))
	shifted := float32(square*geluScale) + geluMagic
	k := shifted - geluMagic
	r := float32(k*-gelu2LnHi) - square - low - float32(k*gelu2LnLo)
	e = powers(r, geluExp[:]) * math.Float32frombits(math.Float32bits(shifted)<<23+math.Float32bits(1))
	return t, e, float32(e*powers(t, geluTop[:])) / powers(t, geluBottom[:])
}

// powers is the polynomial of x with the coefficients c.
func powers(x float32, c []float32) float32 {
	p := c[len(c)-1]
	for i := len(c) - 2; i >= 0; i-- {
		p = float32(p*x) + c[i]
	}
	return p
}

func geluGeneric[T kernel.Float](_ T, x, _, z []T) {
	if !kernel.Is32[T]() {
		gelu64(kernel.As64(x), kernel.As64(z))
		return
	}
	u, w := kernel.As32(x)[:len(z)], kernel.As32(z)
	for i := range w {
		t, _, tail := geluTail(u[i])
		w[i] = max(u[i], 0) - float32(t*tail)
	}
}

func geluGradGeneric[T kernel.Float](_ T, x, y, z []T) {
	if !kernel.Is32[T]() {
		geluGrad64(kernel.As64(x), kernel.As64(y), kernel.As64(z))
		return
	}
	u, v, w := kernel.As32(x)[:len(z)], kernel.As32(y)[:len(z)], kernel.As32(z)
	for i := range w {
		t, e, tail := geluTail(u[i])
		d := tail - float32(t*float32(e*geluDensity))
		if !(u[i] < 0) {
			d = 1 - d
		}
		w[i] = v[i] * d
	}
}

func gelu64(x, z []float64) {
	for i, u := range x[:len(z)] {
		z[i] = max(u, 0) - float64(min(math.Abs(u), math.MaxFloat64)*normalTail(u))
	}
}

func geluGrad64(x, y, z []float64) {
	y = y[:len(z)]
	for i, u := range x[:len(z)] {
		t := min(math.Abs(u), 40) // where the density is 0
		d := normalTail(u) - float64(t*math.Exp(-t*t/2)*geluDensity)
		if !(u < 0) {
			d = 1 - d
		}
		z[i] = y[i] * d
	}
}

// normalTail is Φ(−|u|).
func normalTail(u float64) float64 { return math.Erfc(math.Abs(u)/math.Sqrt2) / 2 }
