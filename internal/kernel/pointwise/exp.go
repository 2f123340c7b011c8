package pointwise

import (
	"math"

	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/threads"
)

// The exponential is worked out in float64 for both types, from the nearest multiple of ln 2 and a polynomial:
//
//	u = k ln 2 + r,  |r| ≤ ln 2 / 2
//	e^u = 2^k (1 + r + r² P(r))
//
// P is close to the best approximation of (e^r − 1 − r)/r². It leaves an error of 2^−62 in e^r for float64 results, and
// with fewer terms one of 2^−32 for float32. No step uses a fused multiply-add, so that all kernel sets agree in every
// bit.
const (
	log2e   = 1.4426950408889634
	ln2High = 0.6931471803691238 // the leading 32 bits: its product with k is exact
	ln2Low  = 1.9082149292705877e-10

	// magic added to a number rounds it to a whole one, which then stands in the low bits of the sum.
	magic = 3 << 51
)

// Exp sets y = e^x, element by element: within 1 unit in the last place, overflow to +∞, underflow through the
// subnormal numbers to 0. The two slices have one length; y may be x.
func Exp[T kernel.Float](x, y []T) { apply(inUse[T]().exp, threads.PartHeavy, 0, x, nil, y) }

func expGeneric[T kernel.Float](_ T, x, _, z []T) {
	x = x[:len(z)]
	for i := range z {
		z[i] = T(ExpOf[T](float64(x[i])))
	}
}

// expSplit clamps u to [low, high] and returns e^r − 1 and k, as k + magic.
func expSplit[T kernel.Float](u, low, high float64) (q, k float64) {
	if u < low {
		u = low
	}
	if u > high {
		u = high
	}
	shifted := float64(u*log2e) + magic
	k = shifted - magic
	r := u - float64(k*ln2High) - float64(k*ln2Low)
	var p float64
	if kernel.Is32[T]() {
		p = float64(r*0.00019890990824673654) + 0.0013933649996309251
		p = float64(p*r) + 0.0083333109254809
		p = float64(p*r) + 0.041666464925285904
		p = float64(p*r) + 0.16666666681623232
		p = float64(p*r) + 0.500000001346581
	} else {
		p = float64(r*2.0914686968086876e-09) + 2.5105217004720745e-08
		p = float64(p*r) + 2.75572736431103e-07
		p = float64(p*r) + 2.7557255400206422e-06
		p = float64(p*r) + 2.4801587325547743e-05
		p = float64(p*r) + 0.00019841269874820627
		p = float64(p*r) + 0.0013888888888883748
		p = float64(p*r) + 0.008333333333326136
		p = float64(p*r) + 0.04166666666666667
		p = float64(p*r) + 0.1666666666666667
		p = float64(p*r) + 0.5
	}
	return r + float64(float64(r*r)*p), shifted
}

// powerOf2 is 2^k by k + magic, for k from −1022 to 1023.
func powerOf2(shifted float64) float64 {
	return math.Float64frombits(math.Float64bits(shifted)<<52 + math.Float64bits(1))
}

// ExpOf is e^u, good enough to be rounded to T. For float64 the power of two is multiplied in two halves, for it
// reaches beyond the normal range.
func ExpOf[T kernel.Float](u float64) float64 {
	if kernel.Is32[T]() {
		q, k := expSplit[T](u, -110, 90)
		return (1 + q) * powerOf2(k)
	}
	q, shifted := expSplit[T](u, -746, 710)
	k := shifted - magic
	half := float64(k*0.5) + magic
	rest := k - (half - magic) + magic
	return (1 + q) * powerOf2(half) * powerOf2(rest)
}
