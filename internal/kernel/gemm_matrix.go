package kernel

// panels supplies one factor of a product in packed panels (see gemmKernels).
type panels[T Float] interface {
	// pack writes rows [i, i+n) of the left factor, or columns [i, i+n) of the right one, for k-steps
	// [p, p+k): dst[q*step+r] is the element of row or column i+r and k-step p+q. It may write dst up to the
	// next multiple of the number of lanes after n in each step, and nothing else.
	pack(dst []T, step, i, n, p, k int)
}

// matrix is a stored factor.
type matrix[T Float] struct {
	kernels *gemmKernels[T]
	x       []T
	ld      int
	steps   bool // a row of storage is a k-step: A transposed, or B not transposed
}

func (m *matrix[T]) pack(dst []T, step, i, n, p, k int) {
	size := sizeOf[T]()
	if m.steps {
		m.kernels.packCols(k, &m.x[p*m.ld+i], m.ld*size, n, &dst[0], step*size)
		return
	}
	lanes := m.kernels.lanes
	for r := 0; r < n; r += lanes {
		m.kernels.packRows(k, &m.x[(i+r)*m.ld+p], m.ld*size, min(lanes, n-r), &dst[r], step*size)
	}
}
