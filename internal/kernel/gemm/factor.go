package gemm

import (
	"unsafe"

	"github.com/fallline/fallline/internal/kernel"
)

// factor is a matrix that is multiplied. Seen from the product, element (i, p) belongs to row i of the left factor, or
// to column i of the right one, and to k-step p.
type factor[T kernel.Float] struct {
	x       []T
	ld      int  // distance of rows of storage
	steps   bool // a row of storage is a k-step: A transposed, or B not transposed; else it is what i counts
	inPlace bool // tiles read it where it is, without packing; the left factor only
}

// at returns a pointer to element (i, p).
func (f *factor[T]) at(i, p int) unsafe.Pointer {
	if f.steps {
		return unsafe.Pointer(&f.x[p*f.ld+i])
	}
	return unsafe.Pointer(&f.x[i*f.ld+p])
}

// from returns what is stored from element (i, p) on.
func (f *factor[T]) from(i, p int) []T {
	if f.steps {
		return f.x[p*f.ld+i:]
	}
	return f.x[i*f.ld+p:]
}

// pack fills a panel with elements [i, i+n) of k-steps [p, p+k): dst[q*step+r] is the element (i+r, p+q). It may write
// dst up to the next multiple of the number of lanes after n in each step.
func (f *factor[T]) pack(g *kernels[T], dst []T, step, i, n, p, k int) {
	size := kernel.SizeOf[T]()
	if f.steps {
		g.packCols(k, &f.x[p*f.ld+i], f.ld*size, n, &dst[0], step*size)
		return
	}
	for r := 0; r < n; r += g.lanes {
		g.packRows(k, &f.x[(i+r)*f.ld+p], f.ld*size, min(g.lanes, n-r), &dst[r], step*size)
	}
}
