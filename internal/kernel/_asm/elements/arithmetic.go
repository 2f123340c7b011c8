package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// op is an instruction for float32 and for float64, and perhaps those with an operand that AVX-512 spreads from memory.
type op struct {
	ps, pd             func(...Op)
	spreadPS, spreadPD func(...Op)
}

func (e *emit) do(o op, ops ...Op) {
	if e.width() == 4 {
		o.ps(ops...)
	} else {
		o.pd(ops...)
	}
}

var (
	opAdd = op{VADDPS, VADDPD, VADDPS_BCST, VADDPD_BCST}
	opSub = op{VSUBPS, VSUBPD, VSUBPS_BCST, VSUBPD_BCST}
	opMul = op{VMULPS, VMULPD, VMULPS_BCST, VMULPD_BCST}
	opDiv = op{ps: VDIVPS, pd: VDIVPD}
	opMax = op{ps: VMAXPS, pd: VMAXPD}
	opMin = op{ps: VMINPS, pd: VMINPD}
	opAnd = op{VANDPS, VANDPD, VANDPS_BCST, VANDPD_BCST}
	opOr  = op{VORPS, VORPD, VORPS_BCST, VORPD_BCST}
	opXor = op{VXORPS, VXORPD, VXORPS_BCST, VXORPD_BCST}
	opMov = op{ps: VMOVUPS, pd: VMOVUPD}
	opSqr = op{ps: VSQRTPS, pd: VSQRTPD}
	opCmp = op{ps: VCMPPS, pd: VCMPPD}
)

func (e *emit) binary(o op, a, b Op) Register {
	d := e.vec()
	if _, ok := a.(Mem); ok { // a constant; only the second operand may be in memory
		a, b = b, a
	}
	if _, ok := b.(Mem); ok && e.avx512 {
		e.do(op{ps: o.spreadPS, pd: o.spreadPD}, b, a, d)
	} else {
		e.do(o, e.as(b), e.as(a), d)
	}
	return d
}

func (e *emit) add(a, b Op) Register { return e.binary(opAdd, a, b) }
func (e *emit) sub(a, b Op) Register { return e.binary(opSub, a, b) }
func (e *emit) mul(a, b Op) Register { return e.binary(opMul, a, b) }
func (e *emit) div(a, b Op) Register { return e.binary(opDiv, a, b) }
func (e *emit) and(a, b Op) Register { return e.binary(opAnd, a, b) }
func (e *emit) or(a, b Op) Register  { return e.binary(opOr, a, b) }
func (e *emit) xor(a, b Op) Register { return e.binary(opXor, a, b) }

// sqrt is the root of each element.
func (e *emit) sqrt(a Op) Register {
	d := e.vec()
	e.do(opSqr, e.as(a), d)
	return d
}

// max and min of two are b where one of them is a NaN.
func (e *emit) max(a, b Op) Register { return e.binary(opMax, a, b) }
func (e *emit) min(a, b Op) Register { return e.binary(opMin, a, b) }

// addTo adds b to a. Under a mask only the elements left are touched.
func (e *emit) addTo(a, b Op) {
	if e.mask != nil {
		e.do(opAdd, b, a, e.mask, a)
		return
	}
	e.do(opAdd, e.as(b), e.as(a), e.as(a))
}

// Predicates of comparisons.
const (
	equal     = 0  // ordered
	ordered   = 7  // neither is a NaN
	less      = 17 // ordered
	notLessEq = 22 // a > b, or a NaN among them
	greater   = 30 // ordered
)

// cmp compares a with b: a mask register on AVX-512, a vector of all-ones and zeros on AVX2.
func (e *emit) cmp(predicate uint8, a, b Op) Register {
	var d Register
	if e.avx512 {
		d = K()
	} else {
		d = e.vec()
	}
	e.do(opCmp, U8(predicate), e.as(b), e.as(a), d)
	return d
}

// both is the conjunction of cond and a comparison.
func (e *emit) both(cond Register, predicate uint8, a, b Op) Register {
	if e.avx512 {
		d := K()
		e.do(opCmp, U8(predicate), b, a, cond, d)
		return d
	}
	return e.and(cond, e.cmp(predicate, a, b))
}

// keep is v where cond holds, else 0.
func (e *emit) keep(cond Register, v Op) Register {
	if e.avx512 {
		d := e.vec()
		if e.width() == 4 {
			VMOVAPS_Z(v, cond, d)
		} else {
			VMOVAPD_Z(v, cond, d)
		}
		return d
	}
	return e.and(cond, v)
}

// blend is a where cond holds, else b.
func (e *emit) blend(cond Register, a, b Op) Register {
	d := e.vec()
	switch {
	case e.avx512:
		e.do(op{ps: VBLENDMPS, pd: VBLENDMPD}, a, b, cond, d)
	case e.width() == 4:
		VBLENDVPS(e.as(cond), e.as(a), e.as(b), d)
	default:
		VBLENDVPD(e.as(cond), e.as(a), e.as(b), d)
	}
	return d
}
