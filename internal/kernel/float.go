package kernel

import "unsafe"

// Float is the element type of every kernel.
type Float interface{ float32 | float64 }

// is32 reports whether T is float32. The compiler folds it to a constant in each instantiation.
func is32[T Float]() bool {
	var z T
	return unsafe.Sizeof(z) == 4
}

// as32 views x as float32s. Only valid when is32[T]() holds.
func as32[T Float](x []T) []float32 {
	return unsafe.Slice((*float32)(unsafe.Pointer(unsafe.SliceData(x))), len(x))
}

// as64 views x as float64s. Only valid when is32[T]() doesn't hold.
func as64[T Float](x []T) []float64 {
	return unsafe.Slice((*float64)(unsafe.Pointer(unsafe.SliceData(x))), len(x))
}
