package direct

import "unsafe"

// placeConv computes the same as imageConv with output cells as vector lanes, for batches that don't fill vectors with
// images. What the filter meets at a group of cells is packed: a line holds one value for each cell of the group.
//
// Backward through a stride, an input cell meets only the filter rows and columns of its remainder. So the cells are
// taken in classes, one for each pair of remainders, and the cells of a group are of one class.
type placeConv struct{ imageConv }

// placeClass is the output cells in every rowStep-th row from row0 on and every colStep-th column from col0 on.
type placeClass struct {
	row0, col0, rowStep, colStep int
	rows, cols                   int // of these in an image
}

// classes is how many classes there are.
func (t *placeConv) classes() int {
	if t.back {
		return t.StrideH * t.StrideW
	}
	return 1
}

// class returns class i.
func (t *placeConv) class(i int) placeClass {
	c := placeClass{rowStep: 1, colStep: 1}
	if t.back {
		c = placeClass{row0: i / t.StrideW, col0: i % t.StrideW, rowStep: t.StrideH, colStep: t.StrideW}
	}
	c.rows = (max(0, t.dstH-c.row0) + c.rowStep - 1) / c.rowStep
	c.cols = (max(0, t.dstW-c.col0) + c.colStep - 1) / c.colStep
	return c
}

// groups is how many groups of cells a class has.
func (t *placeConv) groups(c placeClass) int {
	wide := 2 * t.k.lanes
	return (t.N*c.rows*c.cols + wide - 1) / wide
}

// tasks is the number of groups in all classes.
func (t *placeConv) tasks() int {
	n := 0
	for i := range t.classes() {
		n += t.groups(t.class(i))
	}
	return n
}

// Run computes one group.
func (t *placeConv) Run(i int) {
	class := 0
	for n := t.groups(t.class(0)); i >= n; n = t.groups(t.class(class)) {
		i -= n
		class++
	}
	g := placeGroup{placeConv: t, scratch: scratches.Get(), placeClass: t.class(class)}
	g.locate(i * 2 * t.k.lanes)
	g.pack()
	g.compute()
	scratches.Put(g.scratch)
}

// place is an output cell: row, column, the image's first element in the source, the cell's first in the result.
type place struct{ row, col, image, to int }

// placeGroup is one task at work.
type placeGroup struct {
	*placeConv
	*scratch
	placeClass
	nv, line int
	count    int
	places   [32]place
	lines    unsafe.Pointer
}

// locate finds the cells of the group from cell number first of the class on.
func (g *placeGroup) locate(first int) {
	perImage := g.rows * g.cols
	g.count = min(2*g.k.lanes, g.N*perImage-first)
	g.nv = (g.count + g.k.lanes - 1) / g.k.lanes
	g.line = g.k.lineBytes(g.nv)
	for l := range g.count {
		n, p := (first+l)/perImage, (first+l)%perImage
		row, col := g.row0+p/g.cols*g.rowStep, g.col0+p%g.cols*g.colStep
		g.places[l] = place{row, col, n * g.srcH * g.srcW * g.srcC, ((n*g.dstH+row)*g.dstW + col) * g.dstC}
	}
}

// compute sums the tiles and transposes them into the result.
func (g *placeGroup) compute() {
	e := g.k.elem
	aStep := g.tiles.most() * e
	stage := g.stage.Get((g.dstC + g.k.lanes) * g.line)
	for i := range g.tiles.count {
		k0, rows := g.tiles.at(i)
		bias := unsafe.Pointer(nil)
		if g.bias != nil {
			bias = unsafe.Add(g.bias, k0*e)
		}
		g.k.run(g.nv, rows, g.spans, unsafe.Add(g.panels, i*g.steps()*aStep), g.lines, unsafe.Add(stage, k0*g.line),
			aStep, g.line, bias, g.mode)
	}
	g.k.multiples(&g.offsets[1], g.line)
	for l := 0; l < g.count; {
		n, step := g.even(l)
		g.k.unpack(g.dstC, unsafe.Add(stage, l*e), g.line, &g.offsets[1], n, unsafe.Add(g.dst, g.places[l].to*e), step*e)
		l += n
	}
}

// even returns how many cells from lane l on, at most one vector, lie evenly spaced in the result, and how far apart.
func (g *placeGroup) even(l int) (n, step int) {
	if l+1 == g.count {
		return 1, 0
	}
	step = g.places[l+1].to - g.places[l].to
	n = 2
	for n < g.k.lanes && l+n < g.count && g.places[l+n].to-g.places[l+n-1].to == step {
		n++
	}
	return n, step
}
