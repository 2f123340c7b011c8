package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// maskTable is one vector of ones and one of zeros, for AVX2: the mask of n lanes starts n lanes before the zeros.
var maskTable *Mem

// maskRegs returns registers for two masks, the last ones of the set.
func (t isa) maskRegs() (store, load Register) {
	if t.wide {
		return K1, K2
	}
	return Y15, Y14
}

// mask sets m to the first count lanes, at most one vector; count is RCX. It changes R9.
func (t isa) mask(count, m Register) {
	if t.wide {
		MOVL(U32(1), R9L)
		SHLL(CL, R9L)
		DECL(R9L)
		KMOVW(R9L, m)
		return
	}
	if maskTable == nil {
		g := GLOBL("mask", RODATA|NOPTR)
		for i := range 8 {
			DATA(8*i, U64([]uint64{1<<64 - 1, 0}[i/4]))
		}
		maskTable = &g
	}
	LEAQ(maskTable.Offset(32), R9)
	for range t.elem {
		SUBQ(count, R9)
	}
	VMOVUPS(Mem{Base: R9}, m)
}

func (t isa) loadMasked(m Mem, mask, r Register) {
	switch {
	case t.wide && t.elem == 4:
		VMOVUPS_Z(m, mask, r)
	case t.wide:
		VMOVUPD_Z(m, mask, r)
	case t.elem == 4:
		VMASKMOVPS(m, mask, r)
	default:
		VMASKMOVPD(m, mask, r)
	}
}

func (t isa) storeMasked(r, mask Register, m Mem) {
	switch {
	case t.wide && t.elem == 4:
		VMOVUPS(r, mask, m)
	case t.wide:
		VMOVUPD(r, mask, m)
	case t.elem == 4:
		VMASKMOVPS(r, mask, m)
	default:
		VMASKMOVPD(r, mask, m)
	}
}
