package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// integer loads an integer parameter.
func integer(name string) Register { return Load(Param(name), GP64()) }

// inMemory is a scalar parameter as an operand in memory.
func inMemory(name string) Op {
	c, err := Param(name).Resolve()
	if err != nil {
		panic(err)
	}
	return c.Addr
}

// advance moves p by n elements of size bytes.
func advance(p, n Register, size int) { LEAQ(Mem{Base: p, Index: n, Scale: uint8(size)}, p) }

// windows is a loop over windows that lie side by side. An image moves by step elements from window to window; results
// move by one element for each channel, cells beside them likewise.
type windows struct {
	count, channels, image, results, cells Register
}

// run emits body for each vector of channels of each window.
func (w *windows) run(e *emit, before func(), body func(e *emit, at at)) {
	var mask Register
	if e.avx512 {
		mask = e.restMask(w.channels)
	}
	loop, done := label("window"), label("end")
	Label(loop)
	DECQ(w.count)
	JL(LabelRef(done))
	if before != nil {
		before()
	}
	e.row(w.channels, 1, mask, body)
	step := GP64()
	MOVQ(inMemory("step"), step)
	advance(w.image, step, e.size)
	advance(w.results, w.channels, e.size)
	if w.cells != nil {
		advance(w.cells, w.channels, 2)
	}
	JMP(LabelRef(loop))
	Label(done)
}

// walk is a walk over the kh × kw cells of a window, col and row elements apart. With numbers it also counts the cells:
// from first, width from row to row.
type walk struct {
	kh, kw            Op
	col, row          Register
	first, width, one Register
}

func (e *emit) newWalk(numbers bool) *walk {
	w := &walk{kh: inMemory("kh"), kw: inMemory("kw"), col: integer("col"), row: integer("row")}
	if numbers {
		one := GP64()
		MOVQ(I32(1), one)
		w.first, w.width, w.one = e.spread(integer("first")), e.spread(integer("width")), e.spread(one)
	}
	return w
}

// run emits body for each cell of the window that begins at start.
func (w *walk) run(e *emit, start Mem, body func(cell Mem, number Register)) {
	p, line, i, j := GP64(), GP64(), GP64(), GP64()
	var number, lineNumber Register
	LEAQ(start, line)
	MOVQ(w.kh, i)
	if w.first != nil {
		number, lineNumber = e.vec(), e.vec()
		e.move(w.first, lineNumber)
	}
	rows, cols := label("rows"), label("cols")
	Label(rows)
	MOVQ(line, p)
	MOVQ(w.kw, j)
	if w.first != nil {
		e.move(lineNumber, number)
	}
	Label(cols)
	body(Mem{Base: p}, number)
	if w.first != nil {
		e.addCells(number, w.one)
	}
	advance(p, w.col, e.size)
	DECQ(j)
	JNZ(LabelRef(cols))
	advance(line, w.row, e.size)
	if w.first != nil {
		e.addCells(lineNumber, w.width)
	}
	DECQ(i)
	JNZ(LabelRef(rows))
}

// pools emits max and average pooling, forward and backward.
func (e *emit) pools() {
	e.maxPool()
	e.maxPoolGrad("maxPoolGrad", true)
	e.maxPoolGrad("maxPoolGradApart", false)
	e.poolPick()
	e.poolPick2()
	e.maxPool2()
	e.maxPoolGrad2()
	e.avgPool()
	e.avgPoolGrad("avgPoolGrad", true)
	e.avgPoolGrad("avgPoolGradApart", false)
}

func (e *emit) avgPool() {
	e.text("avgPool", "func(count, channels, kh, kw, step, col, row int, scale T, x, y []T)")
	w := &windows{count: integer("count"), channels: integer("channels"), image: base("x"), results: base("y")}
	cells, scale := e.newWalk(false), e.param("scale")
	w.run(e, nil, func(e *emit, at at) {
		sum := e.vec()
		e.do(opXor, sum, sum, sum)
		cells.run(e, at(w.image, e.size), func(cell Mem, _ Register) { e.addTo(sum, e.load(cell)) })
		e.store(e.mul(sum, scale), at(w.results, e.size))
	})
	end()
}

// avgPoolGrad emits dx += dy · scale in each cell, or with add false dx = dy · scale.
func (e *emit) avgPoolGrad(name string, add bool) {
	e.text(name, "func(count, channels, kh, kw, step, col, row int, scale T, dy, dx []T)")
	w := &windows{count: integer("count"), channels: integer("channels"), image: base("dx"), results: base("dy")}
	cells, scale := e.newWalk(false), e.param("scale")
	w.run(e, nil, func(e *emit, at at) {
		d := e.mul(e.load(at(w.results, e.size)), scale)
		cells.run(e, at(w.image, e.size), func(cell Mem, _ Register) {
			if add {
				e.store(e.add(e.load(cell), d), cell)
			} else {
				e.store(d, cell)
			}
		})
	})
	end()
}
