package blas

import (
	"gonum.org/v1/gonum/blas"

	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/gemm"
	"github.com/fallline/fallline/internal/kernel/pointwise"
)

// Sgemv computes y = alpha op(A) x + beta y, where A is m x n.
func (b BLAS) Sgemv(tA blas.Transpose, m, n int, alpha float32, a []float32, lda int, x []float32, incX int, beta float32, y []float32, incY int) {
	if !gemv(tA, m, n, alpha, a, lda, x, incX, beta, y, incY) {
		b.Implementation.Sgemv(tA, m, n, alpha, a, lda, x, incX, beta, y, incY)
	}
}

// Dgemv is Sgemv in double precision.
func (b BLAS) Dgemv(tA blas.Transpose, m, n int, alpha float64, a []float64, lda int, x []float64, incX int, beta float64, y []float64, incY int) {
	if !gemv(tA, m, n, alpha, a, lda, x, incX, beta, y, incY) {
		b.Implementation.Dgemv(tA, m, n, alpha, a, lda, x, incX, beta, y, incY)
	}
}

// gemv returns false if it leaves the operation to gonum: vectors that run backwards, and products of nothing, where
// the rules of gonum differ from those of a matrix product.
func gemv[T kernel.Float](tA blas.Transpose, m, n int, alpha T, a []T, lda int, x []T, incX int, beta T, y []T, incY int) bool {
	ta := transposed(tA)
	checkSize(m, mLT0)
	checkSize(n, nLT0)
	check(lda >= max(1, n), badLdA)
	check(incX != 0, zeroIncX)
	check(incY != 0, zeroIncY)
	if m == 0 || n == 0 {
		return true
	}
	nx, ny := n, m
	if ta {
		nx, ny = m, n
	}
	checkVector(nx, incX, len(x), shortX)
	checkVector(ny, incY, len(y), shortY)
	check(len(a) >= (m-1)*lda+n, shortA)
	if incX < 0 || incY < 0 {
		return false
	}
	gemm.Gemm(ta, false, ny, 1, nx, alpha, a, lda, x, incX, beta, y, incY)
	return true
}

// Saxpy computes y = y + alpha x.
func (b BLAS) Saxpy(n int, alpha float32, x []float32, incX int, y []float32, incY int) {
	if incX != 1 || incY != 1 || n < longVector || alpha == 0 {
		b.Implementation.Saxpy(n, alpha, x, incX, y, incY)
		return
	}
	checkVector(n, incX, len(x), shortX)
	checkVector(n, incY, len(y), shortY)
	pointwise.Axpy(alpha, x[:n], y[:n])
}

// Daxpy is Saxpy in double precision.
func (b BLAS) Daxpy(n int, alpha float64, x []float64, incX int, y []float64, incY int) {
	if incX != 1 || incY != 1 || n < longVector || alpha == 0 {
		b.Implementation.Daxpy(n, alpha, x, incX, y, incY)
		return
	}
	checkVector(n, incX, len(x), shortX)
	checkVector(n, incY, len(y), shortY)
	pointwise.Axpy(alpha, x[:n], y[:n])
}

// Sdot returns the dot product of x and y, summed in double precision.
func (b BLAS) Sdot(n int, x []float32, incX int, y []float32, incY int) float32 {
	if incX != 1 || incY != 1 || n < longVector {
		return b.Implementation.Sdot(n, x, incX, y, incY)
	}
	checkVector(n, incX, len(x), shortX)
	checkVector(n, incY, len(y), shortY)
	return float32(pointwise.Dot(x[:n], y[:n]))
}

// Ddot returns the dot product of x and y.
func (b BLAS) Ddot(n int, x []float64, incX int, y []float64, incY int) float64 {
	if incX != 1 || incY != 1 || n < longVector {
		return b.Implementation.Ddot(n, x, incX, y, incY)
	}
	checkVector(n, incX, len(x), shortX)
	checkVector(n, incY, len(y), shortY)
	return pointwise.Dot(x[:n], y[:n])
}

// longVector is the length from which threads and wide vectors pay for the call.
const longVector = 64
