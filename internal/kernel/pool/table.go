package pool

import "github.com/fallline/fallline/internal/kernel"

// routines are the inner loops that one kernel set has for one type: single-threaded, on parts that the functions
// around them cut. All sets give the bits of the definitions, but for the signs of zeros and the bits of NaNs.
type routines[T kernel.Float] struct {
	maxPool          func(count, channels, kh, kw, step, col, row, first, width int, x, y []T, arg []uint16)
	maxPoolGrad      func(count, channels, kh, kw, step, col, row, first, width int, dy []T, arg []uint16, dx []T)
	maxPoolGradApart func(count, channels, kh, kw, step, col, row, first, width int, dy []T, arg []uint16, dx []T)
	poolPick         func(count, channels, kh, kw, step, col, row, first, width int, x []T, arg []uint16, z []T)
	poolPick2        func(count, channels, step, col, row int, x []T, arg []uint16, z []T)
	maxPool2         func(count, channels, step, col, row int, x, y []T, arg []uint16)
	maxPoolGrad2     func(count, channels, step, col, row int, dy []T, arg []uint16, dx []T)
	avgPool          func(count, channels, kh, kw, step, col, row int, scale T, x, y []T)
	avgPoolGrad      func(count, channels, kh, kw, step, col, row int, scale T, dy, dx []T)
	avgPoolGradApart func(count, channels, kh, kw, step, col, row int, scale T, dy, dx []T)
}

// definitions are the routines in plain Go.
func definitions[T kernel.Float]() routines[T] {
	return routines[T]{
		maxPool:          maxPoolGeneric[T],
		maxPoolGrad:      maxPoolGradGeneric[T],
		maxPoolGradApart: maxPoolGradApartGeneric[T],
		poolPick:         pickGeneric[T],
		poolPick2:        pick2Generic[T],
		maxPool2:         maxPool2Generic[T],
		maxPoolGrad2:     maxPoolGrad2Generic[T],
		avgPool:          avgPoolGeneric[T],
		avgPoolGrad:      avgPoolGradGeneric[T],
		avgPoolGradApart: avgPoolGradApartGeneric[T],
	}
}

// table holds the definitions; the generated tables put in what the faster sets have.
var table = kernel.NewTable(definitions[float32](), definitions[float64]())

// inUse returns the routines of the set in use.
func inUse[T kernel.Float]() *routines[T] { return kernel.Of[T, routines[T]](&table) }
