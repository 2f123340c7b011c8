package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// filter emits the transform of 3 by 3 vectors of lanes lanes, tapStep apart, to 6 by 6 whole ones dstStep apart, count times.
func (t isa) filter() {
	TEXT("winogradFilter"+t.name, NOSPLIT,
		"func(count, lanes int, src *byte, srcRow, tapStep int, dst *byte, dstRow, dstStep int, stage *byte)")
	Pragma("noescape")
	src := Load(Param("src"), RAX)
	tapStep := Load(Param("tapStep"), RBX)
	dst := Load(Param("dst"), RDX)
	dstStep := Load(Param("dstStep"), RSI)
	count := Load(Param("count"), R10)
	srcRow := Load(Param("srcRow"), R11)
	dstRow := Load(Param("dstRow"), R12)
	LEAQ(Mem{Base: tapStep, Index: tapStep, Scale: 2}, R13)
	t.fullOrCut(param("lanes"), "lanes", func(suffix string, mask Register) {
		d, r, s := t.regs[0:3], t.regs[6:12], t.regs[12:14]
		Label("cell" + suffix)
		stage := Load(Param("stage"), RDI)
		MOVQ(src, R8)
		for j := range 3 {
			MOVQ(R8, R9)
			for i := range 3 {
				t.load(Mem{Base: R9}, mask, d[i])
				if i < 2 {
					ADDQ(R13, R9)
				}
			}
			t.filterTransform(d, r, s)
			for i := range 6 {
				VMOVUPS(r[i], Mem{Base: stage, Disp: (3*i + j) * t.bytes})
			}
			ADDQ(tapStep, R8)
		}
		MOVQ(dst, R9)
		MOVQ(U32(6), RCX)
		Label("row" + suffix)
		for j := range 3 {
			VMOVUPS(Mem{Base: stage, Disp: j * t.bytes}, d[j])
		}
		t.filterTransform(d, r, s)
		for j := range 6 {
			VMOVUPS(r[j], Mem{Base: R9})
			ADDQ(dstStep, R9)
		}
		ADDQ(U32(3*t.bytes), stage)
		DECQ(RCX)
		JNZ(LabelRef("row" + suffix))
		ADDQ(srcRow, src)
		ADDQ(dstRow, dst)
		DECQ(count)
		JNZ(LabelRef("cell" + suffix))
	})
	VZEROUPPER()
	RET()
}

// filterGrad emits the transform of 6 by 6 vectors, srcStep apart, to 3 by 3 of lanes lanes, tapStep apart, count times.
func (t isa) filterGrad() {
	TEXT("winogradFilterGrad"+t.name, NOSPLIT,
		"func(count, lanes int, src *byte, srcRow, srcStep int, dst *byte, dstRow, tapStep int, stage *byte)")
	Pragma("noescape")
	src := Load(Param("src"), RAX)
	srcStep := Load(Param("srcStep"), RBX)
	dst := Load(Param("dst"), RDX)
	tapStep := Load(Param("tapStep"), RSI)
	count := Load(Param("count"), R10)
	srcRow := Load(Param("srcRow"), R11)
	dstRow := Load(Param("dstRow"), R12)
	LEAQ(Mem{Base: tapStep, Index: tapStep, Scale: 2}, R13)
	t.fullOrCut(param("lanes"), "lanes", func(suffix string, mask Register) {
		d, r, s := t.regs[0:6], t.regs[6:9], t.regs[9:13]
		Label("cell" + suffix)
		stage := Load(Param("stage"), RDI)
		MOVQ(src, R9)
		MOVQ(U32(6), RCX)
		Label("row" + suffix)
		for j := range 6 {
			VMOVUPS(Mem{Base: R9}, d[j])
			ADDQ(srcStep, R9)
		}
		t.filterGradTransform(d, r, s)
		for j := range 3 {
			VMOVUPS(r[j], Mem{Base: stage, Disp: j * t.bytes})
		}
		ADDQ(U32(3*t.bytes), stage)
		DECQ(RCX)
		JNZ(LabelRef("row" + suffix))
		Load(Param("stage"), RDI)
		MOVQ(dst, R8)
		for j := range 3 {
			for i := range 6 {
				VMOVUPS(Mem{Base: stage, Disp: (3*i + j) * t.bytes}, d[i])
			}
			t.filterGradTransform(d, r, s)
			MOVQ(R8, R9)
			for i := range 3 {
				t.store(r[i], mask, Mem{Base: R9})
				if i < 2 {
					ADDQ(R13, R9)
				}
			}
			ADDQ(tapStep, R8)
		}
		ADDQ(srcRow, src)
		ADDQ(dstRow, dst)
		DECQ(count)
		JNZ(LabelRef("cell" + suffix))
	})
	VZEROUPPER()
	RET()
}
