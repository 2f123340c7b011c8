package graph

import (
	"os"
	"testing"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/gonum"
	"gorgonia.org/gorgonia"
)

// plainBLAS sums in the order of the indices. gonum's own sums depend on where in memory an array starts, so that two
// machines can't be compared bit by bit on it.
type plainBLAS struct{ gonum.Implementation }

func TestMain(m *testing.M) {
	gorgonia.Use(plainBLAS{})
	os.Exit(m.Run())
}

func (plainBLAS) Sgemm(ta, tb blas.Transpose, m, n, k int, alpha float32, a []float32, lda int, b []float32, ldb int, beta float32, c []float32, ldc int) {
	plainGemm(ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc)
}

func (plainBLAS) Dgemm(ta, tb blas.Transpose, m, n, k int, alpha float64, a []float64, lda int, b []float64, ldb int, beta float64, c []float64, ldc int) {
	plainGemm(ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc)
}

func (plainBLAS) Sgemv(ta blas.Transpose, m, n int, alpha float32, a []float32, lda int, x []float32, incX int, beta float32, y []float32, incY int) {
	gemv(ta, m, n, alpha, a, lda, x, incX, beta, y, incY)
}

func (plainBLAS) Dgemv(ta blas.Transpose, m, n int, alpha float64, a []float64, lda int, x []float64, incX int, beta float64, y []float64, incY int) {
	gemv(ta, m, n, alpha, a, lda, x, incX, beta, y, incY)
}

func (plainBLAS) Sdot(n int, x []float32, incX int, y []float32, incY int) float32 {
	return dot(n, x, incX, y, incY)
}

func (plainBLAS) Ddot(n int, x []float64, incX int, y []float64, incY int) float64 {
	return dot(n, x, incX, y, incY)
}

func entry[T float32 | float64](t blas.Transpose, a []T, lda, i, j int) T {
	if t == blas.NoTrans {
		return a[i*lda+j]
	}
	return a[j*lda+i]
}

func plainGemm[T float32 | float64](ta, tb blas.Transpose, m, n, k int, alpha T, a []T, lda int, b []T, ldb int, beta T, c []T, ldc int) {
	for i := range m {
		for j := range n {
			var s T
			for l := range k {
				s += entry(ta, a, lda, i, l) * entry(tb, b, ldb, l, j)
			}
			s *= alpha
			if beta != 0 {
				s += beta * c[i*ldc+j]
			}
			c[i*ldc+j] = s
		}
	}
}

func gemv[T float32 | float64](ta blas.Transpose, m, n int, alpha T, a []T, lda int, x []T, incX int, beta T, y []T, incY int) {
	if ta != blas.NoTrans {
		m, n = n, m
	}
	for i := range m {
		var s T
		for j := range n {
			s += entry(ta, a, lda, i, j) * x[j*incX]
		}
		s *= alpha
		if beta != 0 {
			s += beta * y[i*incY]
		}
		y[i*incY] = s
	}
}

func dot[T float32 | float64](n int, x []T, incX int, y []T, incY int) T {
	var s T
	for i := range n {
		s += x[i*incX] * y[i*incY]
	}
	return s
}

// brokenBLAS panics in products of a transposed matrix.
type brokenBLAS struct{ plainBLAS }

func (b brokenBLAS) Dgemm(ta, tb blas.Transpose, m, n, k int, alpha float64, a []float64, lda int, x []float64, ldb int, beta float64, c []float64, ldc int) {
	if ta != blas.NoTrans || tb != blas.NoTrans {
		panic("the BLAS is broken")
	}
	b.plainBLAS.Dgemm(ta, tb, m, n, k, alpha, a, lda, x, ldb, beta, c, ldc)
}
