package kernel

import "gonum.org/v1/gonum/blas/gonum"

// init lets the generic set's axpy be gonum's, which is in assembly for SSE and rounds as the definition does, element by element.
func init() {
	routines32[setGeneric].axpy = func(a float32, x, y, z []float32) {
		if a == 0 { // gonum takes it for nothing to do, but 0·∞ and 0·NaN are NaN
			axpyGeneric(a, x, y, z)
			return
		}
		gonum.Implementation{}.Saxpy(len(z), a, x, 1, z, 1)
	}
	routines64[setGeneric].axpy = func(a float64, x, y, z []float64) {
		if a == 0 {
			axpyGeneric(a, x, y, z)
			return
		}
		gonum.Implementation{}.Daxpy(len(z), a, x, 1, z, 1)
	}
}
