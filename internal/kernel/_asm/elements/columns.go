package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// columns emits sums over the columns of rows × cols elements, in float64, added to what the arrays of sums hold. The
// rows are stride elements apart.
func (e *emit) columns() {
	e = e.asWide()
	e.colSum()
	e.normSums()
	e.normGradSums("gradSums", false)
	e.normGradSums("gradSumsRelu", true)
}

// descent is a walk down the rows of matrices, 4 or 2 rows at a time and then the rest one by one.
type descent struct {
	rows, cols, stride Register
	matrices           [][]Register // where the rows of each begin
}

// newDescent reads the parameters rows, cols and stride and prepares to take count rows of each matrix at a time.
func (e *emit) newDescent(count int, names ...string) *descent {
	d := &descent{rows: integer("rows"), cols: integer("cols"), stride: integer("stride")}
	SHLQ(U8(e.size/4+1), d.stride) // in bytes
	for _, name := range names {
		m := []Register{base(name)}
		for len(m) < count {
			p := GP64()
			LEAQ(Mem{Base: m[len(m)-1], Index: d.stride, Scale: 1}, p)
			m = append(m, p)
		}
		d.matrices = append(d.matrices, m)
	}
	return d
}

// run emits body for each vector of columns; rows holds where the rows at hand begin, of each matrix.
func (d *descent) run(e *emit, body func(e *emit, at at, rows [][]Register)) {
	var mask Register
	if e.avx512 {
		mask = e.restMask(d.cols)
	}
	for count := len(d.matrices[0]); ; count = 1 {
		loop, next := label("rows"), label("next")
		Label(loop)
		CMPQ(d.rows, I8(count))
		JL(LabelRef(next))
		var rows [][]Register
		for _, m := range d.matrices {
			rows = append(rows, m[:count])
		}
		e.row(d.cols, 1, mask, func(e *emit, at at) { body(e, at, rows) })
		for _, m := range rows {
			for _, p := range m {
				LEAQ(Mem{Base: p, Index: d.stride, Scale: uint8(count)}, p)
			}
		}
		SUBQ(I8(count), d.rows)
		JMP(LabelRef(loop))
		Label(next)
		if count == 1 {
			return
		}
	}
}

func (e *emit) colSum() {
	e.text("colSum", "func(rows, cols, stride int, x []T, sum []float64)")
	d := e.newDescent(4, "x")
	sum := base("sum")
	d.run(e, func(e *emit, at at, rows [][]Register) {
		doubles := e.asDoubles()
		a := doubles.load(at(sum, 8))
		for _, x := range rows[0] {
			e.addTo(a, e.load(at(x, e.size)))
		}
		doubles.store(a, at(sum, 8))
	})
	end()
}

// normSums emits sum += Σ (x − shift) and square += Σ (x − shift)².
func (e *emit) normSums() {
	e.text("sums", "func(rows, cols, stride int, x []T, shift, sum, square []float64)")
	d := e.newDescent(4, "x")
	shift, sum, square := base("shift"), base("sum"), base("square")
	d.run(e, func(e *emit, at at, rows [][]Register) {
		doubles := e.asDoubles()
		c, a, b := doubles.load(at(shift, 8)), doubles.load(at(sum, 8)), doubles.load(at(square, 8))
		for _, x := range rows[0] {
			v := e.sub(e.load(at(x, e.size)), c)
			e.addTo(a, v)
			e.addTo(b, e.mul(v, v))
		}
		doubles.store(a, at(sum, 8))
		doubles.store(b, at(square, 8))
	})
	end()
}

// normGradSums emits sum += Σ dy and product += Σ dy (x − mean), with relu for dy where scale x + shift > 0, else 0.
func (e *emit) normGradSums(name string, relu bool) {
	e.text(name, "func(rows, cols, stride int, x, dy, scale, shift []T, mean, sum, product []float64)")
	d := e.newDescent(2, "x", "dy")
	mean, sum, product := base("mean"), base("sum"), base("product")
	var scale, shift, zero Register
	if relu {
		scale, shift, zero = base("scale"), base("shift"), e.zero()
	}
	d.run(e, func(e *emit, at at, rows [][]Register) {
		doubles, n := e.asDoubles(), e.asNarrow()
		c, a, b := doubles.load(at(mean, 8)), doubles.load(at(sum, 8)), doubles.load(at(product, 8))
		for r, p := range rows[0] {
			var u, v Op
			if relu {
				x, dy := n.load(at(p, e.size)), n.load(at(rows[1][r], e.size))
				y := n.add(n.mul(x, n.load(at(scale, e.size))), n.load(at(shift, e.size)))
				u, v = e.widen(x), e.widen(n.keep(n.cmp(greater, y, zero), dy))
			} else {
				u, v = e.load(at(p, e.size)), e.load(at(rows[1][r], e.size))
			}
			e.addTo(a, v)
			e.addTo(b, e.mul(v, e.sub(u, c)))
		}
		doubles.store(a, at(sum, 8))
		doubles.store(b, at(product, 8))
	})
	end()
}
