package norm

import "github.com/fallline/fallline/internal/kernel"

// routines are the inner loops that one kernel set has for one type: single-threaded, on parts that the functions
// around them cut. All sets give the bits of the definitions, but for the signs of zeros and the bits of NaNs.
type routines[T kernel.Float] struct {
	colSum        func(rows, cols, stride int, x []T, sum []float64)
	apply         func(rows, cols int, x, scale, shift, y []T)
	applyRelu     func(rows, cols int, x, scale, shift, y []T)
	sums          func(rows, cols, stride int, x []T, shift, sum, square []float64)
	gradSums      func(rows, cols, stride int, x, dy, scale, shift []T, mean, sum, product []float64)
	gradSumsRelu  func(rows, cols, stride int, x, dy, scale, shift []T, mean, sum, product []float64)
	gradApply     func(rows, cols int, x, dy, scale, shift, mean, a, b, c, dx []T)
	gradApplyRelu func(rows, cols int, x, dy, scale, shift, mean, a, b, c, dx []T)
}

// definitions are the routines in plain Go.
func definitions[T kernel.Float]() routines[T] {
	return routines[T]{
		colSum:        colSumGeneric[T],
		apply:         applyGeneric[T],
		applyRelu:     applyReluGeneric[T],
		sums:          sumsGeneric[T],
		gradSums:      gradSumsGeneric[T],
		gradSumsRelu:  gradSumsReluGeneric[T],
		gradApply:     gradApplyGeneric[T],
		gradApplyRelu: gradApplyReluGeneric[T],
	}
}

// table holds the definitions; the generated tables put in what the faster sets have.
var table = kernel.NewTable(definitions[float32](), definitions[float64]())

// inUse returns the routines of the set in use.
func inUse[T kernel.Float]() *routines[T] { return kernel.Of[T, routines[T]](&table) }
