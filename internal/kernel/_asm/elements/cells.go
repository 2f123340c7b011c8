package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// The cell of a maximum in its window is a uint16 in memory and an integer as wide as an element in registers.

// loadCells reads the uint16 of each element as an integer of its width.
func (e *emit) loadCells(m Mem) Register {
	d := e.vec()
	switch {
	case e.mask != nil && e.size == 4:
		VPMOVZXWD_Z(m, e.mask, d)
	case e.mask != nil:
		VPMOVZXWQ_Z(m, e.mask, d)
	case e.single:
		g := GP32()
		MOVWLZX(m, g)
		VMOVD(g, d)
	case e.size == 4:
		VPMOVZXWD(m, d)
	default:
		VPMOVZXWQ(m, d)
	}
	return d
}

// storeCells writes integers as wide as an element as uint16.
func (e *emit) storeCells(v Register, m Mem) {
	switch {
	case e.mask != nil && e.size == 4:
		VPMOVDW(v, e.mask, m)
	case e.mask != nil:
		VPMOVQW(v, e.mask, m)
	case e.single:
		VPEXTRW(U8(0), e.as(v), m)
	case e.avx512 && e.size == 4:
		VPMOVDW(v, m)
	case e.avx512:
		VPMOVQW(v, m)
	default:
		h, w := XMM(), XMM()
		VEXTRACTF128(U8(1), v, h)
		if e.size == 4 {
			VPACKUSDW(h, v.(Vec).AsX(), w)
			VMOVDQU(w, m)
			return
		}
		VSHUFPS(U8(0x88), h, v.(Vec).AsX(), w)
		VPACKUSDW(w, w, w)
		VMOVQ(w, m)
	}
}

// sameCell compares two cells, as cmp does.
func (e *emit) sameCell(a, b Register) Register {
	if e.avx512 {
		d := K()
		if e.size == 4 {
			VPCMPEQD(e.as(b), e.as(a), d)
		} else {
			VPCMPEQQ(e.as(b), e.as(a), d)
		}
		return d
	}
	d := e.vec()
	if e.size == 4 {
		VPCMPEQD(e.as(b), e.as(a), d)
	} else {
		VPCMPEQQ(e.as(b), e.as(a), d)
	}
	return d
}

// spread fills a full vector with the integer in r.
func (e *emit) spread(r Register) Register {
	x := XMM()
	VMOVQ(r, x)
	f := *e
	f.single = false
	d := f.vec()
	if e.size == 4 {
		VPBROADCASTD(x, d)
	} else {
		VPBROADCASTQ(x, d)
	}
	return d
}

// addCells adds b to a, integers as wide as an element.
func (e *emit) addCells(a, b Register) {
	if e.size == 4 {
		VPADDD(e.as(b), a, a)
	} else {
		VPADDQ(e.as(b), a, a)
	}
}

// blendCells is blend of integers as wide as an element.
func (e *emit) blendCells(cond, a, b Register) Register {
	if !e.avx512 {
		return e.blend(cond, a, b)
	}
	d := e.vec()
	if e.size == 4 {
		VPBLENDMD(a, b, cond, d)
	} else {
		VPBLENDMQ(a, b, cond, d)
	}
	return d
}

// move copies a vector.
func (e *emit) move(from, to Register) {
	if e.avx512 {
		VMOVDQA64(from, to)
	} else {
		VMOVDQA(e.as(from), e.as(to))
	}
}
