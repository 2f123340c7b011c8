package graph

import (
	"reflect"
	"unsafe"

	"github.com/fallline/fallline/internal/kernel"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// This file and the other lower_*.go replace ops of Gorgonia by kernels that mean the same. They know an op by its Go type and by how
// it prints, since Gorgonia exports neither type nor fields. Everything about shapes is read when the kernel runs, because the batch
// size changes; what doesn't match is left to the op itself.

// lowering computes a node's value into out. It panics on arguments that don't fit, which becomes the node's error.
type lowering func(out gorgonia.Value, in []gorgonia.Value)

// lower gives the slot a kernel, if there is one for its op, and says whether it did. It may take other slots than the op's
// arguments as the kernel's.
func (s *slot) lower(slots []slot) bool {
	switch s.dtype {
	case tensor.Float32:
		s.kernel = lowerOp[float32](s, slots)
	case tensor.Float64:
		s.kernel = lowerOp[float64](s, slots)
	}
	return s.kernel != nil
}

// lowerOp finds the kernel of an op.
func lowerOp[T kernel.Float](s *slot, slots []slot) lowering {
	op := computed(s.node)
	switch opType(op) {
	case "*gorgonia.byIndicesOp":
		return lowerByIndices[T](integer(op, "axis"))
	case "*gorgonia.byIndicesOpDiffOp":
		return lowerByIndicesGrad[T](integer(op, "axis"))
	}
	for _, k := range s.in {
		if slots[k].dtype != s.dtype {
			return nil
		}
	}
	if o, ok := op.(*gradientOp); ok {
		return o.kernel(s.dtype)
	}
	switch opType(op) {
	case "gorgonia.elemBinOp":
		if k := lowerRectifier[T](s, slots); k != nil {
			return k
		}
		return lowerBinary[T](op.String())
	case "gorgonia.elemUnaryOp":
		return lowerUnary[T](op.String())
	case "gorgonia.linAlgBinOp":
		return lowerProduct[T](op.String())
	case "gorgonia.sumOp":
		return lowerSum[T](ints(op, "along"))
	case "*gorgonia.maxOp":
		return lowerMax[T](ints(op, "along"))
	case "gorgonia.minBetween":
		return looped(lesser[T])
	case "gorgonia.maxBetween":
		return looped(greater[T])
	case "gorgonia.sizeOp":
		return lowerSize[T](s.axis)
	case "*gorgonia.repeatOp":
		return lowerRepeat[T](integer(op, "along"))
	case "*gorgonia.softmaxOp":
		return lowerSoftmax[T](integer(op, "axis"), boolean(op, "isLog"))
	case "*gorgonia.softmaxDiffOp":
		return lowerSoftmaxGrad[T](integer(op, "axis"), boolean(op, "isLog"))
	case "*gorgonia.sparsemaxOp":
		return lowerSparsemax[T](integer(op, "axis"))
	case "*gorgonia.maxPoolOp":
		return lowerMaxPool[T](maxPoolOf(op))
	case "*gorgonia.maxPoolDiffOp":
		return lowerMaxPoolGrad[T](maxPoolOf(op))
	case "*gorgonia.globalAveragePoolOp":
		return lowerGlobalPool[T]()
	case "*gorgonia.GroupNormOp":
		return lowerGroupNorm[T](op)
	case "*gorgonia.groupNormDiffOp":
		return lowerGroupNormGrad[T](op)
	case "gorgonia.transposeOp":
		return lowerTranspose[T](ints(op, "pattern"))
	case "gorgonia.concatOp":
		return lowerConcat[T](integer(op, "axis"))
	case "*gorgonia.sliceOp":
		return lowerSlice[T](op)
	case "gorgonia.sliceIncrOp":
		return lowerSliceGrad[T](op)
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

// field is a field of a Gorgonia op.
func field(op gorgonia.Op, name string) reflect.Value {
	return reflect.Indirect(reflect.ValueOf(op)).FieldByName(name)
}

func integer(op gorgonia.Op, name string) int { return int(field(op, name).Int()) }

func boolean(op gorgonia.Op, name string) bool { return field(op, name).Bool() }

func ints(op gorgonia.Op, name string) []int {
	f := field(op, name)
	l := make([]int, f.Len())
	for i := range l {
		l[i] = int(f.Index(i).Int())
	}
	return l
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
