package main

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// short is the part of r that holds four elements.
func (g *generator) short(r reg.VecPhysical) reg.VecPhysical {
	if g.esz == 4 {
		return r.AsX().(reg.VecPhysical)
	}
	return r.AsY().(reg.VecPhysical)
}

// sumLanes sums the lanes of up to four accumulators and returns a register with a sum in each of its low elements.
// It overwrites the accumulators and registers 0 and 1. The order of additions is the same for each column and
// each number of columns.
func (g *generator) sumLanes(acc []reg.VecPhysical) reg.VecPhysical {
	column := func(j int) reg.VecPhysical { return acc[min(j, len(acc)-1)] }
	low, high := g.pairs(column(0), column(1)), acc[0]
	if len(acc) > 2 {
		high = g.pairs(column(2), column(3))
	}
	if g.esz == 4 {
		return g.sumLanes32(low, high)
	}
	return g.sumLanes64(low, high)
}

// pairs interleaves x and y and adds, which halves the number of lanes of each. The result is in x.
func (g *generator) pairs(x, y reg.VecPhysical) reg.VecPhysical {
	t := g.regs[0]
	if g.esz == 4 {
		g.VUNPCKLPS(y, x, t)
		g.VUNPCKHPS(y, x, x)
	} else {
		g.VUNPCKLPD(y, x, t)
		g.VUNPCKHPD(y, x, x)
	}
	g.add(t, x, x)
	return x
}

// sumLanes32 ends with x0 x1 x2 x3 in an X register; each 128-bit part of low holds x0 x1 x0 x1, of high x2 x3 x2 x3.
func (g *generator) sumLanes32(low, high reg.VecPhysical) reg.VecPhysical {
	t := g.regs[0]
	g.VUNPCKLPD(high, low, t)
	g.VUNPCKHPD(high, low, low)
	g.add(t, low, low)
	y := g.fold512(low)
	g.fold256(y)
	return y.AsX().(reg.VecPhysical)
}

// sumLanes64 ends with x0 x1 x2 x3 in a Y register; each 128-bit part of low holds x0 x1, of high x2 x3.
func (g *generator) sumLanes64(low, high reg.VecPhysical) reg.VecPhysical {
	l := g.fold512(low)
	h := l
	if high != low {
		h = g.fold512(high)
	}
	t := g.regs[0].AsY().(reg.VecPhysical)
	if g.machine.masks {
		g.VSHUFF64X2(operand.U8(0), h, l, t)
		g.VSHUFF64X2(operand.U8(3), h, l, l)
	} else {
		g.VPERM2F128(operand.U8(0x20), h, l, t)
		g.VPERM2F128(operand.U8(0x31), h, l, l)
	}
	g.add(t, l, l)
	return l
}

// fold512 adds the upper half of a Z register to the lower one; a Y register is returned as it is.
func (g *generator) fold512(r reg.VecPhysical) reg.VecPhysical {
	if !g.machine.masks {
		return r
	}
	y, t := r.AsY().(reg.VecPhysical), g.regs[0].AsY().(reg.VecPhysical)
	g.VEXTRACTF64X4(operand.U8(1), r, t)
	g.add(t, y, y)
	return y
}

// fold256 adds the upper half of a Y register to the lower one.
func (g *generator) fold256(y reg.VecPhysical) {
	x, t := y.AsX(), g.regs[0].AsX()
	if g.machine.masks {
		g.VEXTRACTF64X2(operand.U8(1), y, t)
	} else {
		g.VEXTRACTF128(operand.U8(1), y, t)
	}
	g.add(t, x, x)
}

// partialLoad loads n elements, at most four, into the low elements of r.
func (g *generator) partialLoad(p reg.Register, n int, r reg.VecPhysical) {
	x := r.AsX()
	switch {
	case n == 4:
		g.mov(at(p, 0), r)
	case g.esz == 4 && n == 1:
		g.VMOVSS(at(p, 0), x)
	case g.esz == 4:
		g.VMOVSD(at(p, 0), x)
		if n == 3 {
			g.VINSERTPS(operand.U8(0x20), at(p, 8), x, x)
		}
	case n == 1:
		g.VMOVSD(at(p, 0), x)
	case n == 2:
		g.VMOVUPD(at(p, 0), x)
	default:
		g.VMOVSD(at(p, 16), x)
		g.VPERM2F128(operand.U8(0x08), r, r, r) // to the upper half, zero below
		g.VINSERTF128(operand.U8(0), at(p, 0), r, r)
	}
}

// partialStore stores the n low elements of r, at most four, and may overwrite the others.
func (g *generator) partialStore(r reg.VecPhysical, n int, p reg.Register) {
	x := r.AsX()
	switch {
	case n == 4:
		g.mov(r, at(p, 0))
	case g.esz == 4 && n == 1:
		g.VMOVSS(x, at(p, 0))
	case g.esz == 4:
		g.VMOVSD(x, at(p, 0))
		if n == 3 {
			g.VSHUFPS(operand.U8(2), x, x, x)
			g.VMOVSS(x, at(p, 8))
		}
	case n == 1:
		g.VMOVSD(x, at(p, 0))
	default:
		g.VMOVUPD(x, at(p, 0))
		if n == 3 {
			if g.machine.masks {
				g.VEXTRACTF64X2(operand.U8(1), r, x)
			} else {
				g.VEXTRACTF128(operand.U8(1), r, x)
			}
			g.VMOVSD(x, at(p, 16))
		}
	}
}
