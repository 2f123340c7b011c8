package gemm

import "github.com/fallline/fallline/internal/kernel"

// plan decides how to compute the product.
//
// Packing costs as much as some rounds of multiplication, and tiles waste the lanes that a narrow product leaves
// over. So products of few rows or columns go their own ways, chosen by shape alone.
func (p *product[T]) plan() {
	p.turnVectors()
	sideBySide := !p.left.steps
	switch {
	case p.kernels.library != nil:
		p.way = byLibrary
	case sideBySide && !p.right.steps && p.dotsPay():
		p.way = byDots
	case sideBySide && p.right.steps && p.rotatingPays():
		p.way = byDots
		p.rotateRight()
	case p.left.steps && p.turningPays():
		p.way = byTurned
		p.left.inPlace = true
	default:
		p.readLeftInPlace()
	}
}

// turnVectors reads vectors the way that suits: one without gaps is stored like its transpose, and a column of C is the
// row C' = B' A'.
func (p *product[T]) turnVectors() {
	if p.n == 1 && p.right.steps && p.right.ld == 1 {
		p.right.steps, p.right.ld = false, p.k
	}
	if p.m == 1 && p.left.steps && p.left.ld == 1 {
		p.left.steps, p.left.ld = false, p.k
	}
	if p.n == 1 && p.left.steps && p.ldc == 1 && p.e.Bias == nil {
		p.m, p.n, p.ldc = 1, p.m, p.m
		p.left, p.right = p.right, p.left
	}
}

// dotsPay reports whether dot products of the rows of A and the columns of B beat tiles, which would have to pack B.
// They end with sums over lanes, so k must be long.
func (p *product[T]) dotsPay() bool {
	g := p.kernels
	switch vectors := p.k / g.lanes; {
	case vectors >= 8:
		return p.n <= g.dotColsMost || p.m <= g.dotRowsMost
	case vectors >= 4:
		return p.n <= min(24, g.dotColsMost) || p.m <= min(12, g.dotRowsMost)
	case vectors >= 2:
		return p.n <= min(12, g.dotColsMost) || p.m <= min(2, g.dotRowsMost)
	}
	return false
}

// rotatingPays reports whether to transpose B for dot products: for few columns, of which each row of A that isn't
// packed saves the time again.
func (p *product[T]) rotatingPays() bool {
	return p.n <= p.kernels.dotColsMost && p.m >= p.kernels.rows && p.dotsPay()
}

// turningPays reports whether to compute the transpose of C: for few columns that don't fill vectors.
func (p *product[T]) turningPays() bool {
	g := p.kernels
	return p.n <= g.dotColsMost && p.n%g.cols != 0 && p.m >= 2*g.lanes && p.beta == 0 && p.e.Bias == nil
}

// readLeftInPlace decides whether tiles read the left factor in place, which must be stored by k-steps.
func (p *product[T]) readLeftInPlace() {
	if p.m == 1 && !p.left.steps {
		p.left.steps, p.left.ld = true, 1
	}
	p.left.inPlace = p.left.steps && (p.n <= p.kernels.cols || p.m == 1)
}

// readsRightInPlace reports whether the tiles of a task of m rows read the right factor in place. It must be stored by
// k-steps, and it pays as long as few panels of rows read each of its panels again; for low tiles, which have less to
// do for each k-step, only once where the rows of storage all fall into the same sets of the cache.
func (p *product[T]) readsRightInPlace(m int) bool {
	const (
		panels = 18
		period = 4096 // bytes after which the sets of the first cache repeat
	)
	g := p.kernels
	switch {
	case !p.right.steps:
		return false
	case p.left.inPlace || m <= g.rows:
		return true
	case g.rows < 8 && p.right.ld*kernel.SizeOf[T]()%period == 0:
		return false
	}
	return m <= panels*g.rows
}

// rotateRight replaces the right factor, k rows of n elements, by its transpose. The rows of the copy start in
// different cache sets.
func (p *product[T]) rotateRight() {
	f, lanes, size := p.right, p.kernels.lanes, kernel.SizeOf[T]()
	step := (p.k+lanes-1)/lanes*lanes + lanes
	if len(p.rotated) < p.n*step {
		p.rotated = kernel.AlignedSlice[T](p.n * step)
	}
	for q := 0; q < p.k; q += lanes {
		p.kernels.packRows(p.n, &f.x[q*f.ld], f.ld*size, min(lanes, p.k-q), &p.rotated[q], step*size)
	}
	p.right = factor[T]{x: p.rotated, ld: step}
}
