package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/ir"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

func (t isa) zero(r Op) {
	if t.wide {
		VPXORQ(r, r, r)
	} else {
		VXORPS(r, r, r)
	}
}

// constants holds the vectors of equal numbers laid down so far.
var constants = map[float32]Mem{}

// constant is the memory that holds c, eight times.
func constant(c float32) Mem {
	m, ok := constants[c]
	if !ok {
		m = GLOBL(fmt.Sprintf("constant%d", len(constants)), RODATA|NOPTR)
		for i := range 8 {
			DATA(4*i, F32(c))
		}
		constants[c] = m
	}
	return m
}

// addTimes emits dst += c x.
func (t isa) addTimes(c float32, x, dst Op) {
	if t.wide {
		VFMADD231PS_BCST(constant(c), x, dst)
	} else {
		VFMADD231PS(constant(c), x, dst)
	}
}

// times emits dst = c x.
func (t isa) times(c float32, x, dst Op) {
	if t.wide {
		VMULPS_BCST(constant(c), x, dst)
	} else {
		VMULPS(constant(c), x, dst)
	}
}

// maskTable is one vector of ones and one of zeros, for AVX2: the mask of n lanes starts n lanes before the zeros.
var maskTable *Mem

// mask sets the mask of the set, K1 or Y15, to the first RCX lanes. It changes RCX and R9.
func (t isa) mask() Register {
	if t.wide {
		MOVL(U32(1), R9L)
		SHLL(CL, R9L)
		DECL(R9L)
		KMOVW(R9L, K1)
		return K1
	}
	if maskTable == nil {
		g := GLOBL("mask", RODATA|NOPTR)
		for i := range 8 {
			DATA(8*i, U64([]uint64{1<<64 - 1, 0}[i/4]))
		}
		maskTable = &g
	}
	LEAQ(maskTable.Offset(32), R9)
	NEGQ(RCX)
	VMOVUPS(Mem{Base: R9, Index: RCX, Scale: 4}, Y15)
	return Y15
}

// load reads a vector; with a mask, its lanes alone.
func (t isa) load(m Mem, mask, r Register) {
	switch {
	case mask == nil:
		VMOVUPS(m, r)
	case t.wide:
		VMOVUPS_Z(m, mask, r)
	default:
		VMASKMOVPS(m, mask, r)
	}
}

// store writes a vector; with a mask, its lanes alone.
func (t isa) store(r, mask Register, m Mem) {
	switch {
	case mask == nil:
		VMOVUPS(r, m)
	case t.wide:
		VMOVUPS(r, mask, m)
	default:
		VMASKMOVPS(r, mask, m)
	}
}

// fullOrCut emits body for whole vectors, or, where the lanes in count are fewer, for as many. It changes RCX and R9.
func (t isa) fullOrCut(count Mem, name string, body func(suffix string, mask Register)) {
	MOVQ(count, RCX)
	CMPQ(RCX, U8(t.lanes()))
	JNE(LabelRef(name + "Cut"))
	body(name+"Full", nil)
	JMP(LabelRef(name + "Done"))
	Label(name + "Cut")
	body(name+"Part", t.mask())
	Label(name + "Done")
}

// param is the memory of a parameter.
func param(name string) Mem {
	b, err := Param(name).Resolve()
	if err != nil {
		panic(err)
	}
	return b.Addr
}

// align starts the next instruction at a multiple of n bytes.
func align(n uint8) {
	Instruction(&ir.Instruction{Opcode: "PCALIGN", Operands: []Op{U8(n)}})
}
