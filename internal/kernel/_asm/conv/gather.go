package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// gather emits the copy of count runs of lanes elements, at most two vectors each, srcStep bytes apart in the source and
// dstStep in the destination. Nothing outside the runs is read or written.
func (t isa) gather() {
	n := t.lanes()
	TEXT("convGather"+t.name, NOSPLIT,
		"func(count int, src *byte, srcStep int, dst *byte, dstStep, lanes int)")
	Pragma("noescape")
	count := Load(Param("count"), RDI)
	src := Load(Param("src"), RAX)
	srcStep := Load(Param("srcStep"), RBX)
	dst := Load(Param("dst"), RDX)
	dstStep := Load(Param("dstStep"), RSI)
	lanes := Load(Param("lanes"), RCX)
	mask, _ := t.maskRegs()
	CMPQ(lanes, U8(2*n))
	JE(LabelRef("two"))
	CMPQ(lanes, U8(n))
	JGT(LabelRef("more"))
	JE(LabelRef("one"))
	t.mask(lanes, mask)
	run := func(label string, body func()) {
		Label(label)
		body()
		ADDQ(srcStep, src)
		ADDQ(dstStep, dst)
		DECQ(count)
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
	run("less", func() { part(0, r0) })
	run("one", func() { whole(0, r0) })
	Label("more")
	SUBQ(U8(n), lanes)
	t.mask(lanes, mask)
	run("overOne", func() { whole(0, r0); part(1, r1) })
	run("two", func() { whole(0, r0); whole(1, r1) })
}
