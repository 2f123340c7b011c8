package kernel

// factors sets the stored factors of p and decides how to read them.
//
// Packing costs as much as some rounds of multiplication, and tiles waste the lanes that a narrow product leaves
// over. So products of few rows or columns go their own ways, chosen by shape alone.
func (p *product[T]) factors(ta, tb bool, a []T, lda int, b []T, ldb int) {
	// A vector without gaps is stored like its transpose.
	if p.n == 1 && !tb && ldb == 1 {
		tb, ldb = true, p.k
	}
	if p.m == 1 && ta && lda == 1 {
		ta, lda = false, p.k
	}
	if p.n == 1 && ta && p.ldc == 1 && p.e.Bias == nil { // a column of C, as the row C' = B' A'
		p.m, p.n, p.ldc = 1, p.m, p.m
		ta, tb, a, lda, b, ldb = !tb, false, b, ldb, a, lda
	}
	p.left = matrix[T]{p.kernels, a, lda, ta}
	p.right = matrix[T]{p.kernels, b, ldb, !tb}
	p.a, p.b = &p.left, &p.right
	p.aCost, p.bCost = p.left.cost(), p.right.cost()
	switch {
	case p.m == 0 || p.n == 0 || p.k == 0 || p.alpha == 0:
	case p.kernels.library != nil:
		p.way = byLibrary
	case !ta && tb && p.dotsPay():
		p.way = byDots
		p.plainA, p.plainB = plain[T]{a, lda}, plain[T]{b, ldb}
	case !ta && !tb && p.rotatingPays():
		p.way = byDots
		p.plainA, p.plainB = plain[T]{a, lda}, p.rotate(b, ldb)
	case ta && p.turningPays():
		p.way = byTurned
		p.plainA = plain[T]{a, lda}
	default:
		p.readInPlace(ta, tb, a, lda, b, ldb)
	}
}

// dotsPay reports whether dot products of the rows of A and B beat tiles, which would have to pack B. They end with
// sums over lanes, so k must be long.
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

// readInPlace decides which factors tiles read in place. For a left factor that must be stored by k-steps; for a right
// one too, and it pays as long as few panels of rows read each of its panels again.
func (p *product[T]) readInPlace(ta, tb bool, a []T, lda int, b []T, ldb int) {
	const panels = 12
	g := p.kernels
	if !tb && (p.m <= panels*g.rows || ta && p.n <= g.cols) {
		p.plainB = plain[T]{b, ldb}
	}
	switch {
	case ta && (p.n <= g.cols || p.m == 1):
		p.plainA = plain[T]{a, lda}
	case p.m == 1:
		p.plainA = plain[T]{a, 1}
	}
}

// rotate transposes the k x n matrix b. The rows of the copy start in different cache sets.
func (p *product[T]) rotate(b []T, ldb int) plain[T] {
	lanes, size := p.kernels.lanes, sizeOf[T]()
	step := (p.k+lanes-1)/lanes*lanes + lanes
	if len(p.rotated) < p.n*step {
		p.rotated = alignedSlice[T](p.n * step)
	}
	for q := 0; q < p.k; q += lanes {
		p.kernels.packRows(p.n, &b[q*ldb], ldb*size, min(lanes, p.k-q), &p.rotated[q], step*size)
	}
	return plain[T]{p.rotated, step}
}
