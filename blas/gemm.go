package blas

import (
	"gonum.org/v1/gonum/blas"

	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/gemm"
)

// Sgemm computes C = alpha op(A) op(B) + beta C, where op(X) is X or its transpose: op(A) is m x k, op(B) is
// k x n, C is m x n, all stored by rows.
func (BLAS) Sgemm(tA, tB blas.Transpose, m, n, k int, alpha float32, a []float32, lda int, b []float32, ldb int, beta float32, c []float32, ldc int) {
	multiply(tA, tB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc)
}

// Dgemm is Sgemm in double precision.
func (BLAS) Dgemm(tA, tB blas.Transpose, m, n, k int, alpha float64, a []float64, lda int, b []float64, ldb int, beta float64, c []float64, ldc int) {
	multiply(tA, tB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc)
}

func multiply[T kernel.Float](tA, tB blas.Transpose, m, n, k int, alpha T, a []T, lda int, b []T, ldb int, beta T, c []T, ldc int) {
	ta, tb := transposed(tA), transposed(tB)
	checkSize(m, mLT0)
	checkSize(n, nLT0)
	checkSize(k, kLT0)
	am, an := m, k
	if ta {
		am, an = k, m
	}
	bm, bn := k, n
	if tb {
		bm, bn = n, k
	}
	check(lda >= max(1, an), badLdA)
	check(ldb >= max(1, bn), badLdB)
	check(ldc >= max(1, n), badLdC)
	if m == 0 || n == 0 {
		return
	}
	check(len(a) >= (am-1)*lda+an, shortA)
	check(len(b) >= (bm-1)*ldb+bn, shortB)
	check(len(c) >= (m-1)*ldc+n, shortC)
	gemm.Gemm(ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc)
}
