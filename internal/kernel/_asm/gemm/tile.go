package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Bits of the field flags of a tile, as in package gemm.
const (
	flagAdd   = 1 << iota // C = beta C + ...
	flagScale             // times alpha
	flagBias
	flagReLU
)

// unroll is how many k-steps the loop of a tile makes at once.
const unroll = 2

// prefetchSteps is how many k-steps ahead of its use the left factor is fetched into the nearest cache.
const prefetchSteps = 8

// tileState is the register allocation of a tile.
type tileState struct {
	rows, vecs int
	acc        [][]reg.VecPhysical // rows x vecs
	right      []reg.VecPhysical   // one k-step of the right factor, or scratch
	left       []reg.VecPhysical   // broadcast elements of the left factor, or scratch
}

var (
	aPtr, bPtr, cPtr  = reg.RAX, reg.RBX, reg.RDX
	aStep, bStep      = reg.RSI, reg.R8
	cStep, count      = reg.R9, reg.RCX
	flags             = reg.R10
	scratch, scratch2 = reg.R11, reg.R12
)

// tile generates a micro-kernel: it multiplies k columns of rows elements by k rows of vecs vectors, and finishes
// the block in registers.
func (g *generator) tile(rows, vecs int) string {
	name := g.name("tile", rows, vecs)
	g.begin(name, fmt.Sprintf("%s computes a tile of %d rows and %d vectors of %d elements of %d bytes.",
		name, rows, vecs, g.lanes, g.esz))
	s := g.allocate(rows, vecs)
	g.field("last", count)
	if g.machine.masks {
		g.bitMask(scratch, reg.K1)
	}
	g.field("a", aPtr)
	g.field("b", bPtr)
	g.field("c", cPtr)
	g.field("aStep", aStep)
	g.field("bStep", bStep)
	g.field("cStep", cStep)
	g.field("k", count)
	for _, row := range s.acc {
		for _, r := range row {
			g.clear(r)
		}
	}
	g.prefetchC(s)
	g.multiply(s)
	g.finish(s)
	return name
}

func (g *generator) allocate(rows, vecs int) *tileState {
	s := &tileState{rows: rows, vecs: vecs}
	free := g.regs
	for range rows {
		s.acc = append(s.acc, free[:vecs])
		free = free[vecs:]
	}
	s.left, free = free[:2], free[2:]
	if rows > 1 {
		s.right = free[:vecs]
	} else {
		s.right = free[:min(vecs, len(free))]
	}
	return s
}

func (g *generator) prefetchC(s *tileState) {
	g.MOVQ(cPtr, scratch)
	for i := range s.rows {
		for line := 0; line < s.vecs*g.machine.vector; line += 64 {
			g.PREFETCHT0(at(scratch, line))
		}
		if i < s.rows-1 {
			g.ADDQ(cStep, scratch)
		}
	}
}

// multiply generates the loop over k.
func (g *generator) multiply(s *tileState) {
	g.SUBQ(operand.U8(unroll), count)
	g.JL(operand.LabelRef("rest"))
	g.align(64)
	g.Label("loop")
	for range unroll {
		g.step(s)
	}
	g.SUBQ(operand.U8(unroll), count)
	g.JGE(operand.LabelRef("loop"))
	g.Label("rest")
	g.ADDQ(operand.U8(unroll), count)
	g.JZ(operand.LabelRef("finish"))
	g.Label("single")
	g.step(s)
	g.DECQ(count)
	g.JNZ(operand.LabelRef("single"))
	g.Label("finish")
}

// step generates one k-step: C += a column of A times a row of B.
func (g *generator) step(s *tileState) {
	load := func(v int) operand.Op {
		m := at(bPtr, v*g.machine.vector)
		last := v == s.vecs-1
		if s.rows == 1 && !(last && g.machine.masks) {
			return m // used once: an operand of the multiplication
		}
		r := s.right[min(v, len(s.right)-1)]
		if last && g.machine.masks {
			g.movZero(m, reg.K1, r)
		} else {
			g.mov(m, r)
		}
		return r
	}
	right := make([]operand.Op, s.vecs)
	for v := range right {
		right[v] = load(v)
	}
	for line := 0; line < s.rows*g.esz; line += 64 {
		m := indexed(aPtr, aStep, prefetchSteps)
		m.Disp = line
		g.PREFETCHT0(m)
	}
	for i, row := range s.acc {
		left := s.left[i%len(s.left)]
		g.broadcast(at(aPtr, i*g.esz), left)
		for v, acc := range row {
			g.fma(right[v], left, acc)
		}
	}
	g.ADDQ(aStep, aPtr)
	g.ADDQ(bStep, bPtr)
}
