package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// rowwise runs body over each of rows rows of cols elements; the arrays in moving advance by a row, other operands are
// one row that serves all.
func (e *emit) rowwise(rows, cols Register, moving []Register, body func(e *emit, at at)) {
	var mask Register
	if e.avx512 {
		mask = e.restMask(cols)
	}
	loop, done := label("row"), label("end")
	Label(loop)
	DECQ(rows)
	JL(LabelRef(done))
	e.row(cols, 2, mask, body)
	for _, p := range moving {
		LEAQ(Mem{Base: p, Index: cols, Scale: uint8(e.size)}, p)
	}
	JMP(LabelRef(loop))
	Label(done)
}

// matrices emits what works on rows with one operand for each column.
func (e *emit) matrices() {
	e.normApply("apply", false)
	e.normApply("applyRelu", true)
	e.normGradApply("gradApply", false)
	e.normGradApply("gradApplyRelu", true)
}

// normApply emits y = scale x + shift, with relu the maximum of that and 0.
func (e *emit) normApply(name string, relu bool) {
	e.text(name, "func(rows, cols int, x, scale, shift, y []T)")
	rows, cols := Load(Param("rows"), GP64()), Load(Param("cols"), GP64())
	x, scale, shift, y := base("x"), base("scale"), base("shift"), base("y")
	zero := e.zero()
	e.rowwise(rows, cols, []Register{x, y}, func(e *emit, at at) {
		v := e.add(e.mul(e.load(at(x, e.size)), e.load(at(scale, e.size))), e.load(at(shift, e.size)))
		if relu {
			v = e.max(zero, v)
		}
		e.store(v, at(y, e.size))
	})
	end()
}

// normGradApply emits dx = a dy + b (x − mean) + c, with relu for dy where scale x + shift > 0, else 0.
func (e *emit) normGradApply(name string, relu bool) {
	e.text(name, "func(rows, cols int, x, dy, scale, shift, mean, a, b, c, dx []T)")
	rows, cols := Load(Param("rows"), GP64()), Load(Param("cols"), GP64())
	x, dy, mean, a, b, c, dx := base("x"), base("dy"), base("mean"), base("a"), base("b"), base("c"), base("dx")
	var scale, shift, zero Register
	if relu {
		scale, shift, zero = base("scale"), base("shift"), e.zero()
	}
	e.rowwise(rows, cols, []Register{x, dy, dx}, func(e *emit, at at) {
		get := func(p Register) Register { return e.load(at(p, e.size)) }
		v, d := get(x), get(dy)
		if relu {
			d = e.keep(e.cmp(greater, e.add(e.mul(v, get(scale)), get(shift)), zero), d)
		}
		d = e.add(e.mul(get(a), d), e.mul(get(b), e.sub(v, get(mean))))
		e.store(e.add(d, get(c)), at(dx, e.size))
	})
	end()
}
