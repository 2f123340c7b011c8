// Package blas is a BLAS for gonum and Gorgonia programs with fast matrix products in pure Go.
//
// It is gonum's own implementation with the operations replaced that training spends its time in, by kernels for
// AVX-512, AVX2 and plain Go that use all processors:
//
//	gorgonia.Use(blas.New())   // for graphs and tensors of Gorgonia
//	blas32.Use(blas.New())     // for gonum's blas32, and blas64 likewise with package mat on it
//
// Results differ from gonum's in the last bits, since sums are taken in another order and with fused
// multiply-add instructions. They don't depend on the number of threads, which fallline.SetThreads
// sets. The environment variable FALLLINE_KERNEL=generic|sse2|avx2|avx512 forces a set of kernels.
package blas

import (
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/gonum"
)

// BLAS implements gonum's blas.Float32, Float64, Complex64 and Complex128, and with them gorgonia.BLAS.
// Sgemm, Dgemm, Sgemv, Dgemv, Saxpy, Daxpy, Sdot and Ddot are its own, the rest is gonum's. Like
// gonum's, the methods panic on arguments that don't fit together. The zero value is ready.
type BLAS struct {
	gonum.Implementation
}

var (
	_ blas.Float32    = BLAS{}
	_ blas.Float64    = BLAS{}
	_ blas.Complex64  = BLAS{}
	_ blas.Complex128 = BLAS{}
)

// New returns a BLAS to hand to gorgonia.Use, blas32.Use or blas64.Use.
func New() BLAS { return BLAS{} }
