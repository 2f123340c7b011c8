package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// activations emits e^x, the sigmoid and the hyperbolic tangent, in float64 for both types.
func (e *emit) activations() {
	e = e.asWide()
	low, high := -746.0, 710.0
	if e.size == 4 {
		low, high = -110, 90
	}
	var x *exponential
	var sign, two Register
	e.mapping("exp", "x", 1, func(e *emit) []Register {
		x = e.newExponential(low, high)
		return nil
	}, func(e *emit, v *operands) Register { return x.exp(e, v.x) })
	// With t = e^−|x| the sigmoid is 1/(1+t) from 0 up, and t/(1+t) below.
	e.mapping("sigmoid", "x", 1, func(e *emit) []Register {
		x = e.newExponential(low, high)
		sign = e.bits(1 << 63)
		return []Register{e.zero()}
	}, func(e *emit, v *operands) Register {
		t := x.exp(e, e.or(v.x, sign))
		return e.div(e.blend(e.cmp(less, v.x, v.c[0]), t, x.one), e.add(x.one, t))
	})
	// With m = e^−2|x| − 1 the hyperbolic tangent of |x| is −m/(2+m).
	e.mapping("tanh", "x", 1, func(e *emit) []Register {
		x = e.newExponential(-80, 0)
		sign, two = e.bits(1<<63), e.number(2)
		return nil
	}, func(e *emit, v *operands) Register {
		negative := e.or(v.x, sign)
		q, _, shifted := x.split(e, e.add(negative, negative))
		s := x.power(e, shifted)
		m := e.add(e.mul(s, q), e.sub(s, x.one))
		t := e.div(m, e.add(two, m))
		return e.xor(e.or(t, sign), e.xor(e.and(v.x, sign), sign))
	})
}

// xor is a ⊕ b.
func (e *emit) xor(a, b Op) Register {
	d := e.vec()
	if e.avx512 {
		VPXORQ(b, a, d)
	} else {
		VXORPD(e.as(b), e.as(a), d)
	}
	return d
}
