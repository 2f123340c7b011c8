package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// emit writes instructions on vectors for one instruction set and one type of element.
//
// A body is written once and emitted two ways: on full vectors, and for what is left at the end of a row. There AVX-512
// works under a mask and AVX2 element by element, in the low element of XMM registers.
type emit struct {
	avx512 bool
	size   int // bytes of an element in memory: 4 or 8
	tables *tables
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
	return fmt.Sprintf("%sF%d", e.set(), e.size*8)
}

// set is the constant of package kernel for the instruction set.
func (e *emit) set() string {
	if e.avx512 {
		return "AVX512"
	}
	return "AVX2"
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
