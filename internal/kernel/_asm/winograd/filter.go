package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// squares are where a transform reads vectors and where it writes them, each a step apart, and what lies between the
// rows of 3 by 3 vectors.
type squares struct {
	src, srcStep, dst, dstStep, tapRow Register
}

// eachSquare emits a function that transforms count squares, srcRow and dstRow apart. The vectors of 3 by 3 have lanes
// lanes; their step is the parameter tapStep, that of the others is named for its side.
func (t isa) eachSquare(name, srcStep, dstStep string, transform func(q squares, suffix string, mask Register)) {
	TEXT(name+t.name, NOSPLIT,
		"func(count, lanes int, src *byte, srcRow, "+srcStep+" int, dst *byte, dstRow, "+dstStep+" int, stage *byte)")
	Pragma("noescape")
	q := squares{tapRow: R13}
	q.src = Load(Param("src"), RAX)
	q.srcStep = Load(Param(srcStep), RBX)
	q.dst = Load(Param("dst"), RDX)
	q.dstStep = Load(Param(dstStep), RSI)
	count := Load(Param("count"), R10)
	srcRow := Load(Param("srcRow"), R11)
	dstRow := Load(Param("dstRow"), R12)
	tapStep := q.srcStep
	if dstStep == "tapStep" {
		tapStep = q.dstStep
	}
	LEAQ(Mem{Base: tapStep, Index: tapStep, Scale: 2}, q.tapRow)
	t.fullOrCut(param("lanes"), "lanes", func(suffix string, mask Register) {
		Label("cell" + suffix)
		transform(q, suffix, mask)
		ADDQ(srcRow, q.src)
		ADDQ(dstRow, q.dst)
		DECQ(count)
		JNZ(LabelRef("cell" + suffix))
	})
	VZEROUPPER()
	RET()
}

// filter emits the transform of 3 by 3 vectors to 6 by 6 whole ones.
func (t isa) filter() {
	d, r, s := t.regs[0:3], t.regs[6:12], t.regs[12:14]
	t.eachSquare("filter", "tapStep", "dstStep", func(q squares, suffix string, mask Register) {
		stage := Load(Param("stage"), RDI)
		MOVQ(q.src, R8)
		for j := range 3 {
			MOVQ(R8, R9)
			for i := range 3 {
				t.load(Mem{Base: R9}, mask, d[i])
				if i < 2 {
					ADDQ(q.tapRow, R9)
				}
			}
			t.filterTransform(d, r, s)
			for i := range 6 {
				VMOVUPS(r[i], Mem{Base: stage, Disp: (3*i + j) * t.bytes})
			}
			ADDQ(q.srcStep, R8)
		}
		MOVQ(q.dst, R9)
		MOVQ(U32(6), RCX)
		Label("row" + suffix)
		for j := range 3 {
			VMOVUPS(Mem{Base: stage, Disp: j * t.bytes}, d[j])
		}
		t.filterTransform(d, r, s)
		for j := range 6 {
			VMOVUPS(r[j], Mem{Base: R9})
			ADDQ(q.dstStep, R9)
		}
		ADDQ(U32(3*t.bytes), stage)
		DECQ(RCX)
		JNZ(LabelRef("row" + suffix))
	})
}

// filterGrad emits the transform of 6 by 6 vectors to 3 by 3.
func (t isa) filterGrad() {
	d, r, s := t.regs[0:6], t.regs[6:9], t.regs[9:13]
	t.eachSquare("filterGrad", "srcStep", "tapStep", func(q squares, suffix string, mask Register) {
		stage := Load(Param("stage"), RDI)
		MOVQ(q.src, R9)
		MOVQ(U32(6), RCX)
		Label("row" + suffix)
		for j := range 6 {
			VMOVUPS(Mem{Base: R9}, d[j])
			ADDQ(q.srcStep, R9)
		}
		t.filterGradTransform(d, r, s)
		for j := range 3 {
			VMOVUPS(r[j], Mem{Base: stage, Disp: j * t.bytes})
		}
		ADDQ(U32(3*t.bytes), stage)
		DECQ(RCX)
		JNZ(LabelRef("row" + suffix))
		Load(Param("stage"), RDI)
		MOVQ(q.dst, R8)
		for j := range 3 {
			for i := range 6 {
				VMOVUPS(Mem{Base: stage, Disp: (3*i + j) * t.bytes}, d[i])
			}
			t.filterGradTransform(d, r, s)
			MOVQ(R8, R9)
			for i := range 3 {
				t.store(r[i], mask, Mem{Base: R9})
				if i < 2 {
					ADDQ(q.tapRow, R9)
				}
			}
			ADDQ(q.dstStep, R8)
		}
	})
}
