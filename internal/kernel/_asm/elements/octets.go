package main

import (
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// octets is a row cut into groups of eight elements, of which each vector of the last has a mask.
type octets struct {
	e          *emit
	full, left Register   // elements in full groups, and beyond
	masks      []Register // AVX-512: a mask; AVX2: all-ones for each element, in two vectors
}

// newOctets prepares rows of n elements.
func (e *emit) newOctets(n Register) *octets {
	o := &octets{e: e, full: GP64(), left: GP64()}
	MOVQ(n, o.full)
	ANDQ(I8(-8), o.full)
	MOVQ(n, o.left)
	ANDQ(I8(7), o.left)
	if e.avx512 {
		o.masks = []Register{tailMask(o.left)}
		return o
	}
	at, back := GP64(), GP64()
	LEAQ(window(), at)
	MOVQ(o.left, back)
	NEGQ(back)
	for v := range 2 {
		m := YMM()
		VMOVUPD(Mem{Base: at, Index: back, Scale: 8, Disp: 64 + 32*v}, m)
		o.masks = append(o.masks, m)
	}
	return o
}

// window is a table of eight words of ones and eight of zeros, parts of which are masks.
func window() Mem {
	const name = "pointwise_window"
	if m, ok := words[name]; ok {
		return m
	}
	words[name] = GLOBL(name, RODATA|NOPTR)
	for i := range 16 {
		word := uint64(math.MaxUint64)
		if i >= 8 {
			word = 0
		}
		DATA(8*i, U64(word))
	}
	return words[name]
}

// run emits body for a group at column j, first in a loop over full groups and then for what is left.
func (o *octets) run(body func(j Register, last bool)) {
	j := GP64()
	XORQ(j, j)
	loop, last, done := label("loop"), label("last"), label("done")
	Label(loop)
	CMPQ(j, o.full)
	JGE(LabelRef(last))
	body(j, false)
	ADDQ(I8(8), j)
	JMP(LabelRef(loop))
	Label(last)
	TESTQ(o.left, o.left)
	JZ(LabelRef(done))
	body(j, true)
	Label(done)
}

// vectors is how many make a group.
func (o *octets) vectors() int { return 8 / o.e.lanes() }

// load reads vector v of the group at column j as float64s, with zeros beyond the row.
func (o *octets) load(e *emit, base, j Register, v int, last bool) Register {
	m := Mem{Base: base, Index: j, Scale: uint8(e.size), Disp: v * e.lanes() * e.size}
	switch {
	case !last:
		return e.load(m)
	case e.avx512:
		return e.tail(o.masks[0]).load(m)
	}
	d := YMM()
	if e.size == 8 {
		VMASKMOVPD(m, o.masks[v], d)
		return d
	}
	high, mask := XMM(), XMM()
	VEXTRACTF128(U8(1), o.masks[v], high)
	VSHUFPS(U8(0x88), high, o.masks[v].(Vec).AsX(), mask)
	VMASKMOVPS(m, mask, mask)
	VCVTPS2PD(mask, d)
	return d
}

// beyond is x with pad beyond the row.
func (o *octets) beyond(x, pad Register, v int, last bool) Register {
	if !last {
		return x
	}
	m := o.masks[0]
	if !o.e.avx512 {
		m = o.masks[v]
	}
	return o.e.blend(m, x, pad)
}
