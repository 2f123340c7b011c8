//go:build !purego

package gemm

import (
	"gonum.org/v1/gonum/blas/gonum"

	"github.com/fallline/fallline/internal/kernel"
)

// init gives the set sse2 gonum's products, which are in assembly for SSE2 and twice as fast as what the compiler makes
// of loops.
func init() {
	f32, f64 := newGenericKernels[float32](), newGenericKernels[float64]()
	f32.library, f64.library = gonum.Implementation{}.Sgemm, gonum.Implementation{}.Dgemm
	table.F32[kernel.SSE2], table.F64[kernel.SSE2] = f32, f64
}
