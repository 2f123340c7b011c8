package graph

import (
	"unsafe"

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
		return plain(v).Raw[:v.Shape().TotalSize()*int(v.Dtype().Size())]
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

// isPlain says whether a tensor's elements lie in its memory one after another, row by row.
func isPlain(d *tensor.Dense) bool {
	o := d.DataOrder()
	return !d.RequiresIterator() && !o.IsColMajor() && !o.IsTransposed() && len(d.Raw) >= d.Shape().TotalSize()*int(d.Dtype().Size())
}

// plain is the tensor itself, or a copy of it whose elements lie one after another.
func plain(d *tensor.Dense) *tensor.Dense {
	if isPlain(d) {
		return d
	}
	shape, strides := append(tensor.Shape(nil), d.Shape()...), d.Strides()
	size := int(d.Dtype().Size())
	c := header(d.Dtype(), shape, make([]byte, max(1, shape.TotalSize())*size))
	gather(c.Raw, d.Raw, shape, strides, size)
	return c
}

// gather copies the elements of a shape, which lie strides apart in src, one after another to dst, and returns what is left of dst.
func gather(dst, src []byte, shape tensor.Shape, strides []int, size int) []byte {
	if len(shape) == 0 {
		return dst[copy(dst, src[:size]):]
	}
	step := size // a column of a matrix may have one stride for its two axes
	if len(strides) == len(shape) {
		step, strides = strides[0]*size, strides[1:]
	}
	for i := range shape[0] {
		dst = gather(dst, src[i*step:], shape[1:], strides, size)
	}
	return dst
}
