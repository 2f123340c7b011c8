package kernel

import "unsafe"

// Float is the element type of every kernel.
type Float interface{ float32 | float64 }

// Is32 reports whether T is float32. The compiler folds it to a constant in each instantiation.
func Is32[T Float]() bool {
	var z T
	return unsafe.Sizeof(z) == 4
}

// As32 views x as float32s. Only valid when is32[T]() holds.
func As32[T Float](x []T) []float32 {
	return unsafe.Slice((*float32)(unsafe.Pointer(unsafe.SliceData(x))), len(x))
}

// As64 views x as float64s. Only valid when is32[T]() doesn't hold.
func As64[T Float](x []T) []float64 {
	return unsafe.Slice((*float64)(unsafe.Pointer(unsafe.SliceData(x))), len(x))
}

// SizeOf returns the bytes of an element.
func SizeOf[T Float]() int {
	var z T
	return int(unsafe.Sizeof(z))
}
