package pointwise

import "github.com/fallline/fallline/internal/kernel"

// mapping is a pointwise function. Each reads what it needs of a, x, y and z, and writes z; those it doesn't need may
// be nil.
type mapping[T kernel.Float] func(a T, x, y, z []T)

// routines are the inner loops that one kernel set has for one type: single-threaded, on parts that the functions
// around them cut. All sets give the bits of the definitions, but for the signs of zeros and the bits of NaNs.
type routines[T kernel.Float] struct {
	add         mapping[T]
	addRelu     mapping[T]
	mul         mapping[T]
	scale       mapping[T]
	axpy        mapping[T]
	fill        mapping[T]
	shrink      mapping[T]
	relu        mapping[T]
	reluGrad    mapping[T]
	exp         mapping[T]
	sigmoid     mapping[T]
	tanh        mapping[T]
	sigmoidGrad mapping[T]
	tanhGrad    mapping[T]
	gelu        mapping[T]
	geluGrad    mapping[T]
	dot         func(x, y []T) float64 // of a multiple of 32 elements, as sum
	sum         func(x []T) float64
	topBits     func(x []T) uint32 // of topLeast elements or more
	dropout     func(start, lo, hi, threshold uint32, scale T, x, y []T)
}

// definitions are the routines in plain Go.
func definitions[T kernel.Float]() routines[T] {
	return routines[T]{
		add:         addGeneric[T],
		addRelu:     addReluGeneric[T],
		mul:         mulGeneric[T],
		scale:       scaleGeneric[T],
		axpy:        axpyGeneric[T],
		fill:        fillGeneric[T],
		shrink:      shrinkGeneric[T],
		relu:        reluGeneric[T],
		reluGrad:    reluGradGeneric[T],
		exp:         expGeneric[T],
		sigmoid:     sigmoidGeneric[T],
		tanh:        tanhGeneric[T],
		sigmoidGrad: sigmoidGradGeneric[T],
		tanhGrad:    tanhGradGeneric[T],
		gelu:        geluGeneric[T],
		geluGrad:    geluGradGeneric[T],
		dot:         dotGeneric[T],
		sum:         sumGeneric[T],
		topBits:     topBitsGeneric[T],
		dropout:     dropoutGeneric[T],
	}
}

// table holds the definitions; the generated tables put in what the faster sets have.
var table = kernel.NewTable(definitions[float32](), definitions[float64]())

// inUse returns the routines of the set in use.
func inUse[T kernel.Float]() *routines[T] {
	return kernel.Of[T, routines[T]](&table)
}
