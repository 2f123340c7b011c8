package main

import . "github.com/mmcloughlin/avo/reg"

// count is how many vectors the exponentials do in lockstep: as many as the registers allow.
func (e *emit) count() int {
	if e.avx512 {
		return 4
	}
	return 2
}

// unary emits a mapping of x by body, in float64 for both types. body does n vectors, which it may load more than once.
func (e *emit) unary(name string, low, high float64, body func(e *emit, x *exponential, n int, load func(i int) Register) []Register) {
	e.text(name, "func(a T, x, y, z []T)")
	x, z, n := base("x"), base("z"), length("z")
	exp := e.newExponential(low, high)
	e.lockstep(n, e.count(), nil, func(e *emit, ats []at) {
		y := body(e, exp, len(ats), func(i int) Register { return e.load(ats[i](x, e.size)) })
		for i, at := range ats {
			e.store(y[i], at(z, e.size))
		}
	})
	end()
}

// expRange is where e^u is neither 0 nor ∞.
func (e *emit) expRange() (low, high float64) {
	if e.size == 4 {
		return -110, 90
	}
	return -746, 710
}

// activations emits e^x, the sigmoid and the hyperbolic tangent.
func (e *emit) activations() {
	e = e.asWide()
	low, high := e.expRange()
	e.unary("exp", low, high, func(e *emit, x *exponential, n int, load func(i int) Register) []Register {
		return x.exp(e, each(n, load))
	})
	// With t = e^−|x| the sigmoid is 1/(1+t) from 0 up, and t/(1+t) below.
	e.unary("sigmoid", low, high, func(e *emit, x *exponential, n int, load func(i int) Register) []Register {
		sign := e.constantBits(1 << 63)
		t := x.exp(e, each(n, func(i int) Register { return e.or(load(i), sign) }))
		return each(n, func(i int) Register {
			zero := e.vec()
			e.do(opXor, zero, zero, zero)
			return e.div(e.blend(e.cmp(less, load(i), zero), t[i], x.one), e.add(x.one, t[i]))
		})
	})
	// With m = e^−2|x| − 1 the hyperbolic tangent of |x| is −m/(2+m).
	e.unary("tanh", -80, 0, func(e *emit, x *exponential, n int, load func(i int) Register) []Register {
		sign := e.constantBits(1 << 63)
		u := each(n, func(i int) Register { return e.or(load(i), sign) })
		u = each(n, func(i int) Register { return e.add(u[i], u[i]) })
		q, shifted := x.split(e, u)
		return each(n, func(i int) Register {
			s := x.power(e, shifted[i])
			m := e.add(e.mul(s, q[i]), e.sub(s, x.one))
			t := e.div(m, e.add(e.add(x.one, x.one), m))
			return e.xor(e.or(t, sign), e.xor(e.and(load(i), sign), sign))
		})
	})
}
