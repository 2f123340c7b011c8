package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// unroll is how many steps the loop of a tile makes at once.
const unroll = 4

// tile emits C (+)= A B for rows rows of nv vectors, held in registers. A is stored by rows aStep apart, B by steps of
// two vectors. C is added to where add isn't zero.
func (t isa) tile(rows, nv int) {
	TEXT(fmt.Sprintf("tile%sM%dN%d", t.name, rows, nv), NOSPLIT, "func(k int, a *byte, aStep int, b, c *byte, cStep, add int)")
	Pragma("noescape")
	k := Load(Param("k"), RCX)
	b := Load(Param("b"), RBX)
	c := Load(Param("c"), RDX)
	cStep := Load(Param("cStep"), RSI)
	step := Load(Param("aStep"), R12)
	bases := []Register{RAX, R8, R9, R10, R11}[:(rows+2)/3]
	Load(Param("a"), RAX)
	for q := 1; q < len(bases); q++ {
		LEAQ(Mem{Base: bases[q-1], Index: step, Scale: 2}, bases[q])
		ADDQ(step, bases[q])
	}
	acc, rest := t.regs[:rows*nv], t.regs[rows*nv:]
	right, left := rest[:nv], rest[nv:]
	left = left[:min(len(left), 3)]
	for _, r := range acc {
		t.zero(r)
	}
	t.prefetch(rows, nv, c, cStep)
	body := func(u int) {
		for v := range nv {
			VMOVUPS(Mem{Base: b, Disp: (2*u + v) * t.bytes}, right[v])
		}
		for i := range rows {
			r := left[i%len(left)]
			m := Mem{Base: bases[i/3], Disp: 4 * u}
			if i%3 > 0 {
				m.Index, m.Scale = step, uint8(i%3)
			}
			VBROADCASTSS(m, r)
			for v := range nv {
				VFMADD231PS(right[v], r, acc[i*nv+v])
			}
		}
	}
	advance := func(n int) {
		for _, p := range bases {
			ADDQ(U8(4*n), p)
		}
		ADDQ(U32(2*n*t.bytes), b)
	}
	unrolled(k, body, advance)
	CMPQ(param("add"), U8(0))
	JE(LabelRef("store"))
	t.tileEnd(acc, nv, c, cStep, true)
	Label("store")
	t.tileEnd(acc, nv, c, cStep, false)
}

// prefetch asks for the rows of C, which are needed in the end.
func (t isa) prefetch(rows, nv int, c, cStep Register) {
	MOVQ(c, RDI)
	for i := range rows {
		PREFETCHT0(Mem{Base: RDI})
		if nv*t.bytes > 64 {
			PREFETCHT0(Mem{Base: RDI, Disp: 64})
		}
		if i < rows-1 {
			ADDQ(cStep, RDI)
		}
	}
}

// unrolled emits a loop of k steps, body(u) being the one u steps on from where advance has brought the pointers.
func unrolled(k Register, body, advance func(n int)) {
	SUBQ(U8(unroll), k)
	JL(LabelRef("rest"))
	align(64)
	Label("loop")
	for u := range unroll {
		body(u)
	}
	advance(unroll)
	SUBQ(U8(unroll), k)
	JGE(LabelRef("loop"))
	Label("rest")
	ADDQ(U8(unroll), k)
	JZ(LabelRef("finish"))
	Label("single")
	body(0)
	advance(1)
	DECQ(k)
	JNZ(LabelRef("single"))
	Label("finish")
}

// tileEnd stores the sums, added to what is there if add says so.
func (t isa) tileEnd(acc []VecPhysical, nv int, c, cStep Register, add bool) {
	for i, r := range acc {
		m := Mem{Base: c, Disp: i % nv * t.bytes}
		if add {
			VADDPS(m, r, r)
		}
		VMOVUPS(r, m)
		if i%nv == nv-1 && i < len(acc)-1 {
			ADDQ(cStep, c)
		}
	}
	VZEROUPPER()
	RET()
}
