// Package gemm holds products of matrices.
package gemm

import "github.com/fallline/fallline/internal/kernel"

// Epilogue is what WithEpilogue and the convolutions do to a block of results while it is in cache.
// The zero value does nothing.
type Epilogue[T kernel.Float] struct {
	Bias []T  // one per column, added to each row; nil: none
	ReLU bool // max(x, 0) after the bias; NaN stays NaN
}

// Gemm computes C = alpha op(A) op(B) + beta C on row-major matrices, where op(X) is X or its transpose.
//
// op(A) is m x k, op(B) is k x n, C is m x n; lda, ldb and ldc are the distances between the starts of two
// stored rows. beta = 0 never reads C, so that its NaNs don't survive, and alpha = 0 never reads A and B. The bits
// of the result don't depend on the number of threads.
func Gemm[T kernel.Float](ta, tb bool, m, n, k int, alpha T, a []T, lda int, b []T, ldb int, beta T, c []T, ldc int) {
	p := newProduct[T]()
	p.m, p.n, p.k = m, n, k
	p.alpha, p.beta = alpha, beta
	p.c, p.ldc = c, ldc
	p.left, p.right = factor[T]{x: a, ld: lda, steps: ta}, factor[T]{x: b, ld: ldb, steps: !tb}
	p.run()
}

// WithEpilogue computes C = act(op(A) op(B) + bias), with e applied to each block of C while it is in cache.
func WithEpilogue[T kernel.Float](ta, tb bool, m, n, k int, a []T, lda int, b []T, ldb int, c []T, ldc int, e Epilogue[T]) {
	p := newProduct[T]()
	p.m, p.n, p.k = m, n, k
	p.c, p.ldc = c, ldc
	p.e = e
	p.left, p.right = factor[T]{x: a, ld: lda, steps: ta}, factor[T]{x: b, ld: ldb, steps: !tb}
	p.run()
}

// Apply finishes one row of results whose first column is column 0 of the bias.
func (e *Epilogue[T]) Apply(row []T) {
	if e.Bias != nil {
		bias := e.Bias[:len(row)]
		for j := range row {
			row[j] += bias[j]
		}
	}
	if e.ReLU {
		for j, v := range row {
			row[j] = max(v, 0)
		}
	}
}
