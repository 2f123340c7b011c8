package gemm

import (
	"gonum.org/v1/gonum/blas"

	"github.com/fallline/fallline/internal/kernel"
)

// library computes C = alpha op(A) op(B) + beta C in the manner of gonum's BLAS.
type library[T kernel.Float] func(tA, tB blas.Transpose, m, n, k int, alpha T, a []T, lda int, b []T, ldb int, beta T, c []T, ldc int)

// libraryBlock is the number of rows, columns and k-steps of a call: what gonum computes in the caller's goroutine.
const libraryBlock = 64

// library computes the block by calls of the library.
func (b *block[T]) library() {
	const size = libraryBlock
	tA, tB := transpose(b.left.steps), transpose(!b.right.steps)
	for i := b.i0; i < b.i1; i += size {
		m := min(size, b.i1-i)
		for j := b.j0; j < b.j1; j += size {
			n := min(size, b.j1-j)
			beta, c := b.beta, b.c[i*b.ldc+j:]
			for k := b.k0; k < b.k1; k += size {
				x, y := b.left.from(i, k), b.right.from(j, k)
				b.kernels.library(tA, tB, m, n, min(size, b.k1-k), b.alpha, x, b.left.ld, y, b.right.ld, beta, c, b.ldc)
				beta = 1
			}
			e := b.e
			if e.Bias != nil {
				e.Bias = e.Bias[j:]
			}
			for r := range m {
				e.Apply(c[r*b.ldc : r*b.ldc+n])
			}
		}
	}
}

func transpose(t bool) blas.Transpose {
	if t {
		return blas.Trans
	}
	return blas.NoTrans
}
