package main

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// ending is how a tile ends: what differs in the last vector of each row.
type ending struct {
	label string // suffix of labels
	// add adds beta times the vector at m to acc, load loads it into r, store stores r there; last tells
	// whether it is the last of its row.
	add   func(m operand.Mem, beta, acc reg.VecPhysical, last bool)
	load  func(m operand.Mem, r reg.VecPhysical, last bool)
	store func(r reg.VecPhysical, m operand.Mem, last bool)
}

// finish scales, adds C, adds the bias, clips and stores.
func (g *generator) finish(s *tileState) {
	g.field("flags", flags)
	g.when(flagScale, "scaled", func() {
		g.broadcast(g.address("alpha"), s.left[0])
		for _, row := range s.acc {
			for _, acc := range row {
				g.mul(s.left[0], acc, acc)
			}
		}
	})
	if g.machine.masks {
		g.end(s, g.maskedEnding())
		return
	}
	g.field("last", count)
	g.CMPQ(count, operand.U8(g.lanes))
	g.JNE(operand.LabelRef("narrow"))
	g.end(s, g.fullEnding())
	g.Label("narrow")
	g.laneMask(count, scratch, s.right[0])
	g.end(s, g.narrowEnding(s.right[0], s.left[1]))
}

// end generates one ending and returns from the function.
func (g *generator) end(s *tileState, e ending) {
	last := s.vecs - 1
	work, bias := s.left[0], s.left[1]
	g.when(flagAdd, "added"+e.label, func() {
		g.broadcast(g.address("beta"), work)
		g.MOVQ(cPtr, scratch)
		g.walk(s, scratch, func(v int, acc reg.VecPhysical) {
			e.add(at(scratch, v*g.machine.vector), work, acc, v == last)
		})
	})
	g.when(flagBias, "biased"+e.label, func() {
		g.field("bias", scratch)
		for v := range s.vecs {
			e.load(at(scratch, v*g.machine.vector), bias, v == last)
			for _, row := range s.acc {
				g.add(bias, row[v], row[v])
			}
		}
	})
	g.when(flagReLU, "clipped"+e.label, func() {
		g.clear(work)
		for _, row := range s.acc {
			for _, acc := range row {
				g.relu(acc, work)
			}
		}
	})
	g.walk(s, cPtr, func(v int, acc reg.VecPhysical) { e.store(acc, at(cPtr, v*g.machine.vector), v == last) })
	g.leave()
}

// fullEnding is for rows of full vectors.
func (g *generator) fullEnding() ending {
	return ending{
		label: "Full",
		add:   func(m operand.Mem, beta, acc reg.VecPhysical, _ bool) { g.fma(m, beta, acc) },
		load:  func(m operand.Mem, r reg.VecPhysical, _ bool) { g.mov(m, r) },
		store: func(r reg.VecPhysical, m operand.Mem, _ bool) { g.mov(r, m) },
	}
}

// maskedEnding is for machines with mask registers: K1 has the lanes of the last vector.
func (g *generator) maskedEnding() ending {
	e := g.fullEnding()
	return ending{
		add: func(m operand.Mem, beta, acc reg.VecPhysical, last bool) {
			if last {
				g.fma(m, beta, reg.K1, acc)
			} else {
				e.add(m, beta, acc, last)
			}
		},
		load: func(m operand.Mem, r reg.VecPhysical, last bool) {
			if last {
				g.movZero(m, reg.K1, r)
			} else {
				e.load(m, r, last)
			}
		},
		store: func(r reg.VecPhysical, m operand.Mem, last bool) {
			if last {
				g.mov(r, reg.K1, m)
			} else {
				e.store(r, m, last)
			}
		},
	}
}

// narrowEnding is for machines without: mask has the lanes of the last vector, and value is scratch.
func (g *generator) narrowEnding(mask, value reg.VecPhysical) ending {
	e := g.fullEnding()
	return ending{
		label: "Narrow",
		add: func(m operand.Mem, beta, acc reg.VecPhysical, last bool) {
			if last {
				g.maskMov(m, mask, value)
				g.fma(value, beta, acc)
			} else {
				e.add(m, beta, acc, last)
			}
		},
		load: func(m operand.Mem, r reg.VecPhysical, last bool) {
			if last {
				g.maskMov(m, mask, r)
			} else {
				e.load(m, r, last)
			}
		},
		store: func(r reg.VecPhysical, m operand.Mem, last bool) {
			if last {
				g.maskMov(r, mask, m)
			} else {
				e.store(r, m, last)
			}
		},
	}
}

// when generates code that runs if a flag is set.
func (g *generator) when(flag int, label string, body func()) {
	g.TESTQ(operand.U32(uint32(flag)), flags)
	g.JZ(operand.LabelRef(label))
	body()
	g.Label(label)
}

// walk visits the accumulators row by row with pointer p at the row's start in C.
func (g *generator) walk(s *tileState, p reg.GPPhysical, f func(v int, acc reg.VecPhysical)) {
	for i, row := range s.acc {
		for v, acc := range row {
			f(v, acc)
		}
		if i < s.rows-1 {
			g.ADDQ(cStep, p)
		}
	}
}
