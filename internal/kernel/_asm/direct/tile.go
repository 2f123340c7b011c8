package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/ir"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// Bits of the mode of a tile: whether the sums start from a bias, whether what C holds is added to them, and whether
// they are clipped at zero.
const (
	modeBias = 1 << iota
	modeAdd
	modeRelu
)

// tile emits C (+)= sum over the spans and the steps of a span of column(A) row(B), C of rows x nv vectors held in
// registers. Not unrolled: a step has rows*nv products, so the loop's own three instructions hide behind them.
func (t isa) tile(rows, nv int) {
	TEXT(fmt.Sprintf("tile%sM%dN%d", t.name, rows, nv), NOSPLIT,
		"func(spans *int, n int, a, b, c *byte, aStep, bStep int, bias *byte, mode int)")
	Pragma("noescape")
	acc, rest := t.regs[:rows*nv], t.regs[rows*nv:]
	bv, tmp := rest[:nv], rest[nv:]
	tmp = tmp[:min(len(tmp), 4)]
	c := Load(Param("c"), RDX)
	mode := Load(Param("mode"), R13)
	t.start(acc, nv, mode)

	spans := Load(Param("spans"), RDI)
	n := Load(Param("n"), RSI)
	a := Load(Param("a"), RAX)
	b := Load(Param("b"), RBX)
	aStep := Load(Param("aStep"), R8)
	bStep := Load(Param("bStep"), R9)
	TESTQ(n, n)
	JZ(LabelRef("finish"))
	Label("span")
	pa, pb, steps := R10, R11, RCX
	MOVQ(Mem{Base: spans}, pa)
	MOVQ(Mem{Base: spans, Disp: 8}, pb)
	MOVQ(Mem{Base: spans, Disp: 16}, steps)
	ADDQ(a, pa)
	ADDQ(b, pb)
	ADDQ(U8(24), spans)
	align(32)
	Label("step")
	for v := range nv {
		t.mov(Mem{Base: pb, Disp: v * t.bytes}, bv[v])
	}
	for i := range rows {
		r := tmp[i%len(tmp)]
		t.broadcast(Mem{Base: pa, Disp: i * t.elem}, r)
		for v := range nv {
			t.fma(bv[v], r, acc[i*nv+v])
		}
	}
	ADDQ(aStep, pa)
	ADDQ(bStep, pb)
	DECQ(steps)
	JNZ(LabelRef("step"))
	DECQ(n)
	JNZ(LabelRef("span"))
	Label("finish")
	t.finish(acc, bv[0], c, mode)
}

// start sets the sums to zero or to the bias of each row.
func (t isa) start(acc []VecPhysical, nv int, mode Register) {
	TESTQ(U32(modeBias), mode)
	JNZ(LabelRef("bias"))
	for _, r := range acc {
		t.zero(r)
	}
	JMP(LabelRef("go"))
	Label("bias")
	bias := Load(Param("bias"), RAX)
	for i, r := range acc {
		if i%nv == 0 {
			t.broadcast(Mem{Base: bias, Disp: i / nv * t.elem}, r)
		} else {
			t.mov(acc[i-1], r)
		}
	}
	Label("go")
}

// finish adds what C holds to the sums and clips them, if the mode says so, and stores them.
func (t isa) finish(acc []VecPhysical, zero VecPhysical, c, mode Register) {
	TESTQ(U32(modeAdd), mode)
	JZ(LabelRef("clip"))
	for i, r := range acc {
		t.sum(Mem{Base: c, Disp: i * t.bytes}, r, r)
	}
	Label("clip")
	TESTQ(U32(modeRelu), mode)
	JZ(LabelRef("store"))
	t.zero(zero)
	for _, r := range acc {
		t.max(r, zero, r) // the second source is r: a NaN in it stays
	}
	Label("store")
	for i, r := range acc {
		t.mov(r, Mem{Base: c, Disp: i * t.bytes})
	}
	VZEROUPPER()
	RET()
}

// align starts the next instruction at a multiple of n bytes.
func align(n uint8) {
	Instruction(&ir.Instruction{Opcode: "PCALIGN", Operands: []Op{U8(n)}})
}
