package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// machine is an instruction set.
type machine struct {
	name    string // of the set
	vector  int    // bytes of a vector
	regs    []reg.VecPhysical
	maxRows int // of a tile
	aStep   int // elements from one step of a packed left panel to the next: maxRows at least
	dotRows int // of a tile of dot products
	masks   bool

	dotRowsMost, dotColsMost int // products go by dot products up to so many rows, or columns, as was measured
}

// dotCols is the greatest number of columns of a tile of dot products: what one reduction step yields.
const dotCols = 4

var machines = []machine{
	{"AVX2", 32, ymm, 6, 8, 3, false, 192, 64},
	{"AVX512", 64, zmm, 14, 16, 6, true, 24, 56},
}

// widths returns the widths of the tiles of so many rows, in vectors. Two give a full-height tile its
// accumulators; the wider ones are for products of few rows that read their right factor unpacked: they keep
// the adders busy and read long stretches of a row.
func (m machine) widths(rows int) []int {
	switch {
	case m.masks && rows <= 2:
		return []int{1, 2, 4, 8}
	case m.masks && rows <= 4, !m.masks && rows <= 2:
		return []int{1, 2, 4}
	}
	return []int{1, 2}
}

// generator emits code for one machine and element type.
type generator struct {
	*build.Context
	machine
	esz   int // bytes of an element
	lanes int
	table operand.Mem // lane masks, for machines without mask registers
}

func newGenerator(ctx *build.Context, m machine, esz int) *generator {
	g := &generator{Context: ctx, machine: m, esz: esz, lanes: m.vector / esz}
	if !m.masks {
		g.maskTable()
	}
	return g
}

// name returns the name of a function: what it does, the set, the element type, the size.
func (g *generator) name(what string, size ...int) string {
	s := fmt.Sprintf("%s%sF%d", what, g.machine.name, 8*g.esz)
	for i, n := range size {
		s += fmt.Sprintf("%c%d", "MN"[i], n)
	}
	return s
}
