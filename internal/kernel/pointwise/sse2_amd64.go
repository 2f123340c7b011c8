//go:build !purego

package pointwise

import (
	"gonum.org/v1/gonum/blas/gonum"

	"github.com/fallline/fallline/internal/kernel"
)

// init gives the set sse2 reductions that add up two numbers at a time and keep the definition's running sums in pairs,
// and gonum's axpy, which rounds as the definition does, element by element.
func init() {
	f32, f64 := &table.F32[kernel.SSE2], &table.F64[kernel.SSE2]
	f32.dot = func(x, y []float32) float64 {
		var s [sumLanes]float64
		dotSSE2F32(x, y, &s)
		return Fold(s[:])
	}
	f64.dot = func(x, y []float64) float64 {
		var s [sumLanes]float64
		dotSSE2F64(x, y, &s)
		return Fold(s[:])
	}
	f32.sum = func(x []float32) float64 {
		var s [sumLanes]float64
		sumSSE2F32(x, &s)
		return Fold(s[:])
	}
	f64.sum = func(x []float64) float64 {
		var s [sumLanes]float64
		sumSSE2F64(x, &s)
		return Fold(s[:])
	}
	f32.axpy = func(a float32, x, y, z []float32) {
		if a == 0 { // gonum takes it for nothing to do, but 0·∞ and 0·NaN are NaN
			axpyGeneric(a, x, y, z)
			return
		}
		gonum.Implementation{}.Saxpy(len(z), a, x, 1, z, 1)
	}
	f64.axpy = func(a float64, x, y, z []float64) {
		if a == 0 {
			axpyGeneric(a, x, y, z)
			return
		}
		gonum.Implementation{}.Daxpy(len(z), a, x, 1, z, 1)
	}
}
