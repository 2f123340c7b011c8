package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// dotState is the register allocation of a tile of dot products.
type dotState struct {
	rows, cols int
	acc        [][]reg.VecPhysical
	left       []reg.VecPhysical
	right      []reg.VecPhysical
	aRow, bRow []operand.Mem
}

// dot generates a kernel of dot products: C[i,j] is the product of row i of A and row j of B, both with their k
// elements side by side. aStep and bStep are the distances of rows.
func (g *generator) dot(rows, cols int) string {
	name := g.name("dot", rows, cols)
	g.begin(name, fmt.Sprintf("%s computes the dot products of %d rows by %d rows.", name, rows, cols))
	g.field("a", aPtr)
	g.field("b", bPtr)
	g.field("aStep", aStep)
	g.field("bStep", bStep)
	g.field("k", count)
	s := g.allocateDot(rows, cols)
	for _, row := range s.acc {
		for _, r := range row {
			g.clear(r)
		}
	}
	g.SUBQ(operand.U8(g.lanes), count)
	g.JL(operand.LabelRef("rest"))
	g.align(64)
	g.Label("loop")
	g.dotStep(s, g.mov2)
	for _, p := range s.pointers() {
		g.ADDQ(operand.U8(g.machine.vector), p)
	}
	g.SUBQ(operand.U8(g.lanes), count)
	g.JGE(operand.LabelRef("loop"))
	g.Label("rest")
	g.ADDQ(operand.U8(g.lanes), count)
	g.JZ(operand.LabelRef("reduce"))
	if g.machine.masks {
		g.bitMask(scratch, reg.K1)
		g.dotStep(s, func(m operand.Mem, r reg.VecPhysical) { g.movZero(m, reg.K1, r) })
	} else {
		g.LEAQ(g.table.Offset(g.machine.vector), scratch)
		g.NEGQ(count)
		g.dotStep(s, func(m operand.Mem, r reg.VecPhysical) {
			g.VMOVDQU(operand.Mem{Base: scratch, Index: count, Scale: uint8(g.esz)}, r)
			g.maskMov(m, r, r)
		})
	}
	g.Label("reduce")
	g.finishDot(s)
	return name
}

func (g *generator) mov2(m operand.Mem, r reg.VecPhysical) { g.mov(m, r) }

// Further bases of rows: each base register reaches three rows.
var aPtr2, bPtr2 = reg.R9, reg.R12

// allocateDot gives the low registers to operands, which the reduction uses as scratch with short encodings.
func (g *generator) allocateDot(rows, cols int) *dotState {
	s := &dotState{rows: rows, cols: cols}
	free := g.regs
	s.right, free = free[:1], free[1:]
	if g.machine.masks {
		s.right, free = g.regs[:2], g.regs[2:]
	}
	s.left, free = free[:rows], free[rows:]
	for range rows {
		s.acc = append(s.acc, free[:cols])
		free = free[cols:]
	}
	s.aRow = g.rowBases(rows, aPtr, aPtr2, aStep)
	s.bRow = g.rowBases(cols, bPtr, bPtr2, bStep)
	return s
}

// rowBases returns the operands of n rows.
func (g *generator) rowBases(n int, base, base2, step reg.GPPhysical) []operand.Mem {
	rows := []operand.Mem{at(base, 0), indexed(base, step, 1), indexed(base, step, 2)}
	if n > 3 {
		g.LEAQ(indexed(base, step, 2), base2)
		g.ADDQ(step, base2)
		rows = append(rows, at(base2, 0), indexed(base2, step, 1), indexed(base2, step, 2))
	}
	return rows[:n]
}

// pointers returns the registers that move along k.
func (s *dotState) pointers() []operand.Op {
	p := []operand.Op{aPtr, bPtr}
	if s.rows > 3 {
		p = append(p, aPtr2)
	}
	if s.cols > 3 {
		p = append(p, bPtr2)
	}
	return p
}

// dotStep multiplies one vector of each row of A by one of each row of B.
func (g *generator) dotStep(s *dotState, load func(operand.Mem, reg.VecPhysical)) {
	for i, m := range s.aRow {
		load(m, s.left[i])
	}
	for j, m := range s.bRow {
		r := s.right[j%len(s.right)]
		load(m, r)
		for i := range s.rows {
			g.fma(r, s.left[i], s.acc[i][j])
		}
	}
}

// finishDot sums the lanes of the accumulators, and finishes and stores the sums of each row.
func (g *generator) finishDot(s *dotState) {
	g.field("c", cPtr)
	g.field("cStep", cStep)
	g.field("flags", flags)
	sums := make([]reg.VecPhysical, s.rows)
	for i, row := range s.acc {
		sums[i] = g.sumLanes(row)
	}
	work := g.short(g.regs[0])
	g.when(flagScale, "scaled", func() {
		g.broadcast(g.address("alpha"), work)
		for _, r := range sums {
			g.mul(work, r, r)
		}
	})
	beta := g.short(g.regs[1])
	g.when(flagAdd, "added", func() {
		g.broadcast(g.address("beta"), beta)
		g.MOVQ(cPtr, scratch)
		for i, r := range sums {
			g.partialLoad(scratch, s.cols, work)
			g.fma(work, beta, r)
			if i < s.rows-1 {
				g.ADDQ(cStep, scratch)
			}
		}
	})
	g.when(flagBias, "biased", func() {
		g.field("bias", scratch)
		g.partialLoad(scratch, s.cols, work)
		for _, r := range sums {
			g.add(work, r, r)
		}
	})
	g.when(flagReLU, "clipped", func() {
		g.VXORPS(work, work, work)
		for _, r := range sums {
			g.relu(r, work)
		}
	})
	for i, r := range sums {
		g.partialStore(r, s.cols, cPtr)
		if i < s.rows-1 {
			g.ADDQ(cStep, cPtr)
		}
	}
	g.leave()
}
