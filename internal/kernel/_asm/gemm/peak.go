package main

import (
	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// peakSums is the number of independent sums of the loop of peak: more than the adders have in flight.
const peakSums = 12

// peak generates a loop of multiply-adds on registers alone, which nothing can be faster than.
func (g *generator) peak() {
	name := g.name("peak")
	g.Function(name)
	g.Attributes(attr.NOSPLIT)
	g.SignatureExpr("func(n int)")
	g.Doc(name + " makes n rounds of 12 multiply-adds on registers. Benchmarks measure by it what the processor can do.")
	g.Load(g.Param("n"), count)
	for _, r := range g.regs[:peakSums+2] {
		g.clear(r)
	}
	g.align(64)
	g.Label("loop")
	for i := range peakSums {
		g.fma(g.regs[peakSums], g.regs[peakSums+1], g.regs[i])
	}
	g.DECQ(reg.RCX)
	g.JNZ(operand.LabelRef("loop"))
	g.leave()
}
