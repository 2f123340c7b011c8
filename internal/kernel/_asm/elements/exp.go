package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// The numbers of exp.go in package pointwise, which says what they are.
var (
	expm1Narrow = []float64{0.500000001346581, 0.16666666681623232, 0.041666464925285904, 0.0083333109254809,
		0.0013933649996309251, 0.00019890990824673654}
	expm1Wide = []float64{0.5, 0.1666666666666667, 0.04166666666666667, 0.008333333333326136, 0.0013888888888883748,
		0.00019841269874820627, 2.4801587325547743e-05, 2.7557255400206422e-06, 2.75572736431103e-07,
		2.5105217004720745e-08, 2.0914686968086876e-09}
)

const (
	log2e   = 1.4426950408889634
	ln2High = 0.6931471803691238
	ln2Low  = 1.9082149292705877e-10
	magic   = 3 << 51
)

// exponential holds the constants of e^u in registers.
type exponential struct {
	low, high, one                      Register
	log2e, ln2High, ln2Low, magic, half Op
	poly                                []Op
}

// newExponential loads them. low and high clamp the argument.
func (e *emit) newExponential(low, high float64) *exponential {
	c := expm1Wide
	if e.size == 4 {
		c = expm1Narrow
	}
	x := &exponential{
		low: e.number(low), high: e.number(high), one: e.number(1),
		log2e: e.constant(log2e), ln2High: e.constant(ln2High), ln2Low: e.constant(ln2Low), magic: e.constant(magic),
	}
	if e.size == 8 && !e.avx512 {
		x.half = e.constant(0.5)
	}
	for _, p := range c {
		x.poly = append(x.poly, e.constant(p))
	}
	return x
}

// each applies f to 0 … n−1, so that one step of a formula is emitted for several vectors before the next step.
func each(n int, f func(i int) Register) []Register {
	var r []Register
	for i := range n {
		r = append(r, f(i))
	}
	return r
}

// split writes each u as k ln 2 + r and returns e^r − 1 and k + magic.
func (x *exponential) split(e *emit, u []Register) (q, shifted []Register) {
	n := len(u)
	u = each(n, func(i int) Register { return e.max(x.low, u[i]) })
	u = each(n, func(i int) Register { return e.min(x.high, u[i]) })
	shifted = each(n, func(i int) Register { return e.mul(u[i], x.log2e) })
	shifted = each(n, func(i int) Register { return e.add(shifted[i], x.magic) })
	k := each(n, func(i int) Register { return e.sub(shifted[i], x.magic) })
	r := each(n, func(i int) Register { return e.mul(k[i], x.ln2High) })
	r = each(n, func(i int) Register { return e.sub(u[i], r[i]) })
	low := each(n, func(i int) Register { return e.mul(k[i], x.ln2Low) })
	r = each(n, func(i int) Register { return e.sub(r[i], low[i]) })
	last := len(x.poly) - 1
	p := each(n, func(i int) Register { return e.mul(r[i], x.poly[last]) })
	for c := last - 1; c > 0; c-- {
		p = each(n, func(i int) Register { return e.add(p[i], x.poly[c]) })
		p = each(n, func(i int) Register { return e.mul(p[i], r[i]) })
	}
	p = each(n, func(i int) Register { return e.add(p[i], x.poly[0]) })
	square := each(n, func(i int) Register { return e.mul(r[i], r[i]) })
	p = each(n, func(i int) Register { return e.mul(square[i], p[i]) })
	return each(n, func(i int) Register { return e.add(r[i], p[i]) }), shifted
}

// power is 2^k for k in the normal range, by k + magic.
func (x *exponential) power(e *emit, shifted Register) Register {
	d := e.vec()
	VPSLLQ(U8(52), e.as(shifted), d)
	VPADDQ(e.as(x.one), d, d)
	return d
}

// exp is e^u of each. With float32 in memory the power of two stays in the normal range; else it is multiplied in two
// halves.
func (x *exponential) exp(e *emit, u []Register) []Register {
	n := len(u)
	q, shifted := x.split(e, u)
	y := each(n, func(i int) Register { return e.add(x.one, q[i]) })
	if e.size == 4 {
		power := each(n, func(i int) Register { return x.power(e, shifted[i]) })
		return each(n, func(i int) Register { return e.mul(y[i], power[i]) })
	}
	return each(n, func(i int) Register {
		k := e.sub(shifted[i], x.magic)
		if e.avx512 {
			d := e.vec()
			VSCALEFPD(k, y[i], d)
			return d
		}
		h := e.add(e.mul(k, x.half), x.magic)
		rest := e.sub(k, e.sub(h, x.magic))
		return e.mul(e.mul(y[i], x.power(e, h)), x.power(e, e.add(rest, x.magic)))
	})
}
