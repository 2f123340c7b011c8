package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// better says where x takes over from best: it is greater, or the first NaN.
func (e *emit) better(x, best Register) Register {
	return e.both(e.cmp(ordered, best, best), notLessEq, x, best)
}

func (e *emit) maxPool() {
	e.text("maxPool", "func(count, channels, kh, kw, step, col, row, first, width int, x, y []T, arg []uint16)")
	w := &windows{count: integer("count"), channels: integer("channels"), image: base("x"), results: base("y"), cells: base("arg")}
	cells := e.newWalk(true)
	w.run(e, nil, func(e *emit, at at) {
		best, best0, place := e.load(at(w.image, e.size)), e.vec(), e.vec()
		e.move(best, best0)
		e.move(cells.first, place)
		cells.run(e, at(w.image, e.size), func(cell Mem, number Register) {
			v := e.load(cell)
			k := e.better(v, best0)
			e.move(e.blend(k, v, best0), best0)
			e.move(e.blendCells(k, number, place), place)
		})
		e.store(best0, at(w.results, e.size))
		e.storeCells(place, at(w.cells, 2))
	})
	end()
}

func (e *emit) maxPoolGrad() {
	e.text("maxPoolGrad", "func(count, channels, kh, kw, step, col, row, first, width int, dy []T, arg []uint16, dx []T)")
	w := &windows{count: integer("count"), channels: integer("channels"), image: base("dx"), results: base("dy"), cells: base("arg")}
	cells := e.newWalk(true)
	w.run(e, nil, func(e *emit, at at) {
		d, place := e.load(at(w.results, e.size)), e.loadCells(at(w.cells, 2))
		cells.run(e, at(w.image, e.size), func(cell Mem, number Register) {
			e.store(e.add(e.load(cell), e.keep(e.sameCell(number, place), d)), cell)
		})
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

// maxPool2 emits maxPool for windows of 2 × 2 cells.
func (e *emit) maxPool2() {
	e.text("maxPool2", "func(count, channels, step, col, row int, x, y []T, arg []uint16)")
	w := &windows{count: integer("count"), channels: integer("channels"), image: base("x"), results: base("y"), cells: base("arg")}
	col, row := integer("col"), integer("row")
	s := e.newSquare(w.image)
	w.run(e, func() { s.place(col, row, e.size) }, func(e *emit, at at) {
		best, place := e.load(at(s.starts[0], e.size)), s.numbers[0]
		for i, p := range s.starts[1:] {
			v := e.load(at(p, e.size))
			k := e.better(v, best)
			best, place = e.blend(k, v, best), e.blendCells(k, s.numbers[i+1], place)
		}
		e.store(best, at(w.results, e.size))
		e.storeCells(place, at(w.cells, 2))
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
