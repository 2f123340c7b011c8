package main

import (
	"fmt"
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// emit writes instructions on vectors for one instruction set and one type of element.
//
// A body is written once and emitted two ways: on full vectors, and for what is left at the end of a row. There AVX-512 works
// under a mask and AVX2 element by element, in the low element of XMM registers.
type emit struct {
	avx512 bool
	size   int      // bytes of an element in memory: 4 or 8
	wide   bool     // arithmetic in float64 whatever the element is
	half   bool     // float32 elements in registers of half the width, beside float64s of the full width
	mask   Register // AVX-512: the mask of the elements left, nil on full vectors
	single bool     // AVX2: one element
}

// lanes is how many elements a full vector holds.
func (e *emit) lanes() int {
	bytes := 32
	if e.avx512 {
		bytes = 64
	}
	if e.half {
		bytes /= 2
	}
	return bytes / e.width()
}

// width is the bytes of an element in arithmetic.
func (e *emit) width() int {
	if e.wide {
		return 8
	}
	return e.size
}

// suffix names the instruction set and type in a function's name.
func (e *emit) suffix() string {
	set := "AVX2"
	if e.avx512 {
		set = "AVX512"
	}
	return fmt.Sprintf("%sF%d", set, e.size*8)
}

// float is Go's name for the type of element.
func (e *emit) float() string { return fmt.Sprintf("float%d", e.size*8) }

// tail is e for what is left of a row. mask is for AVX-512.
func (e *emit) tail(mask Register) *emit {
	t := *e
	t.mask, t.single = mask, !e.avx512
	return &t
}

// vec is a new register for a vector of elements.
func (e *emit) vec() Register {
	switch {
	case e.avx512 && !e.half:
		return ZMM()
	case e.single, e.half && !e.avx512:
		return XMM()
	}
	return YMM()
}

// as is v at the width that e works on.
func (e *emit) as(v Op) Op {
	r, ok := v.(Vec)
	switch {
	case !ok, e.avx512 && !e.half:
		return v
	case e.single, e.half && !e.avx512:
		return r.AsX()
	}
	return r.AsY()
}

// asWide is an emitter of float64 arithmetic on the same elements.
func (e *emit) asWide() *emit {
	w := *e
	w.wide = true
	return &w
}

// asDoubles is an emitter on arrays of float64 beside e's.
func (e *emit) asDoubles() *emit {
	d := *e
	d.size, d.wide = 8, true
	return &d
}

// asNarrow is an emitter of arithmetic in the type of the elements, as many at a time as e has float64s.
func (e *emit) asNarrow() *emit {
	n := *e
	n.wide, n.half = false, e.size == 4
	return &n
}

// widen turns the elements of an asNarrow emitter into float64s.
func (e *emit) widen(v Op) Op {
	if e.size == 8 {
		return v
	}
	d := e.vec()
	VCVTPS2PD(v, d)
	return d
}

// op is an instruction for float32 and for float64, and perhaps one with an operand that AVX-512 spreads from memory.
type op struct {
	ps, pd func(...Op)
	spread func(...Op)
}

func (e *emit) do(o op, ops ...Op) {
	if e.width() == 4 {
		o.ps(ops...)
	} else {
		o.pd(ops...)
	}
}

var (
	opAdd = op{VADDPS, VADDPD, VADDPD_BCST}
	opSub = op{VSUBPS, VSUBPD, VSUBPD_BCST}
	opMul = op{VMULPS, VMULPD, VMULPD_BCST}
	opDiv = op{ps: VDIVPS, pd: VDIVPD}
	opMax = op{ps: VMAXPS, pd: VMAXPD}
	opMin = op{ps: VMINPS, pd: VMINPD}
	opAnd = op{VANDPS, VANDPD, VANDPD_BCST}
	opOr  = op{VORPS, VORPD, VORPD_BCST}
	opXor = op{VXORPS, VXORPD, VXORPD_BCST}
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
		o.spread(b, a, d)
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
	equal      = 0  // ordered
	ordered    = 7  // neither is a NaN
	less       = 17 // ordered
	notLessEq  = 22 // a > b, or a NaN among them
	greater    = 30 // ordered
	unordered8 = 8  // bits that round to nearest even in VRNDSCALE
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

// load reads a vector of elements in the type of arithmetic.
func (e *emit) load(m Mem) Register {
	d := e.vec()
	switch convert := e.wide && e.size == 4; {
	case e.mask != nil && convert:
		VCVTPS2PD_Z(m, e.mask, d)
	case e.mask != nil && e.width() == 4:
		VMOVUPS_Z(m, e.mask, d)
	case e.mask != nil:
		VMOVUPD_Z(m, e.mask, d)
	case e.single && e.size == 4:
		VMOVSS(m, d)
		if convert {
			VCVTPS2PD(d, d)
		}
	case e.single:
		VMOVSD(m, d)
	case convert:
		VCVTPS2PD(m, d)
	default:
		e.do(opMov, m, d)
	}
	return d
}

// store writes the elements of v, rounded to their type in memory.
func (e *emit) store(v Op, m Mem) {
	if e.wide && e.size == 4 {
		v = e.narrow(v)
	}
	switch {
	case e.mask != nil && e.size == 4:
		VMOVUPS(v, e.mask, m)
	case e.mask != nil:
		VMOVUPD(v, e.mask, m)
	case e.single && e.size == 4:
		VMOVSS(e.as(v), m)
	case e.single:
		VMOVSD(e.as(v), m)
	case e.size == 4:
		VMOVUPS(v, m)
	default:
		VMOVUPD(v, m)
	}
}

// narrow rounds float64s to a register of half the width.
func (e *emit) narrow(v Op) Register {
	switch {
	case e.avx512:
		d := YMM()
		VCVTPD2PS(v, d)
		return d
	case e.single:
		d := XMM()
		VCVTPD2PSX(e.as(v), d)
		return d
	}
	d := XMM()
	VCVTPD2PSY(v, d)
	return d
}

// zero is a full vector of zeros.
func (e *emit) zero() Register {
	if e.avx512 {
		d := ZMM()
		VPXORD(d, d, d)
		return d
	}
	d := YMM()
	VXORPS(d, d, d)
	return d
}

// broadcast fills a full vector with the number at m, of the type of arithmetic.
func (e *emit) broadcast(m Op) Register {
	f := *e
	f.single = false
	d := f.vec()
	if e.width() == 4 {
		VBROADCASTSS(m, d)
	} else {
		VBROADCASTSD(m, d)
	}
	return d
}

// param fills a full vector with a scalar parameter.
func (e *emit) param(name string) Register { return e.broadcast(inMemory(name)) }

// number fills a full vector with a constant.
func (e *emit) number(x float64) Register {
	if e.width() == 4 {
		return e.broadcast(word(uint64(math.Float32bits(float32(x))), 4))
	}
	return e.broadcast(word(math.Float64bits(x), 8))
}

// constant is a float64 in memory as the operand of add, sub (the second), mul, and, or, xor: of many a body holds few in
// registers.
func (e *emit) constant(x float64) Op { return e.constantBits(math.Float64bits(x)) }

func (e *emit) constantBits(x uint64) Op {
	if e.avx512 {
		return word(x, 8)
	}
	name := fmt.Sprintf("pointwise32_%x", x)
	m, ok := words[name]
	if !ok {
		m = GLOBL(name, NOPTR|RODATA)
		for i := range 4 {
			DATA(8*i, U64(x))
		}
		words[name] = m
	}
	return m
}

// bits fills a full vector with an integer as wide as an element.
func (e *emit) bits(x uint64) Register { return e.broadcast(word(x, e.width())) }

var words = map[string]Mem{}

// word is a read-only constant of size bytes.
func word(x uint64, size int) Mem {
	name := fmt.Sprintf("pointwise%d_%x", size, x)
	m, ok := words[name]
	if !ok {
		if size == 4 {
			m = ConstData(name, U32(x))
		} else {
			m = ConstData(name, U64(x))
		}
		words[name] = m
	}
	return m
}
