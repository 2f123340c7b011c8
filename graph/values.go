package graph

import (
	"unsafe"

	"github.com/fallline/fallline/internal/tensors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// newScalar makes a zero scalar, or nil for a type that Gorgonia has no scalar of.
func newScalar(dt tensor.Dtype) gorgonia.Value {
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

// memoryOf is where a value's elements are, row by row, or nil.
func memoryOf(v gorgonia.Value) []byte {
	switch v := v.(type) {
	case *tensor.Dense:
		return tensors.Ordered(v).Raw[:v.Shape().TotalSize()*int(v.Dtype().Size())]
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
func bytesOf[T any](p *T) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(p)), unsafe.Sizeof(*p))
}

// assign copies the elements of src to dst, which must have as many of the same type, and says whether it could.
func assign(dst, src gorgonia.Value) bool {
	if dst.Dtype() != src.Dtype() {
		return false
	}
	to, from := memoryOf(dst), memoryOf(src)
	if len(to) != len(from) || to == nil {
		return false
	}
	copy(to, from)
	return true
}

// number is a scalar's value, or a tensor's only element, as a float64.
func number(v gorgonia.Value) float64 {
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
