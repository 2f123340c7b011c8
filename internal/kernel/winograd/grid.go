package winograd

import "unsafe"

// images is a batch of images, or of the gradients by them.
type images struct {
	h, w, c int
	first   int // number of the image that cells starts with
	cells   unsafe.Pointer
	zeros   unsafe.Pointer // six cells of zeros
}

// square sets s.rows to where rows of cells start whose first cell is (top, left) of an image, and returns which
// columns are on the image. Rows that aren't are zeros.
func (m *images) square(s *scratch, image, top, left, rows, cols int) (lo, hi int) {
	zero := int(uintptr(m.zeros) - uintptr(m.cells))
	for i := range rows {
		if h := top + i; h >= 0 && h < m.h {
			s.rows[i] = (((image-m.first)*m.h+h)*m.w + left) * m.c * 4
		} else {
			s.rows[i] = zero
		}
	}
	lo = min(max(-left, 0), cols)
	return lo, max(lo, min(m.w-left, cols))
}

// grid cuts the output of a convolution into tiles, the input into squares that overlap by two cells.
type grid struct {
	k            *kernels
	in, out      images
	n            int // images
	padH, padW   int // may be negative
	down, across axis
	whole        bool // parts are of whole images
}

// cut cuts the axes when all else is set. Images with tiles of several kinds stay whole.
func (g *grid) cut() {
	g.down, g.across = axes(g.out.h, g.out.w)
	kinds := 0
	for kind := range tileKind(kindCount) {
		if rows, cols := g.of(kind); rows*cols > 0 {
			kinds++
		}
	}
	g.whole = g.whole || kinds > 1
}

// tiles is the number of tiles of all images.
func (g *grid) tiles() int { return g.n * g.perImage() }

func (g *grid) perImage() int { return g.down.tiles() * g.across.tiles() }

// transformInput transforms the input, which m has, of the tiles of r. The transform of one has its channels in a row
// of rowStep bytes, and its cells cellStep bytes apart.
func (g *grid) transformInput(s *scratch, r run, m *images, dst unsafe.Pointer, rowStep, cellStep int) {
	groups, tail := g.k.vectors(g.in.c)
	for i := range r.count() {
		t := g.at(r, i)
		lo, hi := m.square(s, t.image, t.row-g.padH, t.col-g.padW, t.rows()+2, t.cols()+2)
		g.k.input[t.kind](groups, tail, (*byte)(m.cells), &s.rows[0], m.c*4, lo, hi, (*byte)(unsafe.Add(dst, i*rowStep)), cellStep, s.aligned())
	}
}

// transformGrad is transformInput for the gradient by the output.
func (g *grid) transformGrad(s *scratch, r run, dst unsafe.Pointer, rowStep, cellStep int) {
	groups, tail := g.k.vectors(g.out.c)
	for i := range r.count() {
		t := g.at(r, i)
		lo, hi := g.out.square(s, t.image, t.row, t.col, t.rows(), t.cols())
		g.k.grad[t.kind](groups, tail, (*byte)(g.out.cells), &s.rows[0], g.out.c*4, lo, hi, (*byte)(unsafe.Add(dst, i*rowStep)), cellStep, s.aligned())
	}
}
