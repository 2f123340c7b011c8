package main

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// transpose transposes the square block in the first registers and returns the registers of its columns.
func (g *generator) transpose() []reg.VecPhysical {
	switch {
	case g.esz == 4 && g.machine.masks:
		return g.transpose16()
	case g.esz == 4:
		return g.transpose8x32()
	case g.machine.masks:
		return g.transpose8x64()
	}
	return g.transpose4()
}

// quads transposes the 4x4 blocks of single elements within 128-bit parts: of n rows in r, using t.
// Afterwards r[4g+j] holds, in part l, the rows 4g..4g+3 of column 4l+j.
func (g *generator) quads(n int, r, t []reg.VecPhysical) {
	for i := 0; i < n; i += 2 {
		g.VUNPCKLPS(r[i+1], r[i], t[i])
		g.VUNPCKHPS(r[i+1], r[i], t[i+1])
	}
	for i := 0; i < n; i += 4 {
		g.VUNPCKLPD(t[i+2], t[i], r[i])
		g.VUNPCKHPD(t[i+2], t[i], r[i+1])
		g.VUNPCKLPD(t[i+3], t[i+1], r[i+2])
		g.VUNPCKHPD(t[i+3], t[i+1], r[i+3])
	}
}

// transpose16 is 16 x 16 elements of 4 bytes.
func (g *generator) transpose16() []reg.VecPhysical {
	r, t := g.regs[:16], g.regs[16:]
	g.quads(16, r, t)
	even, odd := operand.U8(0x88), operand.U8(0xdd) // parts 0, 2 and parts 1, 3 of both sources
	for j := range 4 {
		g.VSHUFF32X4(even, r[4+j], r[j], t[j])
		g.VSHUFF32X4(odd, r[4+j], r[j], t[4+j])
		g.VSHUFF32X4(even, r[12+j], r[8+j], t[8+j])
		g.VSHUFF32X4(odd, r[12+j], r[8+j], t[12+j])
	}
	for j := range 4 {
		g.VSHUFF32X4(even, t[8+j], t[j], r[j])
		g.VSHUFF32X4(even, t[12+j], t[4+j], r[4+j])
		g.VSHUFF32X4(odd, t[8+j], t[j], r[8+j])
		g.VSHUFF32X4(odd, t[12+j], t[4+j], r[12+j])
	}
	return r
}

// transpose8x64 is 8 x 8 elements of 8 bytes.
func (g *generator) transpose8x64() []reg.VecPhysical {
	r, t := g.regs[:8], g.regs[8:16]
	for i := 0; i < 8; i += 2 {
		g.VUNPCKLPD(r[i+1], r[i], t[i])
		g.VUNPCKHPD(r[i+1], r[i], t[i+1])
	}
	even, odd := operand.U8(0x88), operand.U8(0xdd)
	for j := range 2 { // t[2g+j] holds, in part l, rows 2g and 2g+1 of column 2l+j
		g.VSHUFF64X2(even, t[2+j], t[j], r[j])
		g.VSHUFF64X2(odd, t[2+j], t[j], r[2+j])
		g.VSHUFF64X2(even, t[6+j], t[4+j], r[4+j])
		g.VSHUFF64X2(odd, t[6+j], t[4+j], r[6+j])
	}
	for j := range 2 {
		g.VSHUFF64X2(even, r[4+j], r[j], t[j])
		g.VSHUFF64X2(even, r[6+j], r[2+j], t[2+j])
		g.VSHUFF64X2(odd, r[4+j], r[j], t[4+j])
		g.VSHUFF64X2(odd, r[6+j], r[2+j], t[6+j])
	}
	return t
}

// transpose8x32 is 8 x 8 elements of 4 bytes.
func (g *generator) transpose8x32() []reg.VecPhysical {
	r, t := g.regs[:8], g.regs[8:16]
	g.quads(8, r, t)
	for j := range 4 {
		g.VPERM2F128(operand.U8(0x20), r[4+j], r[j], t[j])
		g.VPERM2F128(operand.U8(0x31), r[4+j], r[j], t[4+j])
	}
	return t
}

// transpose4 is 4 x 4 elements of 8 bytes.
func (g *generator) transpose4() []reg.VecPhysical {
	r, t := g.regs[:4], g.regs[4:8]
	for i := 0; i < 4; i += 2 {
		g.VUNPCKLPD(r[i+1], r[i], t[i])
		g.VUNPCKHPD(r[i+1], r[i], t[i+1])
	}
	for j := range 2 {
		g.VPERM2F128(operand.U8(0x20), t[2+j], t[j], r[j])
		g.VPERM2F128(operand.U8(0x31), t[2+j], t[j], r[2+j])
	}
	return r
}
