package tensors

import (
	"reflect"
	"slices"
	"unsafe"

	"github.com/fallline/fallline/internal/memory"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// NewScalar makes a zero scalar, or nil for a type that Gorgonia has no scalar of.
func NewScalar(dt tensor.Dtype) gorgonia.Value {
	switch dt {
	case tensor.Float64:
		return gorgonia.NewF64(0)
	case tensor.Float32:
		return gorgonia.NewF32(0)
	case tensor.Int:
		return gorgonia.NewI(0)
	case tensor.Int64:
		return gorgonia.NewI64(0)
	case tensor.Int32:
		return gorgonia.NewI32(0)
	case tensor.Uint8:
		return gorgonia.NewU8(0)
	case tensor.Bool:
		return gorgonia.NewB(false)
	}
	return nil
}

// Memory is where a value's elements are, row by row, or nil.
func Memory(v gorgonia.Value) []byte {
	switch v := v.(type) {
	case *tensor.Dense:
		return Ordered(v).Raw[:v.Shape().TotalSize()*int(v.Dtype().Size())]
	case *gorgonia.F64:
		return bytesOf(v)
	case *gorgonia.F32:
		return bytesOf(v)
	case *gorgonia.I:
		return bytesOf(v)
	case *gorgonia.I64:
		return bytesOf(v)
	case *gorgonia.I32:
		return bytesOf(v)
	case *gorgonia.U8:
		return bytesOf(v)
	case *gorgonia.B:
		return bytesOf(v)
	}
	return nil
}

// bytesOf is the memory of a variable.
func bytesOf[T any](p *T) []byte { return unsafe.Slice((*byte)(unsafe.Pointer(p)), unsafe.Sizeof(*p)) }

// One is a slice over a variable.
func One[T any](p *T) []T { return unsafe.Slice(p, 1) }

// Elements are a value's elements, row by row: they are the value's own memory, and of a scalar its one. A tensor must
// be InOrder, its type of T's size. It panics on a value that is neither a dense tensor nor a float.
func Elements[T memory.Number](v gorgonia.Value) []T {
	switch v := v.(type) {
	case *tensor.Dense:
		return unsafe.Slice((*T)(unsafe.Pointer(unsafe.SliceData(v.Raw))), v.Shape().TotalSize())
	case *gorgonia.F32:
		return unsafe.Slice((*T)(unsafe.Pointer(v)), 1)
	case *gorgonia.F64:
		return unsafe.Slice((*T)(unsafe.Pointer(v)), 1)
	}
	panic("a value that is neither a dense tensor nor a float")
}

// Over makes a tensor over bytes, which must be aligned for the type and hold the shape's elements.
func Over(dt tensor.Dtype, shape tensor.Shape, bytes []byte) *tensor.Dense {
	n := shape.TotalSize()
	backing := reflect.SliceAt(dt.Type, unsafe.Pointer(unsafe.SliceData(bytes)), n).Interface()
	return tensor.New(tensor.WithShape(shape...), tensor.WithBacking(backing))
}

// Same compares two shapes; unlike Shape.Eq it tells a row from a vector.
func Same(a, b []int) bool { return slices.Equal(a, b) }

// Assign copies the elements of src to dst, which must have as many of the same type, and says whether it could.
func Assign(dst, src gorgonia.Value) bool {
	if dst.Dtype() != src.Dtype() {
		return false
	}
	to, from := Memory(dst), Memory(src)
	if len(to) != len(from) || to == nil {
		return false
	}
	copy(to, from)
	return true
}

// Number is a scalar's value, or a tensor's only element, as a float64.
func Number(v gorgonia.Value) float64 {
	switch v := v.(type) {
	case *gorgonia.F64:
		return float64(*v)
	case *gorgonia.F32:
		return float64(*v)
	case *gorgonia.I:
		return float64(*v)
	case *tensor.Dense:
		switch v.Dtype() {
		case tensor.Float64:
			return v.Float64s()[0]
		case tensor.Float32:
			return float64(v.Float32s()[0])
		}
	}
	return 0
}
