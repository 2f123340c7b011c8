package graph

import (
	"unsafe"

	"github.com/fallline/fallline/graph/internal/gate"
	"github.com/fallline/fallline/internal/kernel"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// This file and the other lower_*.go replace ops of Gorgonia by kernels that mean the same. Everything about shapes is read when the kernel
// runs, because the batch size changes; what doesn't match is left to the op itself.

// lowering computes a node's value into out. It panics on arguments that don't fit, which becomes the node's error.
type lowering func(out gorgonia.Value, in []gorgonia.Value)

// lower gives the slot a kernel, if there is one for its op, and says whether it did. It may take other slots than the op's
// arguments as the kernel's.
func (s *slot) lower(slots []slot) bool {
	switch s.Type {
	case tensor.Float32:
		s.kernel = lowerOp[float32](s, slots)
	case tensor.Float64:
		s.kernel = lowerOp[float64](s, slots)
	}
	return s.kernel != nil
}

// lowerOp finds the kernel of an op.
func lowerOp[T kernel.Float](s *slot, slots []slot) lowering {
	switch s.Kind {
	case gate.ByIndices:
		return lowerByIndices[T](s.Axis)
	case gate.ByIndicesGrad:
		return lowerByIndicesGrad[T](s.Axis)
	}
	for _, k := range s.in {
		if slots[k].Type != s.Type {
			return nil
		}
	}
	switch s.Kind {
	case gate.Other:
		if o, ok := s.Expr.Op().(*gradientOp); ok {
			return o.kernel(s.Type)
		}
	case gate.Binary:
		if k := lowerRectifier[T](s, slots); k != nil {
			return k
		}
		return lowerBinary[T](s.Function, s.Numbers)
	case gate.Unary:
		return lowerUnary[T](s.Function)
	case gate.Product:
		return lowerProduct[T](s.Op)
	case gate.Sum:
		return lowerSum[T](s.Axes)
	case gate.Max:
		return lowerMax[T](s.Axes)
	case gate.MinBetween:
		return looped(lesser[T])
	case gate.MaxBetween:
		return looped(greater[T])
	case gate.Size:
		return lowerSize[T](s.Axis)
	case gate.Repeat:
		return lowerRepeat[T](s.Axis)
	case gate.Softmax:
		return lowerSoftmax[T](s.Axis, s.Log)
	case gate.SoftmaxGrad:
		return lowerSoftmaxGrad[T](s.Axis, s.Log)
	case gate.Sparsemax:
		return lowerSparsemax[T](s.Axis)
	case gate.MaxPool:
		return lowerMaxPool[T](s.Window)
	case gate.MaxPoolGrad:
		return lowerMaxPoolGrad[T](s.Window)
	case gate.GlobalAveragePool:
		return lowerGlobalPool[T]()
	case gate.GroupNorm:
		return lowerGroupNorm[T](s.Groups, s.Epsilon)
	case gate.GroupNormGrad:
		return lowerGroupNormGrad[T](s.Groups, s.Epsilon)
	case gate.Transpose:
		return lowerTranspose[T](s.Axes)
	case gate.Concat:
		return lowerConcat[T](s.Axis)
	case gate.Slice:
		return lowerSlice[T](s.Op)
	case gate.SliceGrad:
		return lowerSliceGrad[T](s.Op)
	}
	return nil
}

// elems are a value's elements: of a scalar, its one.
func elems[T kernel.Float](v gorgonia.Value) []T {
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

// split views a shape around an axis: rows × n × inner.
func split(shape tensor.Shape, axis int) (rows, n, inner int) {
	return shape[:axis].TotalSize(), shape[axis], shape[axis+1:].TotalSize()
}

// want panics unless a count is as it should be.
func want(what string, got, n int) {
	if got != n {
		panic(what + " of the wrong size")
	}
}
