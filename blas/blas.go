// Package blas is a BLAS for gonum and Gorgonia programs with fast matrix products in pure Go.
//
// It is gonum's own implementation with the operations replaced that training spends its time in, by kernels for
// AVX-512, AVX2 and plain Go that use all processors:
//
//	gorgonia.Use(blas.New())   // for graphs and tensors of Gorgonia
//	blas32.Use(blas.New())     // for gonum's blas32, and blas64 likewise with package mat on it
//
// Results differ from gonum's in the last bits, since sums are taken in another order and with fused
// multiply-add instructions. They don't depend on the number of threads. The environment variable
// FALLLINE_KERNEL=generic|avx2|avx512 forces a set of kernels.
package blas

import (
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/gonum"

	"github.com/fallline/fallline/internal/kernel"
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

// SetThreads sets how many threads the operations use, the caller's included; 0 means GOMAXPROCS, the default. It
// holds for the whole program. Negative numbers are an error.
func SetThreads(n int) error { return kernel.SetThreads(n) }

// Threads returns how many threads the operations use at most.
func Threads() int { return kernel.Threads() }

// Kernels returns the name of the set of kernels in use: "generic", "avx2" or "avx512". The error tells why a choice
// by FALLLINE_KERNEL was not followed.
func Kernels() (string, error) { return kernel.Name(), kernel.Err() }
