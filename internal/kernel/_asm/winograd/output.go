package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// output emits the transform of 6 by 6 vectors to a tile, of whose cells the first rows and cols are written:
// max(floor, cell + bias), for groups vectors of channels side by side. The last vector has tail lanes.
//
// To stream is to write past the caches, whole vectors of 64 bytes to where lines start; the writer calls fenceAVX512
// in the end.
func (t isa) output(what string, tile kind, stream bool) {
	TEXT(fmt.Sprintf("%s%v%s", what, tile, t.name), NOSPLIT,
		"func(groups, tail int, src *byte, srcStep int, dst *byte, rowStep, cellStep, rows, cols int, bias *byte, floor float32, stage *byte)")
	Pragma("noescape")
	src := Load(Param("src"), RAX)
	srcStep := Load(Param("srcStep"), RBX)
	dst := Load(Param("dst"), RDX)
	rowStep := Load(Param("rowStep"), R10)
	cellStep := Load(Param("cellStep"), R11)
	bias := Load(Param("bias"), RSI)
	d, r, s := t.regs[0:6], t.regs[6:6+tile.cols], t.regs[10:14]
	Label("group")
	stage := Load(Param("stage"), RDI)
	MOVQ(src, R8)
	MOVQ(U32(len(points(tile.rows))), RCX)
	Label("row")
	for j := range 6 {
		if j != 4 || tile.cols == 4 {
			VMOVUPS(Mem{Base: R8}, d[j])
		}
		ADDQ(srcStep, R8)
	}
	t.outputTransform(d, r, s)
	for j := range r {
		VMOVUPS(r[j], Mem{Base: stage, Disp: j * t.bytes})
	}
	ADDQ(U32(tile.cols*t.bytes), stage)
	nextRow(tile.rows, RCX, R8, srcStep, R9)

	CMPQ(param("groups"), U8(1))
	JE(LabelRef("last"))
	t.outputColumns("full", tile, dst, rowStep, cellStep, bias, nil, stream)
	ADDQ(U8(t.bytes), src)
	ADDQ(U8(t.bytes), dst)
	ADDQ(U8(t.bytes), bias)
	DECQ(param("groups"))
	JMP(LabelRef("group"))
	Label("last")
	if stream {
		t.outputColumns("last", tile, dst, rowStep, cellStep, bias, nil, true)
	} else {
		t.fullOrCut(param("tail"), "last", func(s string, mask Register) { t.outputColumns(s, tile, dst, rowStep, cellStep, bias, mask, false) })
	}
	VZEROUPPER()
	RET()
}

// outputColumns transforms the columns of the stage, which has a row for each point, and writes them.
func (t isa) outputColumns(suffix string, tile kind, dst, rowStep, cellStep, bias, mask Register, stream bool) {
	d, r, s := t.regs[0:6], t.regs[6:6+tile.rows], t.regs[10:14]
	stage := Load(Param("stage"), RDI)
	cell, p, left, rows := R8, R9, R12, R13
	MOVQ(dst, cell)
	Load(Param("cols"), left)
	Load(Param("rows"), rows)
	label := func(s string) string { return fmt.Sprintf("%s%s", s, suffix) }
	Label(label("column"))
	for i, p := range points(tile.rows) {
		VMOVUPS(Mem{Base: stage, Disp: tile.cols * i * t.bytes}, d[p])
	}
	t.outputTransform(d, r, s)
	t.load(Mem{Base: bias}, mask, s[0])
	VBROADCASTSS(param("floor"), s[1])
	MOVQ(cell, p)
	for i := range r {
		VADDPS(s[0], r[i], r[i])
		VMAXPS(r[i], s[1], r[i]) // the second source is r: a NaN in it stays
		if stream {
			VMOVNTPS(r[i], Mem{Base: p})
		} else {
			t.store(r[i], mask, Mem{Base: p})
		}
		if i < len(r)-1 {
			CMPQ(rows, U8(i+1))
			JE(LabelRef(label("next")))
			ADDQ(rowStep, p)
		}
	}
	Label(label("next"))
	ADDQ(cellStep, cell)
	ADDQ(U8(t.bytes), stage)
	DECQ(left)
	JNZ(LabelRef(label("column")))
}

// fence emits what makes streamed vectors visible to other threads before anything that is written later.
func fence() {
	TEXT("fenceAVX512", NOSPLIT, "func()")
	SFENCE()
	RET()
}
