package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// gather emits the copy of rows rows, srcRow and dstRow bytes apart, of count runs each, srcStep and dstStep bytes
// apart, of lanes elements, at most two vectors. Nothing outside the runs is read or written.
func (t isa) gather() {
	n := t.lanes()
	TEXT("gather"+t.name, NOSPLIT,
		"func(rows int, srcRow, dstRow int, count int, src *byte, srcStep int, dst *byte, dstStep, lanes int)")
	Pragma("noescape")
	rows := Load(Param("rows"), R8)
	srcRow := Load(Param("srcRow"), R10)
	dstRow := Load(Param("dstRow"), R11)
	src0 := Load(Param("src"), R12)
	dst0 := Load(Param("dst"), R13)
	srcStep := Load(Param("srcStep"), RBX)
	dstStep := Load(Param("dstStep"), RSI)
	lanes := Load(Param("lanes"), RCX)
	src, dst, count := RAX, RDX, RDI
	mask, _ := t.maskRegs()
	CMPQ(lanes, U8(2*n))
	JE(LabelRef("two"))
	CMPQ(lanes, U8(n))
	JGT(LabelRef("more"))
	JE(LabelRef("one"))
	t.mask(lanes, mask)
	copyRows := func(label string, body func()) {
		Label(label)
		MOVQ(src0, src)
		MOVQ(dst0, dst)
		Load(Param("count"), count)
		Label(label + "Run")
		body()
		ADDQ(srcStep, src)
		ADDQ(dstStep, dst)
		DECQ(count)
		JNZ(LabelRef(label + "Run"))
		ADDQ(srcRow, src0)
		ADDQ(dstRow, dst0)
		DECQ(rows)
		JNZ(LabelRef(label))
		VZEROUPPER()
		RET()
	}
	r0, r1 := t.regs[0], t.regs[1]
	part := func(v int, r Register) {
		t.loadMasked(Mem{Base: src, Disp: v * t.bytes}, mask, r)
		t.storeMasked(r, mask, Mem{Base: dst, Disp: v * t.bytes})
	}
	whole := func(v int, r Register) {
		t.mov(Mem{Base: src, Disp: v * t.bytes}, r)
		t.mov(r, Mem{Base: dst, Disp: v * t.bytes})
	}
	copyRows("less", func() { part(0, r0) })
	copyRows("one", func() { whole(0, r0) })
	Label("more")
	SUBQ(U8(n), lanes)
	t.mask(lanes, mask)
	copyRows("overOne", func() { whole(0, r0); part(1, r1) })
	copyRows("two", func() { whole(0, r0); whole(1, r1) })
}
