package main

import (
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// padded is a row of logits cut into groups of eight: full groups, then one that is filled with −∞.
type padded struct {
	e          *emit
	x          Register   // first logit of the row
	full, left Register   // logits in full groups, and beyond
	masks      []Register // AVX-512: of the last group; AVX2: all-ones for each element, in two vectors
	pad        Register
}

// each runs body over the groups of the row; j is the first column, group what the group's vectors hold.
func (p *padded) each(body func(j Register, group []Register)) {
	j := GP64()
	XORQ(j, j)
	loop, last, done := label("loop"), label("last"), label("done")
	Label(loop)
	CMPQ(j, p.full)
	JGE(LabelRef(last))
	body(j, p.load(j, false))
	ADDQ(I8(8), j)
	JMP(LabelRef(loop))
	Label(last)
	TESTQ(p.left, p.left)
	JZ(LabelRef(done))
	body(j, p.load(j, true))
	Label(done)
}

// load reads the group at column j as float64s.
func (p *padded) load(j Register, last bool) []Register {
	e := p.e
	var group []Register
	for v := range 8 / e.lanes() {
		m := Mem{Base: p.x, Index: j, Scale: uint8(e.size), Disp: v * e.lanes() * e.size}
		switch {
		case !last:
			group = append(group, e.load(m))
		case e.avx512:
			d := ZMM()
			VMOVAPD(p.pad, d)
			if e.size == 4 {
				VCVTPS2PD(m, p.masks[0], d)
			} else {
				VMOVUPD(m, p.masks[0], d)
			}
			group = append(group, d)
		default:
			d := YMM()
			if e.size == 4 {
				narrow := XMM()
				VPSHUFD(U8(0x88), p.masks[v].(Vec).AsX(), narrow)
				high := XMM()
				VEXTRACTF128(U8(1), p.masks[v], high)
				VSHUFPS(U8(0x88), high, p.masks[v].(Vec).AsX(), narrow)
				f := XMM()
				VMASKMOVPS(m, narrow, f)
				VCVTPS2PD(f, d)
			} else {
				VMASKMOVPD(m, p.masks[v], d)
			}
			group = append(group, e.blend(p.masks[v], d, p.pad))
		}
	}
	return group
}

// newPadded prepares rows of classes logits.
func (e *emit) newPadded(x, classes Register) *padded {
	p := &padded{e: e, x: x, full: GP64(), left: GP64(), pad: e.number(math.Inf(-1))}
	MOVQ(classes, p.full)
	ANDQ(I8(-8), p.full)
	MOVQ(classes, p.left)
	ANDQ(I8(7), p.left)
	if e.avx512 {
		p.masks = []Register{tailMask(p.left)}
		return p
	}
	// The masks are a window of a table of eight words of ones and eight of zeros.
	table := GLOBL("pointwise_window"+e.suffix(), RODATA|NOPTR)
	for i := range 16 {
		x := uint64(math.MaxUint64)
		if i >= 8 {
			x = 0
		}
		DATA(8*i, U64(x))
	}
	at := GP64()
	LEAQ(table, at)
	back := GP64()
	MOVQ(p.left, back)
	NEGQ(back)
	for v := range 2 {
		m := YMM()
		VMOVUPD(Mem{Base: at, Index: back, Scale: 8, Disp: 64 + 32*v}, m)
		p.masks = append(p.masks, m)
	}
	return p
}

// softmax emits softmax cross-entropy over a block of rows; see softmaxRows in package kernel, which it equals.
func (e *emit) softmax() {
	e = e.asWide()
	e.text("softmaxRows", "func(classes int, x []T, labels []int, d []T, scratch, sums []float64, scale float64) float64")
	x, target, sum, rows := base("x"), base("labels"), base("sums"), length("labels")
	d, scratch := base("d"), base("scratch")
	classes := Load(Param("classes"), GP64())
	low, high := -746.0, 710.0
	if e.size == 4 {
		low, high = -110, 90
	}
	exp := e.newExponential(low, high)
	p := e.newPadded(x, classes)
	margin := XMM()
	VXORPD(margin, margin, margin)
	row, noGradient, done := label("row"), label("plain"), label("end")
	Label(row)
	DECQ(rows)
	JL(LabelRef(done))
	top := e.top(p)
	s := e.expSum(p, exp, top, scratch)
	VMOVSD(s, Mem{Base: sum})
	l := GP64()
	MOVQ(Mem{Base: target}, l)
	one := e.tail(nil)
	one.avx512, one.single = false, true
	m := one.sub(one.load(Mem{Base: x, Index: l, Scale: uint8(e.size)}), top)
	VADDSD(m, margin, margin)
	TESTQ(d, d)
	JZ(LabelRef(noGradient))
	e.gradient(scratch, d, classes, l, s)
	LEAQ(Mem{Base: d, Index: classes, Scale: uint8(e.size)}, d)
	Label(noGradient)
	LEAQ(Mem{Base: x, Index: classes, Scale: uint8(e.size)}, x)
	ADDQ(I8(8), target)
	ADDQ(I8(8), sum)
	JMP(LabelRef(row))
	Label(done)
	storeResult(margin)
	end()
}

// top is the maximum of a row in each element.
func (e *emit) top(p *padded) Register {
	m := e.vec()
	VMOVAPD(p.pad, m)
	p.each(func(_ Register, group []Register) {
		for _, g := range group {
			VMAXPD(g, m, m)
		}
	})
	r := e.fold(m, func(x, y Op) { VMAXPD(x, y, y) })
	top := e.vec()
	VBROADCASTSD(r, top)
	return top
}

// expSum writes e^(x − top) to scratch and returns the sum.
func (e *emit) expSum(p *padded, exp *exponential, top, scratch Register) Register {
	var sums []Register
	for range 8 / e.lanes() {
		sums = append(sums, e.zero())
	}
	p.each(func(j Register, group []Register) {
		for v, g := range group {
			y := exp.exp(e, e.sub(g, top))
			VMOVUPD(y, Mem{Base: scratch, Index: j, Scale: 8, Disp: v * e.lanes() * 8})
			e.addTo(sums[v], y)
		}
	})
	if len(sums) == 2 {
		e.addTo(sums[0], sums[1])
	}
	return e.fold(sums[0], func(x, y Op) { VADDPD(x, y, y) })
}

// gradient writes a row of d: the exponentials in scratch times scale/sum, at column l less scale.
func (e *emit) gradient(scratch, d, classes, l, sum Register) {
	scale, f := XMM(), XMM()
	VMOVSD(inMemory("scale"), scale)
	VDIVSD(sum, scale, f)
	factor := e.vec()
	VBROADCASTSD(f, factor)
	from := e.asDoubles()
	e.flat(classes, 1, func(t *emit, at at) {
		from.mask, from.single = t.mask, t.single
		t.store(t.mul(from.load(at(scratch, 8)), factor), at(d, e.size))
	})
	p := XMM()
	VMOVSD(Mem{Base: scratch, Index: l, Scale: 8}, p)
	VMULSD(f, p, p)
	VSUBSD(scale, p, p)
	at := Mem{Base: d, Index: l, Scale: uint8(e.size)}
	if e.size == 4 {
		VCVTSD2SS(p, p, p)
		VMOVSS(p, at)
	} else {
		VMOVSD(p, at)
	}
}
