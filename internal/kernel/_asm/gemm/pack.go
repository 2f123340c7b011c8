package main

import (
	"slices"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

var source, sourceStep, target, targetStep = reg.RAX, reg.RBX, reg.RDX, reg.RSI

// beginPack starts a packing function and loads its arguments; the width is in DI.
func (g *generator) beginPack(name, doc string) {
	g.Function(name)
	g.Attributes(attr.NOSPLIT)
	g.SignatureExpr("func(k int, src *float" + map[int]string{4: "32", 8: "64"}[g.esz] + ", srcStep, n int, dst *float" +
		map[int]string{4: "32", 8: "64"}[g.esz] + ", dstStep int)")
	g.Pragma("noescape")
	g.Doc(doc)
	g.Load(g.Param("src"), source)
	g.Load(g.Param("srcStep"), sourceStep)
	g.Load(g.Param("dst"), target)
	g.Load(g.Param("dstStep"), targetStep)
}

// packCols generates the packing of a factor whose k-steps are rows: dst[q,r] = src[q,r] for q < k and r < n, with
// n at most two vectors and steps in bytes. It writes whole vectors.
func (g *generator) packCols() string {
	name := g.name("packCols")
	g.beginPack(name, name+" copies k rows of n elements, at most two vectors, and writes whole vectors.")
	g.Load(g.Param("n"), count)
	mask := g.regs[15]
	one, two := reg.Register(nil), reg.Register(nil)
	g.XORQ(scratch2, scratch2)
	g.SUBQ(operand.U8(g.lanes), count)
	g.JG(operand.LabelRef("wide"))
	g.ADDQ(operand.U8(g.lanes), count)
	g.packMask(mask)
	one = mask
	g.Load(g.Param("k"), count)
	g.packLoop(1, one)
	g.Label("wide")
	g.packMask(mask)
	two = mask
	g.Load(g.Param("k"), count)
	g.packLoop(2, two)
	return name
}

// packMask makes the mask of the last vector from its number of lanes in CX.
func (g *generator) packMask(mask reg.VecPhysical) {
	if g.machine.masks {
		g.bitMask(scratch, reg.K1)
	} else {
		g.laneMask(count, scratch, mask)
	}
}

// packLoop copies count rows of so many vectors, the last of them masked, and returns.
func (g *generator) packLoop(vecs int, mask reg.Register) {
	const rows = 4
	label := map[int]string{1: "one", 2: "two"}[vecs]
	body := func(rows int) {
		for i := range rows {
			for v := range vecs {
				r, m := g.regs[i*vecs+v], at(source, v*g.machine.vector)
				switch {
				case v < vecs-1:
					g.mov(m, r)
				case g.machine.masks:
					g.movZero(m, reg.K1, r)
				default:
					g.maskMov(m, mask, r)
				}
			}
			g.ADDQ(sourceStep, source)
		}
		for i := range rows {
			for v := range vecs {
				g.mov(g.regs[i*vecs+v], at(target, v*g.machine.vector))
			}
			g.ADDQ(targetStep, target)
		}
	}
	g.SUBQ(operand.U8(rows), count)
	g.JL(operand.LabelRef(label + "Rest"))
	g.Label(label + "Loop")
	body(rows)
	g.SUBQ(operand.U8(rows), count)
	g.JGE(operand.LabelRef(label + "Loop"))
	g.Label(label + "Rest")
	g.ADDQ(operand.U8(rows), count)
	g.JZ(operand.LabelRef(label + "Done"))
	g.Label(label + "Single")
	body(1)
	g.DECQ(count)
	g.JNZ(operand.LabelRef(label + "Single"))
	g.Label(label + "Done")
	g.leave()
}

// prefetchBytes is how far ahead of its use packRows fetches each row.
const prefetchBytes = 256

// packRows generates the packing of a factor whose k-steps are columns: dst[q,r] = src[r,q] for q < k and r < n,
// with n at most one vector. It writes whole vectors; past n they repeat the last row. If exact, it writes n
// elements only.
func (g *generator) packRows(exact bool) string {
	name, doc := g.name("packRows"), "writes whole vectors."
	if exact {
		name, doc = g.name("turnRows"), "writes no more than them."
	}
	g.beginPack(name, name+" transposes n rows of k elements, n at most one vector, and "+doc)
	if exact && g.machine.masks {
		g.Load(g.Param("n"), count)
		g.bitMask(scratch, reg.K2)
	}
	g.Load(g.Param("k"), count)
	g.Label("block")
	if g.machine.masks {
		g.loadBlockMasked()
	} else {
		g.loadBlockNarrow()
	}
	out := g.transpose()
	var mask reg.VecPhysical
	if exact && !g.machine.masks {
		mask = g.unused(out)
		g.Load(g.Param("n"), reg.R8)
		g.laneMask(reg.R8, reg.R11, mask)
	}
	for q := range g.lanes {
		switch {
		case !exact:
			g.mov(out[q], at(target, 0))
		case g.machine.masks:
			g.mov(out[q], reg.K2, at(target, 0))
		default:
			g.maskMov(out[q], mask, at(target, 0))
		}
		g.ADDQ(targetStep, target)
		g.DECQ(count)
		if q < g.lanes-1 {
			g.JZ(operand.LabelRef("done"))
		}
	}
	g.ADDQ(operand.U8(g.machine.vector), source)
	g.TESTQ(count, count)
	g.JNZ(operand.LabelRef("block"))
	g.Label("done")
	g.leave()
	return name
}

// unused returns a register that is not among the given ones.
func (g *generator) unused(used []reg.VecPhysical) reg.VecPhysical {
	for _, r := range g.regs {
		if !slices.Contains(used, r) {
			return r
		}
	}
	panic("no register left")
}

// rowPointers starts a walk over the rows of the block at source: the pointer is R9.
func (g *generator) rowPointers() {
	g.MOVQ(source, reg.R9)
	g.Load(g.Param("n"), reg.R10)
}

// nextRow moves R9 to the next row, or keeps it at the last one.
func (g *generator) nextRow() {
	g.XORL(reg.R11L, reg.R11L)
	g.DECQ(reg.R10)
	g.CMOVQGT(sourceStep, reg.R11)
	g.ADDQ(reg.R11, reg.R9)
}

// loadBlockMasked loads one vector of each row, masked where fewer than a vector of columns are left.
func (g *generator) loadBlockMasked() {
	g.MOVL(operand.U32(uint32(1<<g.lanes-1)), reg.R8L)
	g.CMPQ(count, operand.U8(g.lanes))
	g.JGE(operand.LabelRef("full"))
	g.MOVL(operand.U32(1), reg.R8L)
	g.SHLL(reg.CL, reg.R8L)
	g.DECL(reg.R8L)
	g.Label("full")
	g.KMOVW(reg.R8L, reg.K1)
	g.rowPointers()
	for i := range g.lanes {
		g.movZero(at(reg.R9, 0), reg.K1, g.regs[i])
		g.PREFETCHT0(at(reg.R9, prefetchBytes))
		if i < g.lanes-1 {
			g.nextRow()
		}
	}
}

// loadBlockNarrow is loadBlockMasked for machines without mask registers.
func (g *generator) loadBlockNarrow() {
	g.rowPointers()
	g.CMPQ(count, operand.U8(g.lanes))
	g.JL(operand.LabelRef("narrow"))
	for i := range g.lanes {
		g.mov(at(reg.R9, 0), g.regs[i])
		if i < g.lanes-1 {
			g.nextRow()
		}
	}
	g.JMP(operand.LabelRef("loaded"))
	g.Label("narrow")
	mask := g.regs[15]
	g.MOVQ(count, reg.R8)
	g.laneMask(reg.R8, reg.R11, mask)
	for i := range g.lanes {
		g.maskMov(at(reg.R9, 0), mask, g.regs[i])
		if i < g.lanes-1 {
			g.nextRow()
		}
	}
	g.Label("loaded")
}
