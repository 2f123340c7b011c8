package kernel

import "unsafe"

// winogradImages is a batch of images, or of the gradients by them.
type winogradImages struct {
	h, w, c int
	cells   unsafe.Pointer
	zeros   unsafe.Pointer // six cells of zeros
}

// square sets s.rows to where n rows of n cells start whose first one is (top, left) of an image, and returns which columns are
// on the image. Rows that aren't are zeros.
func (m *winogradImages) square(s *winogradScratch, image, top, left, n int) (lo, hi int) {
	zero := int(uintptr(m.zeros) - uintptr(m.cells))
	for i := range n {
		if h := top + i; h >= 0 && h < m.h {
			s.rows[i] = ((image*m.h+h)*m.w + left) * m.c * 4
		} else {
			s.rows[i] = zero
		}
	}
	lo = min(max(-left, 0), n)
	return lo, max(lo, min(m.w-left, n))
}

// winogradGrid cuts the output of a convolution into tiles of 4 by 4, the input into squares of 6 by 6 that overlap.
type winogradGrid struct {
	k            *winogradKernels
	in, out      winogradImages
	n            int // images
	padH, padW   int // may be negative
	down, across int // tiles of an image
}

// cut sets the number of tiles from all else.
func (g *winogradGrid) cut() { g.down, g.across = (g.out.h+3)/4, (g.out.w+3)/4 }

// tiles is the number of tiles of all images.
func (g *winogradGrid) tiles() int { return g.n * g.down * g.across }

// at returns where tile number i starts in the output.
func (g *winogradGrid) at(i int) (image, row, col int) {
	return i / (g.down * g.across), i / g.across % g.down * 4, i % g.across * 4
}

// transformInput transforms the input of n tiles from number first on. The transform of one has its channels in a row of rowStep
// bytes, and its cells cellStep bytes apart.
func (g *winogradGrid) transformInput(s *winogradScratch, first, n int, dst unsafe.Pointer, rowStep, cellStep int) {
	groups, tail := g.k.vectors(g.in.c)
	for i := range n {
		image, row, col := g.at(first + i)
		lo, hi := g.in.square(s, image, row-g.padH, col-g.padW, 6)
		g.k.input(groups, tail, (*byte)(g.in.cells), &s.rows[0], g.in.c*4, lo, hi, (*byte)(unsafe.Add(dst, i*rowStep)), cellStep, s.aligned())
	}
}

// transformGrad is transformInput for the gradient by the output.
func (g *winogradGrid) transformGrad(s *winogradScratch, first, n int, dst unsafe.Pointer, rowStep, cellStep int) {
	groups, tail := g.k.vectors(g.out.c)
	for i := range n {
		image, row, col := g.at(first + i)
		lo, hi := g.out.square(s, image, row, col, 4)
		g.k.grad(groups, tail, (*byte)(g.out.cells), &s.rows[0], g.out.c*4, lo, hi, (*byte)(unsafe.Add(dst, i*rowStep)), cellStep, s.aligned())
	}
}
