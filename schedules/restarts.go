package schedules

import (
	"math"
	"math/bits"
)

// restarts is a sequence of whole numbers, first·(1 + mult + ... + multᵏ⁻¹) rounded, for first and mult of at least 1.
type restarts struct {
	first twofold
	mult  float64
}

// limit is where time ends.
const limit = 1 << 62

// at is the k-th of them, or the largest int64 where it is beyond 2⁶².
func (r restarts) at(k int64) int64 {
	sum, power, mult, one := twofold{}, twofold{hi: 1}, twofold{hi: r.mult}, twofold{hi: 1}
	for bit := bits.Len64(uint64(k)) - 1; bit >= 0; bit-- {
		sum = sum.plus(power.times(sum)) // twice as many terms
		power = power.times(power)
		if k>>bit&1 == 1 { // and one more
			sum = sum.times(mult).plus(one)
			power = power.times(mult)
		}
		if !(sum.hi < limit) {
			return math.MaxInt64
		}
	}
	position := sum.times(r.first).plus(twofold{hi: 0.5})
	if !(position.hi < limit) {
		return math.MaxInt64
	}
	return position.floor()
}

// before is the number k of the last one at or before a time below 2⁶²: at(k) ≤ now < at(k+1). There is one, since
// at(k) ≥ k.
func (r restarts) before(now int64) int64 {
	if now = min(now, limit-1); now <= 0 {
		return 0
	}
	low, high := int64(0), int64(1)
	for r.at(high) <= now {
		low, high = high, 2*high
	}
	for high-low > 1 {
		if middle := low + (high-low)/2; r.at(middle) <= now {
			low = middle
		} else {
			high = middle
		}
	}
	return low
}

// twofold is the unevaluated sum of two numbers, the second at most half a unit in the last place of the first: 106
// bits. Dekker 1971; the products are exact by fused multiply-add.
type twofold struct{ hi, lo float64 }

// twofoldOf is a whole number, exactly.
func twofoldOf(n int64) twofold {
	const half = 1 << 31
	return twofold{hi: float64(n/half) * half}.plus(twofold{hi: float64(n % half)})
}

func (a twofold) plus(b twofold) twofold {
	sum := a.hi + b.hi
	part := sum - a.hi
	rest := (a.hi - (sum - part)) + (b.hi - part)
	return normal(sum, rest+(a.lo+b.lo))
}

func (a twofold) times(b twofold) twofold {
	product := float64(a.hi * b.hi)
	rest := math.FMA(a.hi, b.hi, -product)
	return normal(product, rest+(float64(a.hi*b.lo)+float64(a.lo*b.hi)))
}

// normal makes a twofold of a number and one that is small beside it.
func normal(hi, lo float64) twofold {
	sum := hi + lo
	return twofold{sum, lo - (sum - hi)}
}

// floor is the largest whole number at or below a, for |a| below 2⁶³.
func (a twofold) floor() int64 {
	if whole := math.Floor(a.hi); whole < a.hi {
		return int64(whole)
	}
	return int64(a.hi) + int64(math.Floor(a.lo))
}
