package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// Predicates of comparisons: true also where a number is missing, and true where both numbers are there.
const (
	notLessOrEqual = 0x16
	ordered        = 0x07
)

// poolMax emits, for n vectors side by side, the maximum over cells vectors at the given offsets, and the number of the
// first cell that has it, as integers of the elements' size. The first NaN wins.
func (t isa) poolMax() {
	TEXT("poolMax"+t.name, NOSPLIT, "func(n int, src *byte, offsets *int, cells int, dst, cell *byte)")
	Pragma("noescape")
	n := Load(Param("n"), RCX)
	src := Load(Param("src"), RAX)
	offsets := Load(Param("offsets"), RBX)
	cells := Load(Param("cells"), RSI)
	dst := Load(Param("dst"), RDX)
	cell := Load(Param("cell"), RDI)
	best, at, v, number, one := t.regs[0], t.regs[1], t.regs[2], t.regs[3], t.regs[4]
	better, known := t.regs[5], t.regs[6]
	t.ones(one)
	Label("vector")
	MOVQ(Mem{Base: offsets}, R8)
	t.mov(Mem{Base: src, Index: R8, Scale: 1}, best)
	t.zero(at)
	t.zero(number)
	MOVQ(U32(1), R9)
	Label("cell")
	CMPQ(R9, cells)
	JGE(LabelRef("done"))
	MOVQ(Mem{Base: offsets, Index: R9, Scale: 8}, R8)
	t.mov(Mem{Base: src, Index: R8, Scale: 1}, v)
	t.add(one, number, number)
	if t.wide {
		t.compare(ordered, best, best, K1)
		if t.elem == 4 {
			VCMPPS(U8(notLessOrEqual), best, v, K1, K1)
			VMOVAPS(v, K1, best)
			VMOVDQA32(number, K1, at)
		} else {
			VCMPPD(U8(notLessOrEqual), best, v, K1, K1)
			VMOVAPD(v, K1, best)
			VMOVDQA64(number, K1, at)
		}
	} else {
		t.compare(ordered, best, best, known)
		t.compare(notLessOrEqual, best, v, better)
		VANDPS(known, better, better)
		if t.elem == 4 {
			VBLENDVPS(better, v, best, best)
			VBLENDVPS(better, number, at, at)
		} else {
			VBLENDVPD(better, v, best, best)
			VBLENDVPD(better, number, at, at)
		}
	}
	INCQ(R9)
	JMP(LabelRef("cell"))
	Label("done")
	t.mov(best, Mem{Base: dst})
	t.mov(at, Mem{Base: cell})
	ADDQ(U8(t.bytes), src)
	ADDQ(U8(t.bytes), dst)
	ADDQ(U8(t.bytes), cell)
	DECQ(n)
	JNZ(LabelRef("vector"))
	VZEROUPPER()
	RET()
}

// joinCells emits the packing of integers into 16 bits each: of every line of nv vectors that elem/2 lines of src give,
// one to each part of an element. It may work in place.
func (t isa) joinCells() {
	TEXT("joinCells"+t.name, NOSPLIT, "func(lines, nv int, src, dst *byte)")
	Pragma("noescape")
	lines := Load(Param("lines"), RCX)
	nv := Load(Param("nv"), RBX)
	src := Load(Param("src"), RAX)
	dst := Load(Param("dst"), RDX)
	line := RSI
	IMUL3Q(U32(t.bytes), nv, line)
	parts := t.elem / 2
	Label("line")
	MOVQ(nv, RDI)
	Label("vector")
	MOVQ(src, R8)
	t.mov(Mem{Base: R8}, t.regs[0])
	for i := 1; i < parts; i++ {
		ADDQ(line, R8)
		t.mov(Mem{Base: R8}, t.regs[1])
		t.shiftLeft(uint8(16*i), t.regs[1])
		t.or(t.regs[1], t.regs[0])
	}
	t.mov(t.regs[0], Mem{Base: dst})
	ADDQ(U8(t.bytes), src)
	ADDQ(U8(t.bytes), dst)
	DECQ(RDI)
	JNZ(LabelRef("vector"))
	for range parts - 1 {
		ADDQ(line, src)
	}
	DECQ(lines)
	JNZ(LabelRef("line"))
	VZEROUPPER()
	RET()
}

// ones sets each element of r to the integer 1: all bits, shifted.
func (t isa) ones(r VecPhysical) {
	switch {
	case t.wide && t.elem == 4:
		VPTERNLOGD(U8(0xff), r, r, r)
		VPSRLD(U8(31), r, r)
	case t.wide:
		VPTERNLOGQ(U8(0xff), r, r, r)
		VPSRLQ(U8(63), r, r)
	case t.elem == 4:
		VPCMPEQD(r, r, r)
		VPSRLD(U8(31), r, r)
	default:
		VPCMPEQQ(r, r, r)
		VPSRLQ(U8(63), r, r)
	}
}

func (t isa) add(a, b, c Op) {
	if t.elem == 4 {
		VPADDD(a, b, c)
	} else {
		VPADDQ(a, b, c)
	}
}

func (t isa) compare(predicate uint8, a, b, mask Op) {
	if t.elem == 4 {
		VCMPPS(U8(predicate), a, b, mask)
	} else {
		VCMPPD(U8(predicate), a, b, mask)
	}
}

func (t isa) shiftLeft(n uint8, r Op) {
	if t.elem == 4 {
		VPSLLD(U8(n), r, r)
	} else {
		VPSLLQ(U8(n), r, r)
	}
}

func (t isa) or(a, b Op) {
	if t.wide {
		VPORQ(a, b, b)
	} else {
		VPOR(a, b, b)
	}
}
