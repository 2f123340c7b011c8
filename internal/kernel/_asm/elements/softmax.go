package main

import (
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// softmax emits the three passes of softmax cross-entropy over a block of rows, which equal those of package softmax.
func (e *emit) softmax() {
	e = e.asWide()
	e.softmaxShift()
	low, high := e.expRange()
	doubles := *e
	e.text("exp", "func(x []float64)")
	x, n := base("x"), length("x")
	exp := e.newExponential(low, high)
	e.lockstep(n, e.count(), nil, func(t *emit, ats []at) {
		doubles.mask, doubles.single = t.mask, t.single
		d := doubles.asDoubles()
		y := exp.exp(t, each(len(ats), func(i int) Register { return d.load(ats[i](x, 8)) }))
		for i, at := range ats {
			d.store(y[i], at(x, 8))
		}
	})
	end()
	e.softmaxScale()
}

// softmaxShift emits x less the maximum of its row, and the sum of that at the labels. Vectors are stored whole: what
// they hold beyond a row is overwritten by the next.
func (e *emit) softmaxShift() {
	e.text("shift", "func(classes int, x []T, labels []int, shifted []float64) float64")
	x, target, rows, out := base("x"), base("labels"), length("labels"), base("shifted")
	classes := integer("classes")
	o := e.newOctets(classes)
	pad := e.number(math.Inf(-1))
	margin := XMM()
	VXORPD(margin, margin, margin)
	row, done := label("row"), label("end")
	Label(row)
	DECQ(rows)
	JL(LabelRef(done))
	m := e.vec()
	VMOVAPD(pad, m)
	o.run(func(j Register, last bool) {
		for v := range o.vectors() {
			VMAXPD(o.beyond(o.load(e, x, j, v, last), pad, v, last), m, m)
		}
	})
	top := e.vec()
	VBROADCASTSD(e.fold(m, func(x, y Op) { VMAXPD(x, y, y) }), top)
	o.run(func(j Register, last bool) {
		for v := range o.vectors() {
			d := e.sub(o.load(e, x, j, v, last), top)
			VMOVUPD(d, Mem{Base: out, Index: j, Scale: 8, Disp: v * e.lanes() * 8})
		}
	})
	l := GP64()
	MOVQ(Mem{Base: target}, l)
	VADDSD(Mem{Base: out, Index: l, Scale: 8}, margin, margin)
	advance(x, classes, e.size)
	advance(out, classes, 8)
	ADDQ(I8(8), target)
	JMP(LabelRef(row))
	Label(done)
	storeResult(margin)
	end()
}

// softmaxScale emits the sums of rows of exponentials, and unless d is nil the exponentials times scale/sum, less scale
// at the label.
func (e *emit) softmaxScale() {
	e.text("scale", "func(classes int, exp []float64, labels []int, d []T, sums []float64, scale float64)")
	x, target, rows, out, sums := base("exp"), base("labels"), length("labels"), base("d"), base("sums")
	classes := integer("classes")
	o := e.newOctets(classes)
	doubles := e.asDoubles()
	scale := XMM()
	VMOVSD(inMemory("scale"), scale)
	row, next, done := label("row"), label("next"), label("end")
	Label(row)
	DECQ(rows)
	JL(LabelRef(done))
	lanes := each(o.vectors(), func(int) Register { return e.zero() })
	o.run(func(j Register, last bool) {
		for v, s := range lanes {
			e.addTo(s, o.load(doubles, x, j, v, last))
		}
	})
	if len(lanes) == 2 {
		e.addTo(lanes[0], lanes[1])
	}
	sum := e.fold(lanes[0], func(x, y Op) { VADDPD(x, y, y) })
	VMOVSD(sum, Mem{Base: sums})
	TESTQ(out, out)
	JZ(LabelRef(next))
	e.softmaxGradient(x, out, classes, target, sum, scale)
	advance(out, classes, e.size)
	Label(next)
	advance(x, classes, 8)
	ADDQ(I8(8), target)
	ADDQ(I8(8), sums)
	JMP(LabelRef(row))
	Label(done)
	end()
}

// softmaxGradient writes one row of d.
func (e *emit) softmaxGradient(exp, d, classes, target, sum, scale Register) {
	f := XMM()
	VDIVSD(sum, scale, f)
	factor := e.vec()
	VBROADCASTSD(f, factor)
	doubles := *e.asDoubles()
	e.flat(classes, 1, func(t *emit, at at) {
		doubles.mask, doubles.single = t.mask, t.single
		t.store(t.mul(doubles.load(at(exp, 8)), factor), at(d, e.size))
	})
	l, p := GP64(), XMM()
	MOVQ(Mem{Base: target}, l)
	VMOVSD(Mem{Base: exp, Index: l, Scale: 8}, p)
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
