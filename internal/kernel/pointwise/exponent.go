package pointwise

import (
	"math"
	"unsafe"

	"github.com/fallline/fallline/internal/kernel"
)

// Exponent returns the least e at which every |x_i| < 2^e, and whether all are finite; where they aren't e is the
// type's greatest. Zeros and subnormal numbers count as below the least normal one. It takes one thread and costs as
// little as reading x does, so that numbers may be looked at while they are in cache.
func Exponent[T kernel.Float](x []T) (e int, finite bool) {
	top := topBits(x)
	if kernel.Is32[T]() {
		e = int(top >> 23)
		return e - 126, e < 0xff
	}
	e = int(top >> 20)
	return e - 1022, e < 0x7ff
}

// topBits is the greatest of |x|'s upper 32 bits: as whole numbers these are in the order of the numbers, with
// infinities and NaNs on top.
func topBits[T kernel.Float](x []T) uint32 {
	if len(x) < topLeast {
		return topBitsGeneric(x)
	}
	return inUse[T]().topBits(x)
}

// topLeast is how many elements the routines take at least: the longest vector's.
const topLeast = 16

func topBitsGeneric[T kernel.Float](x []T) (top uint32) {
	if kernel.Is32[T]() {
		for _, v := range unsafe.Slice((*float32)(unsafe.Pointer(unsafe.SliceData(x))), len(x)) {
			top = max(top, math.Float32bits(v)&0x7fffffff)
		}
		return top
	}
	for _, v := range unsafe.Slice((*float64)(unsafe.Pointer(unsafe.SliceData(x))), len(x)) {
		top = max(top, uint32(math.Float64bits(v)>>32)&0x7fffffff)
	}
	return top
}
