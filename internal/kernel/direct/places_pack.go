package direct

import "unsafe"

// pack lists the runs of products of the group and packs its lines: for each filter row that the class meets, and its
// columns in the order in which they meet columns of the source from left to right, the channels of the source.
func (g *placeGroup) pack() {
	g.spans = g.spans[:0]
	g.lines = g.source.Get(g.steps() * g.line)
	b, count := g.filterColumns()
	line := 0
	for a := range g.KH {
		if count == 0 || g.back && (g.row0+g.PadH-a)%g.StrideH != 0 {
			continue
		}
		g.packRow(a, b, count, unsafe.Add(g.lines, line*g.line))
		if !g.back || g.StrideW == 1 {
			g.addSpan(a, 0, line, g.KW)
		} else {
			for i := range count {
				g.addSpan(a, g.KW-1-b+i*g.StrideW, line+i*g.srcC, 1)
			}
		}
		line += count * g.srcC
	}
}

// addSpan adds the run of count packed filter cells from cell b of row a on, which meets the lines from the given one
// on.
func (g *placeGroup) addSpan(a, b, line, count int) {
	aStep := g.tiles.most() * g.k.elem
	g.spans = appendSpans(g.spans, span{a: (a*g.KW + b) * g.srcC * aStep, b: line * g.line, n: count * g.srcC}, aStep, g.line)
}

// filterColumns returns the filter column that meets the first of consecutive source columns, and how many of them the
// filter has for this class: all of them, or backward those of the class's remainder.
func (g *placeGroup) filterColumns() (b, count int) {
	if !g.back {
		return 0, g.KW
	}
	rest := (g.col0 + g.PadW) % g.StrideW
	if g.KW <= rest {
		return 0, 0
	}
	b = rest + (g.KW-1-rest)/g.StrideW*g.StrideW
	return b, b/g.StrideW + 1
}

// packRow packs the lines of filter row a, whose columns from b on are count many.
func (g *placeGroup) packRow(a, b, count int, dst unsafe.Pointer) {
	inside := true
	var at [32]int // element of the source under the first column
	var col [32]int
	for l := range g.count {
		p := &g.places[l]
		h, ok := g.sourceRow(p.row, a)
		col[l] = p.col*g.StrideW - g.PadW
		if g.back {
			col[l] = (p.col + g.PadW - b) / g.StrideW
		}
		at[l] = p.image + (h*g.srcW+col[l])*g.srcC
		if !ok {
			col[l] = g.srcW // no column from here on lies on the image
		}
		inside = inside && col[l] >= 0 && col[l]+count <= g.srcW
	}
	step, cells := 1, count
	if inside {
		step, cells = count, 1
	}
	zero := int(uintptr(g.zeros.Zero(g.srcC*g.k.elem)) - uintptr(g.src))
	for c := range cells {
		for v := range g.nv {
			for i := range g.k.lanes {
				l := min(v*g.k.lanes+i, g.count-1)
				g.offsets[0][i] = (at[l] + c*g.srcC) * g.k.elem
				if !inside && (col[l]+c < 0 || col[l]+c >= g.srcW) {
					g.offsets[0][i] = zero
				}
			}
			g.k.pack(g.src, &g.offsets[0], step*g.srcC, unsafe.Add(dst, c*g.srcC*g.line+v*g.k.lineBytes(1)), g.line)
		}
	}
}
