package stock

import (
	"unsafe"

	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/pointwise"
)

func rectifier[T kernel.Float]() Kernel { return unary(pointwise.Relu[T]) }

func rectifierGrad[T kernel.Float]() Kernel { return looped(keepWhereNotNegative[T]) }

// keepWhereNotNegative is z = y where x ≥ 0, else 0. It tells by the sign bit without a branch: b & (b−1) has it set
// for the negative numbers but not for −0.
func keepWhereNotNegative[T kernel.Float](x, y, z []T) {
	if unsafe.Sizeof(T(0)) == 4 {
		a, b, c := patterns[uint32](x), patterns[uint32](y), patterns[uint32](z)
		for i, v := range a {
			c[i] = b[i] &^ uint32(int32(v&(v-1))>>31)
		}
		return
	}
	a, b, c := patterns[uint64](x), patterns[uint64](y), patterns[uint64](z)
	for i, v := range a {
		c[i] = b[i] &^ uint64(int64(v&(v-1))>>63)
	}
}

// patterns are the bit patterns of floats.
func patterns[U uint32 | uint64, T kernel.Float](s []T) []U {
	return unsafe.Slice((*U)(unsafe.Pointer(unsafe.SliceData(s))), len(s))
}
