package main

import (
	"fmt"
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

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

// constant is a number in memory as the operand of add, sub (the second), mul, and, or, xor: of many a body holds few
// in registers.
func (e *emit) constant(x float64) Op {
	if e.width() == 4 {
		return e.constantBits(uint64(math.Float32bits(float32(x))))
	}
	return e.constantBits(math.Float64bits(x))
}

func (e *emit) constantBits(x uint64) Op {
	if e.avx512 {
		return word(x, e.width())
	}
	name := fmt.Sprintf("pointwise32_%x", x)
	if e.width() == 4 {
		name = fmt.Sprintf("pointwise32x4_%x", x)
	}
	m, ok := words[name]
	if !ok {
		m = GLOBL(name, NOPTR|RODATA)
		for i := range 32 / e.width() {
			if e.width() == 4 {
				DATA(4*i, U32(x))
			} else {
				DATA(8*i, U64(x))
			}
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
