package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// lanesOf is how many running sums a reduction keeps: element i goes to sum i mod 32, whatever the width of a vector.
const lanesOf = 32

// reductions emits sums over the leading multiple of 32 elements, in float64. The products of float32s are exact in
// float64, so there a fused multiply-add gives the bits of a product and a sum.
func (e *emit) reductions() {
	e = e.asWide()
	e.reduction("dot", "func(x, y []T) float64", func(sum Register, x, y Mem) {
		a, b := e.load(x), e.load(y)
		if e.size == 4 {
			VFMADD231PD(b, a, sum)
			return
		}
		e.addTo(sum, e.mul(a, b))
	})
	e.reduction("sum", "func(x []T) float64", func(sum Register, x, _ Mem) {
		e.addTo(sum, e.load(x))
	})
}

func (e *emit) reduction(name, signature string, body func(sum Register, x, y Mem)) {
	e.text(name, signature)
	x := base("x")
	var y Register
	if name == "dot" {
		y = base("y")
	}
	n := length("x")
	sums := make([]Register, lanesOf/e.lanes())
	for i := range sums {
		sums[i] = e.zero()
	}
	loop, done := label("loop"), label("done")
	i := GP64()
	XORQ(i, i)
	Label(loop)
	SUBQ(I8(lanesOf), n)
	JL(LabelRef(done))
	for v, s := range sums {
		m := Mem{Base: x, Index: i, Scale: uint8(e.size), Disp: v * e.lanes() * e.size}
		o := m
		o.Base = y
		body(s, m, o)
	}
	ADDQ(I8(lanesOf), i)
	JMP(LabelRef(loop))
	Label(done)
	for h := len(sums) / 2; h > 0; h /= 2 {
		for j := range h {
			e.addTo(sums[j], sums[j+h])
		}
	}
	ret := e.fold(sums[0], func(x, y Op) { VADDPD(x, y, y) })
	storeResult(ret)
	end()
}

// storeResult writes the float64 that the function returns. (avo's Store would use an instruction that lacks the upper
// sixteen registers.)
func storeResult(v Register) {
	c, err := ReturnIndex(0).Resolve()
	if err != nil {
		panic(err)
	}
	VMOVSD(v, c.Addr)
}

// fold combines the elements of a vector of float64s, the upper half with the lower until one is left, and spoils v.
// combine(x, y) writes y.
func (e *emit) fold(v Register, combine func(x, y Op)) Register {
	z := v.(Vec)
	if e.avx512 {
		h := YMM()
		VEXTRACTF64X4(U8(1), v, h)
		combine(h, z.AsY())
	}
	h := XMM()
	if e.avx512 {
		VEXTRACTF64X2(U8(1), z.AsY(), h)
	} else {
		VEXTRACTF128(U8(1), z.AsY(), h)
	}
	combine(h, z.AsX())
	o := XMM()
	VUNPCKHPD(z.AsX(), z.AsX(), o)
	combine(o, z.AsX())
	return z.AsX()
}
