package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// race is the search for the greatest value: best so far and its cell, and whether no NaN was met. Only the comparison
// with best is on the path from one cell to the next.
type race struct{ best, place, clean Register }

// newRace starts with the value of a window's first cell, in registers of its own.
func (e *emit) newRace(v, place Register) *race {
	r := &race{best: e.vec(), place: e.vec()}
	e.move(v, r.best)
	e.move(place, r.place)
	r.clean = e.cmp(ordered, v, v)
	return r
}

// take lets v of cell number take over where it is greater, or the first NaN.
func (r *race) take(e *emit, v, number Register) {
	k := e.both(r.clean, notLessEq, v, r.best)
	e.move(e.blend(k, v, r.best), r.best)
	e.move(e.blendCells(k, number, r.place), r.place)
	if e.avx512 {
		e.do(opCmp, U8(ordered), v, v, r.clean, r.clean)
		return
	}
	clean := e.cmp(ordered, v, v)
	e.do(opAnd, clean, r.clean, r.clean)
}

func (e *emit) maxPool() {
	e.text("maxPool", "func(count, channels, kh, kw, step, col, row, first, width int, x, y []T, arg []uint16)")
	w := &windows{count: integer("count"), channels: integer("channels"), image: base("x"), results: base("y"), cells: base("arg")}
	cells := e.newWalk(true)
	w.run(e, nil, func(e *emit, at at) {
		r := e.newRace(e.load(at(w.image, e.size)), cells.first)
		cells.run(e, at(w.image, e.size), func(cell Mem, number Register) { r.take(e, e.load(cell), number) })
		e.store(r.best, at(w.results, e.size))
		e.storeCells(r.place, at(w.cells, 2))
	})
	end()
}

// maxPoolGrad emits dx += dy at the cell that arg names, or with add false dx = dy there and 0 at the others.
func (e *emit) maxPoolGrad(name string, add bool) {
	e.text(name, "func(count, channels, kh, kw, step, col, row, first, width int, dy []T, arg []uint16, dx []T)")
	w := &windows{count: integer("count"), channels: integer("channels"), image: base("dx"), results: base("dy"), cells: base("arg")}
	cells := e.newWalk(true)
	w.run(e, nil, func(e *emit, at at) {
		d, place := e.load(at(w.results, e.size)), e.loadCells(at(w.cells, 2))
		cells.run(e, at(w.image, e.size), func(cell Mem, number Register) {
			v := e.keep(e.sameCell(number, place), d)
			if add {
				v = e.add(e.load(cell), v)
			}
			e.store(v, cell)
		})
	})
	end()
}

// poolPick emits z = x at the cell that arg names.
func (e *emit) poolPick() {
	e.text("poolPick", "func(count, channels, kh, kw, step, col, row, first, width int, x []T, arg []uint16, z []T)")
	w := &windows{count: integer("count"), channels: integer("channels"), image: base("x"), results: base("z"), cells: base("arg")}
	cells := e.newWalk(true)
	w.run(e, nil, func(e *emit, at at) {
		picked, place := e.vec(), e.loadCells(at(w.cells, 2))
		e.do(opXor, picked, picked, picked)
		cells.run(e, at(w.image, e.size), func(cell Mem, number Register) {
			e.move(e.blend(e.sameCell(number, place), e.load(cell), picked), picked)
		})
		e.store(picked, at(w.results, e.size))
	})
	end()
}

// square is a window of 2 × 2 cells: where it begins for each cell, and vectors of the cells' numbers.
type square struct{ starts, numbers []Register }

func (e *emit) newSquare(image Register) *square {
	s := &square{starts: []Register{image, GP64(), GP64(), GP64()}, numbers: []Register{e.zero()}}
	for i := range 3 {
		r := GP64()
		MOVQ(I32(i+1), r)
		s.numbers = append(s.numbers, e.spread(r))
	}
	return s
}

// place sets where the cells of a window begin, col and row elements apart.
func (s *square) place(col, row Register, size int) {
	p := s.starts
	LEAQ(Mem{Base: p[0], Index: col, Scale: uint8(size)}, p[1])
	LEAQ(Mem{Base: p[0], Index: row, Scale: uint8(size)}, p[2])
	LEAQ(Mem{Base: p[1], Index: row, Scale: uint8(size)}, p[3])
}

// poolPick2 emits poolPick for windows of 2 × 2 cells.
func (e *emit) poolPick2() {
	e.text("poolPick2", "func(count, channels, step, col, row int, x []T, arg []uint16, z []T)")
	w := &windows{count: integer("count"), channels: integer("channels"), image: base("x"), results: base("z"), cells: base("arg")}
	col, row := integer("col"), integer("row")
	s := e.newSquare(w.image)
	w.run(e, func() { s.place(col, row, e.size) }, func(e *emit, at at) {
		place, picked := e.loadCells(at(w.cells, 2)), e.load(at(s.starts[0], e.size))
		for i, p := range s.starts[1:] {
			picked = e.blend(e.sameCell(s.numbers[i+1], place), e.load(at(p, e.size)), picked)
		}
		e.store(picked, at(w.results, e.size))
	})
	end()
}

// maxPool2 emits maxPool for windows of 2 × 2 cells.
func (e *emit) maxPool2() {
	e.text("maxPool2", "func(count, channels, step, col, row int, x, y []T, arg []uint16)")
	w := &windows{count: integer("count"), channels: integer("channels"), image: base("x"), results: base("y"), cells: base("arg")}
	col, row := integer("col"), integer("row")
	s := e.newSquare(w.image)
	w.run(e, func() { s.place(col, row, e.size) }, func(e *emit, at at) {
		r := e.newRace(e.load(at(s.starts[0], e.size)), s.numbers[0])
		for i, p := range s.starts[1:] {
			r.take(e, e.load(at(p, e.size)), s.numbers[i+1])
		}
		e.store(r.best, at(w.results, e.size))
		e.storeCells(r.place, at(w.cells, 2))
	})
	end()
}

// maxPoolGrad2 emits dx = dy at the cell that arg names and 0 at the others, for windows of 2 × 2 cells.
func (e *emit) maxPoolGrad2() {
	e.text("maxPoolGrad2", "func(count, channels, step, col, row int, dy []T, arg []uint16, dx []T)")
	w := &windows{count: integer("count"), channels: integer("channels"), image: base("dx"), results: base("dy"), cells: base("arg")}
	col, row := integer("col"), integer("row")
	s := e.newSquare(w.image)
	w.run(e, func() { s.place(col, row, e.size) }, func(e *emit, at at) {
		d, place := e.load(at(w.results, e.size)), e.loadCells(at(w.cells, 2))
		for i, p := range s.starts {
			e.store(e.keep(e.sameCell(s.numbers[i], place), d), at(p, e.size))
		}
	})
	end()
}
