package softmax

import "github.com/fallline/fallline/internal/kernel"

// routines are the inner loops that one kernel set has for one type: single-threaded, on parts that the functions
// around them cut. All sets give the bits of the definitions, but for the signs of zeros and the bits of NaNs.
type routines[T kernel.Float] struct {
	shift func(classes int, x []T, labels []int, shifted []float64) float64
	exp   func(x []float64)
	scale func(classes int, exp []float64, labels []int, d []T, sums []float64, scale float64)
}

// definitions are the routines in plain Go.
func definitions[T kernel.Float]() routines[T] {
	return routines[T]{
		shift: shiftGeneric[T],
		exp:   expGeneric[T],
		scale: scaleGeneric[T],
	}
}

// table holds the definitions; the generated tables put in what the faster sets have.
var table = kernel.NewTable(definitions[float32](), definitions[float64]())

// inUse returns the routines of the set in use.
func inUse[T kernel.Float]() *routines[T] { return kernel.Of[T, routines[T]](&table) }
