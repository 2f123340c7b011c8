package main

import (
	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/ir"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

var ymm = []reg.VecPhysical{
	reg.Y0, reg.Y1, reg.Y2, reg.Y3, reg.Y4, reg.Y5, reg.Y6, reg.Y7,
	reg.Y8, reg.Y9, reg.Y10, reg.Y11, reg.Y12, reg.Y13, reg.Y14, reg.Y15,
}

var zmm = []reg.VecPhysical{
	reg.Z0, reg.Z1, reg.Z2, reg.Z3, reg.Z4, reg.Z5, reg.Z6, reg.Z7,
	reg.Z8, reg.Z9, reg.Z10, reg.Z11, reg.Z12, reg.Z13, reg.Z14, reg.Z15,
	reg.Z16, reg.Z17, reg.Z18, reg.Z19, reg.Z20, reg.Z21, reg.Z22, reg.Z23,
	reg.Z24, reg.Z25, reg.Z26, reg.Z27, reg.Z28, reg.Z29, reg.Z30, reg.Z31,
}

// at is the operand at a byte offset from a register.
func at(base reg.Register, disp int) operand.Mem { return operand.Mem{Base: base, Disp: disp} }

// indexed is the operand at base + scale*index.
func indexed(base, index reg.Register, scale uint8) operand.Mem {
	return operand.Mem{Base: base, Index: index, Scale: scale}
}

// The arithmetic instructions, in the form for the element type. A mask register may stand before the last operand.

func (g *generator) mov(ops ...operand.Op) {
	if g.esz == 4 {
		g.VMOVUPS(ops...)
	} else {
		g.VMOVUPD(ops...)
	}
}

// movZero loads under a mask and clears the other lanes.
func (g *generator) movZero(m, k, r operand.Op) {
	if g.esz == 4 {
		g.VMOVUPS_Z(m, k, r)
	} else {
		g.VMOVUPD_Z(m, k, r)
	}
}

// maskMov loads or stores under a mask in a vector register.
func (g *generator) maskMov(from, mask, to operand.Op) {
	if g.esz == 4 {
		g.VMASKMOVPS(from, mask, to)
	} else {
		g.VMASKMOVPD(from, mask, to)
	}
}

func (g *generator) broadcast(m, r operand.Op) {
	if g.esz == 4 {
		g.VBROADCASTSS(m, r)
	} else {
		g.VBROADCASTSD(m, r)
	}
}

func (g *generator) fma(ops ...operand.Op) {
	if g.esz == 4 {
		g.VFMADD231PS(ops...)
	} else {
		g.VFMADD231PD(ops...)
	}
}

func (g *generator) add(ops ...operand.Op) {
	if g.esz == 4 {
		g.VADDPS(ops...)
	} else {
		g.VADDPD(ops...)
	}
}

func (g *generator) mul(ops ...operand.Op) {
	if g.esz == 4 {
		g.VMULPS(ops...)
	} else {
		g.VMULPD(ops...)
	}
}

// relu sets r = max(r, zero), and keeps r where it is NaN: the instruction returns its last source then.
func (g *generator) relu(r, zero operand.Op) {
	if g.esz == 4 {
		g.VMAXPS(r, zero, r)
	} else {
		g.VMAXPD(r, zero, r)
	}
}

func (g *generator) clear(r reg.VecPhysical) {
	if g.machine.masks {
		g.VPXORQ(r, r, r)
	} else {
		g.VXORPS(r, r, r)
	}
}

// align aligns the code that follows.
func (g *generator) align(bytes int) {
	g.Instruction(&ir.Instruction{Opcode: "PCALIGN", Operands: []operand.Op{operand.Imm(uint64(bytes))}})
}

// leave returns from the function.
func (g *generator) leave() {
	g.VZEROUPPER()
	g.RET()
}

// maskTable lays down a vector of ones before a vector of zeros: a vector that starts n elements before the border
// is a mask of n lanes.
func (g *generator) maskTable() {
	g.table = g.StaticGlobal(g.name("masks"))
	g.DataAttributes(attr.RODATA | attr.NOPTR)
	for i := range 2 * g.machine.vector / 8 {
		if i < g.machine.vector/8 {
			g.AddDatum(8*i, operand.U64(1<<64-1))
		} else {
			g.AddDatum(8*i, operand.U64(0))
		}
	}
}

// laneMask sets mask to the first n lanes, n in [0, lanes]; n and scratch are overwritten.
func (g *generator) laneMask(n, scratch reg.GPPhysical, mask reg.VecPhysical) {
	g.LEAQ(g.table.Offset(g.machine.vector), scratch)
	g.NEGQ(n)
	g.VMOVDQU(operand.Mem{Base: scratch, Index: n, Scale: uint8(g.esz)}, mask)
}

// bitMask sets the mask register to the first CX lanes; scratch is overwritten.
func (g *generator) bitMask(scratch reg.GPPhysical, mask reg.OpmaskPhysical) {
	g.MOVQ(operand.U32(1), scratch)
	g.SHLQ(reg.CL, scratch)
	g.DECQ(scratch)
	g.KMOVW(scratch.As32(), mask)
}
