package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// spread emits the transform of a square of cells to 6 by 6 vectors, for groups vectors of channels side by side. The
// square has as many rows and columns as the tile and more besides. Its rows start at the given offsets from src, cells
// are cellStep apart, and those outside columns [lo, hi) count as zero. The last vector has tail lanes; its others come
// out as zero. Points that the tile doesn't have are not written.
func (t isa) spread(what string, tile kind, more int, transform func(d, r, s []VecPhysical)) {
	name := fmt.Sprintf("%s%v%s", what, tile, t.name)
	TEXT(name, NOSPLIT, "func(groups, tail int, src *byte, rows *int, cellStep, lo, hi int, dst *byte, dstStep int, stage *byte)")
	Pragma("noescape")
	src := Load(Param("src"), RAX)
	table := Load(Param("rows"), RBX)
	rows := []Register{R8, R10, R11, R12, R13, R15}[:tile.rows+more]
	for i, r := range rows {
		MOVQ(Mem{Base: table, Disp: 8 * i}, r)
		ADDQ(src, r)
	}
	dst := Load(Param("dst"), RDX)
	dstStep := Load(Param("dstStep"), RSI)
	channel := RAX // bytes from the first channel
	XORQ(channel, channel)
	cols := tile.cols + more
	columns := func(suffix string, mask Register) {
		t.spreadColumns(suffix, points(tile.rows), cols, rows, channel, mask, transform)
	}
	Label("group")
	CMPQ(param("groups"), U8(1))
	JE(LabelRef("last"))
	columns("full", nil)
	JMP(LabelRef("across"))
	Label("last")
	t.fullOrCut(param("tail"), "last", columns)
	Label("across")
	stage := Load(Param("stage"), RDI)
	MOVQ(dst, R9)
	MOVQ(U32(len(points(tile.rows))), RCX)
	Label("row")
	d, r, s := t.regs[0:cols], t.regs[6:12], t.regs[12:14]
	for j := range cols {
		VMOVUPS(Mem{Base: stage, Disp: j * t.bytes}, d[j])
	}
	transform(d, r, s)
	for j := range 6 {
		if j != 4 || tile.cols == 4 {
			VMOVUPS(r[j], Mem{Base: R9})
		}
		ADDQ(dstStep, R9)
	}
	ADDQ(U32(cols*t.bytes), stage)
	nextRow(tile.rows, RCX, R9, dstStep, RBX)
	ADDQ(U8(t.bytes), dst)
	ADDQ(U8(t.bytes), channel)
	DECQ(param("groups"))
	JNZ(LabelRef("group"))
	VZEROUPPER()
	RET()
}

// nextRow ends a loop over the points of a tile with so many rows: p goes on by six steps for a point that there isn't.
func nextRow(rows int, left, p, step, scratch Register) {
	DECQ(left)
	if rows == 4 {
		JNZ(LabelRef("row"))
		return
	}
	JZ(LabelRef("rowsDone"))
	CMPQ(left, U8(1))
	JNE(LabelRef("row"))
	LEAQ(Mem{Base: step, Index: step, Scale: 2}, scratch)
	LEAQ(Mem{Base: p, Index: scratch, Scale: 2}, p)
	JMP(LabelRef("row"))
	Label("rowsDone")
}

// spreadColumns transforms the columns to the stage, a row for each point.
func (t isa) spreadColumns(suffix string, points []int, cols int, rows []Register, channel, mask Register, transform func(d, r, s []VecPhysical)) {
	stage := Load(Param("stage"), RDI)
	cell, j, left := RBX, RCX, R9
	MOVQ(channel, cell)
	XORQ(j, j)
	label := func(s string) string { return fmt.Sprintf("%s%s", s, suffix) }
	d, r, s := t.regs[0:len(rows)], t.regs[6:12], t.regs[12:14]
	Label(label("column"))
	CMPQ(j, param("lo"))
	JL(LabelRef(label("outside")))
	CMPQ(j, param("hi"))
	JGE(LabelRef(label("outside")))
	Load(Param("cellStep"), left)
	LEAQ(Mem{Base: cell, Index: left, Scale: 4}, left)
	for i := range rows {
		t.load(Mem{Base: rows[i], Index: cell, Scale: 1}, mask, d[i])
		PREFETCHT0(Mem{Base: rows[i], Index: left, Scale: 1}) // of the tile that is next in the row
	}
	transform(d, r, s)
	for i, p := range points {
		VMOVUPS(r[p], Mem{Base: stage, Disp: i * cols * t.bytes})
	}
	JMP(LabelRef(label("next")))
	Label(label("outside"))
	t.zero(d[0])
	for i := range points {
		VMOVUPS(d[0], Mem{Base: stage, Disp: i * cols * t.bytes})
	}
	Label(label("next"))
	Load(Param("cellStep"), left)
	ADDQ(left, cell)
	ADDQ(U8(t.bytes), stage)
	INCQ(j)
	CMPQ(j, U8(cols))
	JL(LabelRef(label("column")))
}
