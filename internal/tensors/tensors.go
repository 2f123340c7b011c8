// Package tensors reaches the memory of Gorgonia's values: their elements in the order of their indices, however they
// lie in memory, and tensors over memory of our own.
package tensors

import (
	"reflect"

	"gorgonia.org/tensor"
)

// InOrder says whether a tensor's elements lie in its memory one after another, row by row.
func InOrder(d *tensor.Dense) bool {
	o := d.DataOrder()
	return !d.RequiresIterator() && !o.IsColMajor() && !o.IsTransposed() && len(d.Raw) >= d.Shape().TotalSize()*int(d.Dtype().Size())
}

// Ordered is the tensor itself where it is InOrder, and else a copy of it that is.
func Ordered(d *tensor.Dense) *tensor.Dense {
	if InOrder(d) {
		return d
	}
	dt, shape := d.Dtype(), append(tensor.Shape(nil), d.Shape()...)
	n := max(1, shape.TotalSize())
	c := tensor.New(tensor.WithShape(shape...), tensor.WithBacking(reflect.MakeSlice(reflect.SliceOf(dt.Type), n, n).Interface()))
	gather(c.Raw, d.Raw, shape, d.Strides(), int(dt.Size()))
	return c
}

// gather copies the elements of a shape, which lie strides apart in src, one after another to dst, and returns what is
// left of dst.
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
