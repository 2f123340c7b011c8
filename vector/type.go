package vector

import (
	"fmt"

	"github.com/fallline/fallline/internal/kernel"
)

// Type is the type of a vector's elements.
type Type int

const (
	Float32 Type = 1 + iota
	Float64
)

// String is the Go name of the type.
func (t Type) String() string {
	switch t {
	case Float32:
		return "float32"
	case Float64:
		return "float64"
	}
	return fmt.Sprintf("Type(%d)", int(t))
}

// Size is the size of an element in bytes.
func (t Type) Size() int {
	if t == Float64 {
		return 8
	}
	return 4
}

// Epsilon is the distance from 1 to the next larger number of the type.
func (t Type) Epsilon() float64 {
	if t == Float64 {
		return 0x1p-52
	}
	return 0x1p-23
}

// Type is the type of an element.
func (v *Vector) Type() Type {
	if v.F64 != nil {
		return Float64
	}
	return Float32
}

// Of returns the elements of v in place, where they are of type T, and else nil.
func Of[T kernel.Float](v *Vector) []T {
	if x, ok := any(v.F64).([]T); ok {
		return x
	}
	return any(v.F32).([]T)
}

// ByType returns f32 where t is Float32 and f64 where it is Float64. It is how work on vectors finds its type of
// number: both are one generic function, as a rule, which takes the elements by Of.
//
//	vector.ByType(v.Type(), clip[float32], clip[float64])(v, limit)
func ByType[F any](t Type, f32, f64 F) F {
	if t == Float64 {
		return f64
	}
	return f32
}

// Part is elements lo to hi−1 of v in place, as a vector without ranges.
func (v *Vector) Part(lo, hi int) Vector {
	if v.F64 != nil {
		return Vector{F64: v.F64[lo:hi:hi]}
	}
	return Vector{F32: v.F32[lo:hi:hi]}
}

// Array is the memory of the range r: a []float32 or a []float64.
func (v *Vector) Array(r Range) any {
	if v.F64 != nil {
		return v.F64[r.Lo:r.Hi:r.Hi]
	}
	return v.F32[r.Lo:r.Hi:r.Hi]
}

// Assign copies between two slices of one length, each of which is a []float32 or a []float64, and rounds where to is
// narrower.
func Assign(to, from any) {
	switch to := to.(type) {
	case []float32:
		assign(to, from)
	case []float64:
		assign(to, from)
	}
}

func assign[T kernel.Float](to []T, from any) {
	switch from := from.(type) {
	case []T:
		copy(to, from)
	case []float32:
		Convert(to, from)
	case []float64:
		Convert(to, from)
	}
}

// Convert copies from into to, rounding where to is narrower. The two are of one length.
func Convert[T, U kernel.Float](to []T, from []U) {
	from = from[:len(to)]
	for i := range to {
		to[i] = T(from[i])
	}
}
