package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// rowwise runs body over each of rows rows of cols elements; the arrays in moving advance by a row, other operands are one
// row that serves all.
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
	e.text("addBias", "func(rows, cols int, x, bias, y []T)")
	rows, cols := Load(Param("rows"), GP64()), Load(Param("cols"), GP64())
	x, bias, y := base("x"), base("bias"), base("y")
	e.rowwise(rows, cols, []Register{x, y}, func(e *emit, at at) {
		e.store(e.add(e.load(at(x, e.size)), e.load(at(bias, e.size))), at(y, e.size))
	})
	end()
	e.normApply("normApply", false)
	e.normApply("normApplyRelu", true)
	e.normGradApply("normGradApply", false)
	e.normGradApply("normGradApplyRelu", true)
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

// strip is a column strip: its emitter for each vector, and where each vector of it begins in an array.
type strip struct {
	vectors []*emit
	at      func(v int, base Register, size int) Mem
}

// strips cuts cols columns into strips of up to count vectors, of which it emits the code of a strip with body.
func (e *emit) strips(cols Register, count int, body func(s *strip)) {
	j, left := GP64(), GP64()
	XORQ(j, j)
	MOVQ(cols, left)
	run := func(n int, each *emit, step int) {
		loop, done := label("strip"), label("next")
		Label(loop)
		CMPQ(left, I32(step))
		JL(LabelRef(done))
		s := &strip{at: func(v int, base Register, size int) Mem {
			return Mem{Base: base, Index: j, Scale: uint8(size), Disp: v * e.lanes() * size}
		}}
		for range n {
			s.vectors = append(s.vectors, each)
		}
		body(s)
		ADDQ(I32(step), j)
		SUBQ(I32(step), left)
		JMP(LabelRef(loop))
		Label(done)
	}
	run(count, e, count*e.lanes())
	if !e.avx512 {
		run(1, e, e.lanes())
		run(1, e.tail(nil), 1)
		return
	}
	done := label("done")
	TESTQ(left, left)
	JZ(LabelRef(done))
	s := &strip{at: func(v int, base Register, size int) Mem {
		return Mem{Base: base, Index: j, Scale: uint8(size), Disp: v * e.lanes() * size}
	}}
	bits := GP64()
	MOVQ(I32(-1), bits)
	BZHIQ(left, bits, bits)
	for range count {
		k := K()
		KMOVB(bits.As32(), k)
		SHRQ(U8(8), bits)
		s.vectors = append(s.vectors, e.tail(k))
	}
	body(s)
	Label(done)
}

// down runs body for each row of a strip; moving points to the start of the first row and comes back as it was.
func (s *strip) down(rows, stride Register, moving []Register, body func(row []Register)) {
	r := GP64()
	MOVQ(rows, r)
	var at []Register
	for _, m := range moving {
		p := GP64()
		MOVQ(m, p)
		at = append(at, p)
	}
	loop := label("down")
	Label(loop)
	body(at)
	for _, p := range at {
		ADDQ(stride, p)
	}
	DECQ(r)
	JNZ(LabelRef(loop))
}

// sums loads the vectors of a strip from an array of float64.
func (s *strip) sums(base Register) []Register {
	var r []Register
	for v, e := range s.vectors {
		d := e.asDoubles()
		r = append(r, d.load(s.at(v, base, 8)))
	}
	return r
}

// put stores what sums loaded.
func (s *strip) put(sums []Register, base Register) {
	for v, e := range s.vectors {
		e.asDoubles().store(sums[v], s.at(v, base, 8))
	}
}

// columns emits sums over rows ≥ 1 rows, in float64, added to what the arrays of sums hold.
func (e *emit) columns() {
	e = e.asWide()
	open := func(name, signature string) (rows, cols, stride Register) {
		e.text(name, signature)
		rows, cols, stride = Load(Param("rows"), GP64()), Load(Param("cols"), GP64()), Load(Param("stride"), GP64())
		SHLQ(U8(e.size/4+1), stride)
		return rows, cols, stride
	}
	rows, cols, stride := open("colSum", "func(rows, cols, stride int, x []T, sum []float64)")
	x, sum := base("x"), base("sum")
	e.strips(cols, 4, func(s *strip) {
		a := s.sums(sum)
		s.down(rows, stride, []Register{x}, func(row []Register) {
			for v, e := range s.vectors {
				e.addTo(a[v], e.load(s.at(v, row[0], e.size)))
			}
		})
		s.put(a, sum)
	})
	end()

	rows, cols, stride = open("normSums", "func(rows, cols, stride int, x []T, shift, sum, square []float64)")
	x, sum = base("x"), base("sum")
	shift, square := base("shift"), base("square")
	e.strips(cols, 4, func(s *strip) {
		c, a, b := s.sums(shift), s.sums(sum), s.sums(square)
		s.down(rows, stride, []Register{x}, func(row []Register) {
			for v, e := range s.vectors {
				d := e.sub(e.load(s.at(v, row[0], e.size)), c[v])
				e.addTo(a[v], d)
				e.addTo(b[v], e.mul(d, d))
			}
		})
		s.put(a, sum)
		s.put(b, square)
	})
	end()
	e.normGradSums("normGradSums", false)
	e.normGradSums("normGradSumsRelu", true)
}

// normGradSums emits sum += Σ dy and product += Σ dy (x − mean), with relu for dy where scale x + shift > 0, else 0.
func (e *emit) normGradSums(name string, relu bool) {
	e.text(name, "func(rows, cols, stride int, x, dy, scale, shift []T, mean, sum, product []float64)")
	rows, cols, stride := Load(Param("rows"), GP64()), Load(Param("cols"), GP64()), Load(Param("stride"), GP64())
	SHLQ(U8(e.size/4+1), stride)
	x, dy, mean, sum, product := base("x"), base("dy"), base("mean"), base("sum"), base("product")
	count := 4
	var scale, shift, zero Register
	if relu {
		scale, shift, zero = base("scale"), base("shift"), e.zero()
		if !e.avx512 {
			count = 2
		}
	}
	e.strips(cols, count, func(s *strip) {
		m, a, b := s.sums(mean), s.sums(sum), s.sums(product)
		var c, t []Register
		for v, e := range s.vectors {
			if relu {
				c = append(c, e.asNarrow().load(s.at(v, scale, e.size)))
				t = append(t, e.asNarrow().load(s.at(v, shift, e.size)))
			}
		}
		s.down(rows, stride, []Register{x, dy}, func(row []Register) {
			for v, e := range s.vectors {
				if !relu {
					d := e.load(s.at(v, row[1], e.size))
					e.addTo(a[v], d)
					e.addTo(b[v], e.mul(d, e.sub(e.load(s.at(v, row[0], e.size)), m[v])))
					continue
				}
				n := e.asNarrow()
				u, d := n.load(s.at(v, row[0], e.size)), n.load(s.at(v, row[1], e.size))
				d = n.keep(n.cmp(greater, n.add(n.mul(u, c[v]), t[v]), zero), d)
				wide := e.widen(d)
				e.addTo(a[v], wide)
				e.addTo(b[v], e.mul(wide, e.sub(e.widen(u), m[v])))
			}
		})
		s.put(a, sum)
		s.put(b, product)
	})
	end()
}
