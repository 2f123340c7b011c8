package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// The numbers of gelu.go in package pointwise, which says what they are.
var (
	geluExp = []float64{1, 0.5, 0.1249999850988388, 0.020833037793636322, 0.002604250330477953, 0.0002616936108097434,
		2.163063456455559e-05}
	geluTop    = []float64{0.5, 0.43568407773862117, 0.18130501491190706, 0.03998355982484221, 0.004020092208277209}
	geluBottom = []float64{1, 1.6692530740533962, 1.1944771522622306, 0.4643757069205524, 0.10023130320731076,
		0.010076733570584534}
)

const (
	geluFar     = 13.27
	geluScale   = -0.72134752044448
	geluMagic   = 3 << 22
	gelu2LnHi   = 1.38627624511718750000
	gelu2LnLo   = 1.8116001229e-05
	geluDensity = 0.39894228040143267794
)

// gelus emits the Gaussian error linear unit and its gradient for float32.
func (e *emit) gelus() {
	if e.size != 4 {
		return
	}
	e.text("gelu", "func(a T, x, y, z []T)")
	x, z, n := base("x"), base("z"), length("z")
	far, zero := e.number(geluFar), e.zero()
	one := e.number(1)
	e.lockstep(n, e.count(), nil, func(e *emit, ats []at) {
		load := func(i int) Register { return e.load(ats[i](x, e.size)) }
		t, _, tail := e.geluTail(each(len(ats), load), far, one)
		for i, at := range ats {
			e.store(e.sub(e.max(zero, load(i)), e.mul(t[i], tail[i])), at(z, e.size))
		}
	})
	end()
	e.geluGrad()
}

func (e *emit) geluGrad() {
	e.text("geluGrad", "func(a T, x, y, z []T)")
	x, y, z, n := base("x"), base("y"), base("z"), length("z")
	far, zero := e.number(geluFar), e.zero()
	one := e.number(1)
	e.lockstep(n, e.count(), nil, func(e *emit, ats []at) {
		load := func(i int) Register { return e.load(ats[i](x, e.size)) }
		t, density, tail := e.geluTail(each(len(ats), load), far, one)
		for i, at := range ats {
			d := e.sub(tail[i], e.mul(t[i], e.mul(density[i], e.constant(geluDensity))))
			d = e.blend(e.cmp(less, load(i), zero), d, e.sub(one, d))
			e.store(e.mul(e.load(at(y, e.size)), d), at(z, e.size))
		}
	})
	end()
}

// geluTail returns |x|, no more than far, e^(−x²/2) and Φ(−|x|) of each.
func (e *emit) geluTail(x []Register, far, one Register) (t, density, tail []Register) {
	n := len(x)
	sign := e.constantBits(1<<31 - 1)
	t = each(n, func(i int) Register { return e.and(x[i], sign) })
	t = each(n, func(i int) Register { return e.min(far, t[i]) })
	square := each(n, func(i int) Register { return e.mul(t[i], t[i]) })
	low := each(n, func(i int) Register {
		d := e.vec()
		e.move(t[i], d)
		VFMSUB213PS(e.as(square[i]), e.as(t[i]), d) // exact
		return d
	})
	shifted := each(n, func(i int) Register { return e.add(e.mul(square[i], e.constant(geluScale)), e.constant(geluMagic)) })
	k := each(n, func(i int) Register { return e.sub(shifted[i], e.constant(geluMagic)) })
	r := each(n, func(i int) Register { return e.sub(e.mul(k[i], e.constant(-gelu2LnHi)), square[i]) })
	r = each(n, func(i int) Register { return e.sub(r[i], low[i]) })
	r = each(n, func(i int) Register { return e.sub(r[i], e.mul(k[i], e.constant(gelu2LnLo))) })
	density = e.powers(r, geluExp)
	density = each(n, func(i int) Register {
		d := e.vec()
		VPSLLD(U8(23), e.as(shifted[i]), d)
		VPADDD(e.as(one), d, d)
		return e.mul(density[i], d)
	})
	top := e.powers(t, geluTop)
	top = each(n, func(i int) Register { return e.mul(density[i], top[i]) })
	bottom := e.powers(t, geluBottom)
	return t, density, each(n, func(i int) Register { return e.div(top[i], bottom[i]) })
}

// powers is the polynomial of each x with the coefficients c.
func (e *emit) powers(x []Register, c []float64) []Register {
	n, last := len(x), len(c)-1
	p := each(n, func(i int) Register { return e.mul(x[i], e.constant(c[last])) })
	for j := last - 1; j > 0; j-- {
		p = each(n, func(i int) Register { return e.add(p[i], e.constant(c[j])) })
		p = each(n, func(i int) Register { return e.mul(p[i], x[i]) })
	}
	return each(n, func(i int) Register { return e.add(p[i], e.constant(c[0])) })
}
