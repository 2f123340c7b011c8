package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// The numbers of exp.go in package kernel, which says what they are.
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

// split writes u as k ln 2 + r and returns e^r − 1 and k, a whole number, and k + magic.
func (x *exponential) split(e *emit, u Register) (q, k, shifted Register) {
	u = e.min(x.high, e.max(x.low, u))
	shifted = e.add(e.mul(u, x.log2e), x.magic)
	k = e.sub(shifted, x.magic)
	r := e.sub(e.sub(u, e.mul(k, x.ln2High)), e.mul(k, x.ln2Low))
	last := len(x.poly) - 1
	p := e.mul(r, x.poly[last])
	for i := last - 1; i > 0; i-- {
		p = e.mul(e.add(p, x.poly[i]), r)
	}
	p = e.add(p, x.poly[0])
	return e.add(r, e.mul(e.mul(r, r), p)), k, shifted
}

// power is 2^k for k in the normal range, by k + magic.
func (x *exponential) power(e *emit, shifted Register) Register {
	d := e.vec()
	VPSLLQ(U8(52), e.as(shifted), d)
	VPADDQ(e.as(x.one), d, d)
	return d
}

// exp is e^u. With float32 in memory the power of two stays in the normal range; else it is multiplied in two halves.
func (x *exponential) exp(e *emit, u Register) Register {
	q, k, shifted := x.split(e, u)
	y := e.add(x.one, q)
	if e.size == 4 {
		return e.mul(y, x.power(e, shifted))
	}
	if e.avx512 {
		d := e.vec()
		VSCALEFPD(k, y, d)
		return d
	}
	h := e.add(e.mul(k, x.half), x.magic)
	rest := e.sub(k, e.sub(h, x.magic))
	return e.mul(e.mul(y, x.power(e, h)), x.power(e, e.add(rest, x.magic)))
}
