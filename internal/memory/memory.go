// Package memory makes and reuses slices.
package memory

import "unsafe"

// Line is the size in bytes of a cache line, and of an AVX-512 register.
const Line = 64

// Number is a type of element without pointers.
type Number interface {
	~int8 | ~int16 | ~int32 | ~int64 | ~int | ~uint8 | ~uint16 | ~uint32 | ~uint64 | ~uint | ~float32 | ~float64
}

// Aligned makes n zeros, the first of which begins a Line. It has room for no more.
func Aligned[T Number](n int) []T {
	size := int(unsafe.Sizeof(T(0)))
	s := make([]T, n+Line/size)
	off := int(-uintptr(unsafe.Pointer(unsafe.SliceData(s)))%Line) / size
	return s[off : off+n : off+n]
}

// Resize returns a slice of n elements: s where it has room for them, and else a new one. What the elements hold is
// undefined.
func Resize[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}

// Bytes is the memory of a slice.
func Bytes[T Number](s []T) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(s))), len(s)*int(unsafe.Sizeof(T(0))))
}
