package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// spread emits the transform of a square of n by n cells to 6 by 6 vectors, for groups vectors of channels side by side. The
// rows start at the given offsets from src, cells are cellStep apart, and those outside columns [lo, hi) count as zero. The last
// vector has tail lanes; its others come out as zero.
func (t isa) spread(what string, n int, transform func(d, r, s []VecPhysical)) {
	name := "winograd" + what + t.name
	TEXT(name, NOSPLIT, "func(groups, tail int, src *byte, rows *int, cellStep, lo, hi int, dst *byte, dstStep int, stage *byte)")
	Pragma("noescape")
	src := Load(Param("src"), RAX)
	table := Load(Param("rows"), RBX)
	rows := []Register{R8, R10, R11, R12, R13, R15}[:n]
	for i, r := range rows {
		MOVQ(Mem{Base: table, Disp: 8 * i}, r)
		ADDQ(src, r)
	}
	dst := Load(Param("dst"), RDX)
	dstStep := Load(Param("dstStep"), RSI)
	channel := RAX // bytes from the first channel
	XORQ(channel, channel)
	Label("group")
	CMPQ(param("groups"), U8(1))
	JE(LabelRef("last"))
	t.spreadColumns("full", n, rows, channel, nil, transform)
	JMP(LabelRef("across"))
	Label("last")
	t.fullOrCut(param("tail"), "last", func(s string, mask Register) { t.spreadColumns(s, n, rows, channel, mask, transform) })
	Label("across")
	stage := Load(Param("stage"), RDI)
	MOVQ(dst, R9)
	MOVQ(U32(6), RCX)
	Label("row")
	d, r, s := t.regs[0:n], t.regs[6:12], t.regs[12:14]
	for j := range n {
		VMOVUPS(Mem{Base: stage, Disp: j * t.bytes}, d[j])
	}
	transform(d, r, s)
	for j := range 6 {
		VMOVUPS(r[j], Mem{Base: R9})
		ADDQ(dstStep, R9)
	}
	ADDQ(U32(n*t.bytes), stage)
	DECQ(RCX)
	JNZ(LabelRef("row"))
	ADDQ(U8(t.bytes), dst)
	ADDQ(U8(t.bytes), channel)
	DECQ(param("groups"))
	JNZ(LabelRef("group"))
	VZEROUPPER()
	RET()
}

// spreadColumns transforms the n columns to the stage, six rows of n vectors.
func (t isa) spreadColumns(suffix string, n int, rows []Register, channel, mask Register, transform func(d, r, s []VecPhysical)) {
	stage := Load(Param("stage"), RDI)
	cell, j, left := RBX, RCX, R9
	MOVQ(channel, cell)
	XORQ(j, j)
	label := func(s string) string { return fmt.Sprintf("%s%s", s, suffix) }
	d, r, s := t.regs[0:n], t.regs[6:12], t.regs[12:14]
	Label(label("column"))
	CMPQ(j, param("lo"))
	JL(LabelRef(label("outside")))
	CMPQ(j, param("hi"))
	JGE(LabelRef(label("outside")))
	Load(Param("cellStep"), left)
	LEAQ(Mem{Base: cell, Index: left, Scale: 4}, left)
	for i := range n {
		t.load(Mem{Base: rows[i], Index: cell, Scale: 1}, mask, d[i])
		PREFETCHT0(Mem{Base: rows[i], Index: left, Scale: 1}) // of the tile that is next in the row
	}
	transform(d, r, s)
	for i := range 6 {
		VMOVUPS(r[i], Mem{Base: stage, Disp: i * n * t.bytes})
	}
	JMP(LabelRef(label("next")))
	Label(label("outside"))
	t.zero(d[0])
	for i := range 6 {
		VMOVUPS(d[0], Mem{Base: stage, Disp: i * n * t.bytes})
	}
	Label(label("next"))
	Load(Param("cellStep"), left)
	ADDQ(left, cell)
	ADDQ(U8(t.bytes), stage)
	INCQ(j)
	CMPQ(j, U8(n))
	JL(LabelRef(label("column")))
}
