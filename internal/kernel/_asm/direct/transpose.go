package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// transpose emits dst[c][r] = row[r][c] for as many rows as a vector has lanes, each at its own byte offset from src,
// and cols columns. Only the first lanes elements of a line of dst are written; no element past cols is read. That is
// done for blocks blocks, srcBlock and dstBlock bytes apart.
func (t isa) transpose() {
	n := t.lanes()
	TEXT("transpose"+t.name, NOSPLIT,
		"func(blocks int, src *byte, srcBlock int, offsets *int, cols int, dst *byte, dstBlock, dstStep, lanes int)")
	Pragma("noescape")
	src0 := Load(Param("src"), R13)
	dst0 := Load(Param("dst"), R15)
	offsets := Load(Param("offsets"), RBX)
	step := Load(Param("dstStep"), RSI)
	blocks := Load(Param("blocks"), R14)
	storeMask, loadMask := t.maskRegs()
	t.mask(Load(Param("lanes"), RCX), storeMask)
	MOVQ(RCX, R8)

	src, dst, cols := RAX, RDX, RDI
	Label("block")
	MOVQ(src0, src)
	MOVQ(dst0, dst)
	Load(Param("cols"), cols)
	MOVQ(U32(n), RCX)
	t.mask(RCX, loadMask)
	Label("square")
	CMPQ(cols, U8(n))
	JGE(LabelRef("rows"))
	MOVQ(cols, RCX)
	t.mask(RCX, loadMask)
	Label("rows")
	for i := range n {
		r := []Register{R9, R10, R11, R12}[i%4]
		MOVQ(Mem{Base: offsets, Disp: 8 * i}, r)
		t.loadMasked(Mem{Base: src, Index: r, Scale: 1}, loadMask, t.regs[i])
	}
	out := t.shuffle()
	CMPQ(R8, U8(n))
	JNE(LabelRef("masked"))
	for _, masked := range []bool{false, true} {
		if masked {
			Label("masked")
		}
		for _, r := range out {
			if masked {
				t.storeMasked(r, storeMask, Mem{Base: dst})
			} else {
				t.mov(r, Mem{Base: dst})
			}
			ADDQ(step, dst)
			DECQ(cols)
			JZ(LabelRef("next"))
		}
		ADDQ(U8(t.bytes), src)
		JMP(LabelRef("square"))
	}
	Label("next")
	Load(Param("srcBlock"), R9)
	Load(Param("dstBlock"), R10)
	ADDQ(R9, src0)
	ADDQ(R10, dst0)
	DECQ(blocks)
	JNZ(LabelRef("block"))
	VZEROUPPER()
	RET()
}

// shuffle transposes the square of lanes in the first registers and returns the registers of its columns. First the
// parts of 128 bits are transposed in themselves, then among each other.
func (t isa) shuffle() []VecPhysical {
	n, inLane := t.lanes(), 16/t.elem
	parts := n / inLane
	s := &shuffler{free: t.regs[n]}
	out := make([]VecPhysical, n)
	cols := make([][]VecPhysical, parts)
	for p := range cols {
		r := t.regs[p*inLane : (p+1)*inLane]
		if inLane == 2 {
			r0, r1 := s.pair(unpackPD, r[0], r[1])
			cols[p] = []VecPhysical{r0, r1}
			continue
		}
		a0, a1 := s.pair(unpackPS, r[0], r[1])
		b0, b1 := s.pair(unpackPS, r[2], r[3])
		r0, r1 := s.pair(unpackPD, a0, b0)
		r2, r3 := s.pair(unpackPD, a1, b1)
		cols[p] = []VecPhysical{r0, r1, r2, r3}
	}
	for j := range inLane {
		if parts == 2 {
			out[j], out[inLane+j] = s.pair(halves, cols[0][j], cols[1][j])
			continue
		}
		a0, a1 := s.pair(quarters, cols[0][j], cols[1][j])
		b0, b1 := s.pair(quarters, cols[2][j], cols[3][j])
		out[j], out[2*inLane+j] = s.pair(quarters, a0, b0)
		out[inLane+j], out[3*inLane+j] = s.pair(quarters, a1, b1)
	}
	return out
}

// shuffler makes pairs of registers out of pairs with one register to spare.
type shuffler struct{ free VecPhysical }

// pair returns f's first and second half of x and y, which are used up.
func (s *shuffler) pair(f func(first bool, y, x, dst Op), x, y VecPhysical) (VecPhysical, VecPhysical) {
	first := s.free
	f(true, y, x, first)
	f(false, y, x, y)
	s.free = x
	return first, y
}

func unpackPS(first bool, y, x, dst Op) {
	if first {
		VUNPCKLPS(y, x, dst)
	} else {
		VUNPCKHPS(y, x, dst)
	}
}

func unpackPD(first bool, y, x, dst Op) {
	if first {
		VUNPCKLPD(y, x, dst)
	} else {
		VUNPCKHPD(y, x, dst)
	}
}

func halves(first bool, y, x, dst Op) {
	if first {
		VPERM2F128(U8(0x20), y, x, dst)
	} else {
		VPERM2F128(U8(0x31), y, x, dst)
	}
}

func quarters(first bool, y, x, dst Op) {
	if first {
		VSHUFF32X4(U8(0x88), y, x, dst)
	} else {
		VSHUFF32X4(U8(0xdd), y, x, dst)
	}
}
