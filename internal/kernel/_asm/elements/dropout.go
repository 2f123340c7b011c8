package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// hasher makes the hash of dropoutHash in package pointwise, one 32-bit word for each element.
type hasher struct {
	lo, hi, mul1, mul2, threshold, count Register
}

// words is the emitter of 32-bit integers, as many as e has elements.
func (e *emit) words() *emit {
	w := *e
	w.wide, w.half, w.size, w.mask = false, e.size == 8, 4, nil
	return &w
}

// newHasher reads the parameters lo, hi, threshold and start, the number of the first element.
func (e *emit) newHasher() *hasher {
	w := e.words()
	full := &emit{avx512: e.avx512, size: 4}
	h := &hasher{lo: full.param("lo"), hi: full.param("hi"), threshold: full.param("threshold"),
		mul1: full.bits(0x7feb352d), mul2: full.bits(0x846ca68b)}
	table := GLOBL("pointwise_count"+e.suffix(), RODATA|NOPTR)
	for i := range 16 {
		DATA(4*i, U32(i))
	}
	h.count = w.vec()
	if e.avx512 {
		VMOVDQU32(table, h.count)
	} else {
		VMOVDQU(table, h.count)
	}
	start := full.param("start")
	VPADDD(w.as(start), h.count, h.count)
	return h
}

// kept says which of the elements from number i on are kept: their hash is at least the threshold.
func (h *hasher) kept(e *emit, i Register) Register {
	w := e.words()
	v := w.vec()
	if e.avx512 {
		VPBROADCASTD(i.(GP).As32(), v)
	} else {
		x := XMM()
		VMOVD(i.(GP).As32(), x)
		VPBROADCASTD(x, v)
	}
	VPADDD(w.as(h.count), v, v)
	w.xorWith(v, h.lo)
	h.mix(w, v)
	w.xorWith(v, h.hi)
	h.mix(w, v)
	if e.avx512 {
		k := K()
		VPCMPUD(U8(5), w.as(h.threshold), v, k)
		return k
	}
	m := w.vec()
	VPMAXUD(w.as(h.threshold), v, m)
	VPCMPEQD(m, v, m)
	if e.size == 8 {
		d := e.vec()
		VPMOVSXDQ(m, d)
		return d
	}
	return m
}

func (h *hasher) mix(w *emit, v Register) {
	t := w.vec()
	VPSRLD(U8(16), v, t)
	w.xorWith(v, t)
	VPMULLD(w.as(h.mul1), v, v)
	VPSRLD(U8(15), v, t)
	w.xorWith(v, t)
	VPMULLD(w.as(h.mul2), v, v)
	VPSRLD(U8(16), v, t)
	w.xorWith(v, t)
}

// xorWith sets v = v ⊕ x.
func (e *emit) xorWith(v, x Register) {
	if e.avx512 {
		VPXORD(e.as(x), v, v)
	} else {
		VPXOR(e.as(x), v, v)
	}
}

func (e *emit) dropout() {
	e.text("dropout", "func(start, lo, hi, threshold uint32, scale T, x, y []T)")
	x, y, n := base("x"), base("y"), length("x")
	scale := e.param("scale")
	h := e.newHasher()
	e.flat(n, 1, func(e *emit, at at) {
		m := at(x, e.size)
		kept := h.kept(e, m.Index)
		e.store(e.keep(kept, e.mul(e.load(m), scale)), at(y, e.size))
	})
	end()
}
