package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// sse emits the reductions of the generic set for processors without AVX: every amd64 has SSE2.
func sse() {
	for _, size := range []int{4, 8} {
		sseReduction(size, false)
		sseReduction(size, true)
	}
}

// sseLanes is how many of the 32 running sums of a reduction are in registers at a time.
const sseLanes = 16

// sseReduction emits the addition of a multiple of 32 elements, or of their products, to 32 running sums of float64: to
// the first 16 of them and then to the others, whose elements are on other cache lines.
func sseReduction(size int, dot bool) {
	kind := map[int]string{4: "32", 8: "64"}[size]
	name, args := "sum", "x []float"+kind
	if dot {
		name, args = "dot", "x, y []float"+kind
	}
	TEXT(name+"SSE2F"+kind, NOSPLIT, "func("+args+", s *[32]float64)")
	Pragma("noescape")
	s := Load(Param("s"), GP64())
	sums := make([]VecVirtual, sseLanes/2)
	for i := range sums {
		sums[i] = XMM()
	}
	for half := range lanesOf / sseLanes {
		x, count := Load(Param("x").Base(), GP64()), Load(Param("x").Len(), GP64())
		SHRQ(U8(5), count)
		var y Register
		if dot {
			y = Load(Param("y").Base(), GP64())
		}
		for i, sum := range sums {
			MOVUPD(Mem{Base: s, Disp: 16*i + 8*sseLanes*half}, sum)
		}
		loop, done := label("loop"), label("done")
		Label(loop)
		SUBQ(U8(1), count)
		JL(LabelRef(done))
		for i, sum := range sums {
			at := size * (2*i + sseLanes*half)
			a := ssePair(size, x, at)
			if dot {
				MULPD(ssePair(size, y, at), a)
			}
			ADDPD(a, sum)
		}
		ADDQ(I32(lanesOf*size), x)
		if dot {
			ADDQ(I32(lanesOf*size), y)
		}
		JMP(LabelRef(loop))
		Label(done)
		for i, sum := range sums {
			MOVUPD(sum, Mem{Base: s, Disp: 16*i + 8*sseLanes*half})
		}
	}
	RET()
}

// ssePair loads two elements as float64s.
func ssePair(size int, from Register, at int) VecVirtual {
	r := XMM()
	if size == 4 {
		CVTPS2PD(Mem{Base: from, Disp: at}, r)
	} else {
		MOVUPD(Mem{Base: from, Disp: at}, r)
	}
	return r
}
