package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// topBits emits the greatest of |x|'s upper 32 bits as whole numbers, for at least a vector of elements. The last
// vector ends with the last element, and may take some a second time: a maximum doesn't mind.
func (e *emit) topBits() {
	e.text("topBits", "func(x []T) uint32")
	x, n := base("x"), length("x")
	bits := uint64(0x7fffffff)
	if e.size == 8 {
		bits <<= 32
	}
	mask := e.bits(bits)
	tops := make([]Register, 4)
	for i := range tops {
		tops[i] = e.zero()
	}
	i, limit := GP64(), GP64()
	loop, next, single, last, done := label("loop"), label("next"), label("single"), label("last"), label("done")
	XORQ(i, i)
	MOVQ(n, limit)
	SUBQ(I32(len(tops)*e.lanes()), limit)
	CMPQ(i, limit)
	JG(LabelRef(next))
	Label(loop)
	for v, top := range tops {
		e.top(Mem{Base: x, Index: i, Scale: uint8(e.size), Disp: v * e.lanes() * e.size}, mask, top)
	}
	ADDQ(I32(len(tops)*e.lanes()), i)
	CMPQ(i, limit)
	JLE(LabelRef(loop))
	Label(next)
	MOVQ(n, limit)
	SUBQ(I32(e.lanes()), limit)
	Label(single)
	CMPQ(i, limit)
	JGE(LabelRef(last))
	e.top(Mem{Base: x, Index: i, Scale: uint8(e.size)}, mask, tops[0])
	ADDQ(I32(e.lanes()), i)
	JMP(LabelRef(single))
	Label(last)
	CMPQ(i, n)
	JGE(LabelRef(done))
	e.top(Mem{Base: x, Index: limit, Scale: uint8(e.size)}, mask, tops[1])
	Label(done)
	e.most(tops[1], tops[0])
	e.most(tops[3], tops[2])
	e.most(tops[2], tops[0])
	e.storeTop(tops[0])
	end()
}

// top takes the vector at m into a maximum.
func (e *emit) top(m Mem, mask, top Register) {
	v := e.vec()
	if e.avx512 {
		VPANDD(m, mask, v)
	} else {
		VPAND(m, mask, v)
	}
	e.most(v, top)
}

// most sets y = max(x, y) by whole numbers of 32 bits.
func (e *emit) most(x, y Op) { VPMAXUD(x, y, y) }

// storeTop writes the greatest of a vector's numbers, which the function returns.
func (e *emit) storeTop(v Register) {
	z := v.(Vec)
	if e.avx512 {
		h := YMM()
		VEXTRACTI64X4(U8(1), v, h)
		e.most(h, z.AsY())
	}
	h := XMM()
	VEXTRACTI128(U8(1), z.AsY(), h)
	e.most(h, z.AsX())
	VPSHUFD(U8(0x4e), z.AsX(), h)
	e.most(h, z.AsX())
	VPSHUFD(U8(0xb1), z.AsX(), h)
	e.most(h, z.AsX())
	ret := GP32()
	VMOVD(z.AsX(), ret)
	Store(ret, ReturnIndex(0))
}
