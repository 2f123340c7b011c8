// Package stock computes what Gorgonia's own ops compute, by this module's kernels: on several threads, without
// allocating, and right where Gorgonia's own are wrong. It has the gradients too that package mend needs.
//
// Everything about shapes is read when a kernel runs, because the batch size changes; what a kernel can't do is left to
// the op itself.
package stock

import (
	"github.com/fallline/fallline/graph/internal/gate"
	"github.com/fallline/fallline/internal/kernel"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Kernel computes a node's value into out. It panics on arguments that don't fit, which becomes the node's error.
type Kernel func(out gorgonia.Value, in []gorgonia.Value)

// Of is the kernel of an op for a result of a type, or nil where there is none. All arguments must be of the result's
// type, but for indices.
func Of(op gate.Op, dt tensor.Dtype) Kernel {
	return byType(dt, func() Kernel { return of[float32](op) }, func() Kernel { return of[float64](op) })
}

// Rectifier is the kernel of y = max(x, 0), or nil for a type that has none.
func Rectifier(dt tensor.Dtype) Kernel { return byType(dt, rectifier[float32], rectifier[float64]) }

// RectifierGrad is the kernel of its gradient, by x and dy. As in Gorgonia it is 1 at 0.
func RectifierGrad(dt tensor.Dtype) Kernel {
	return byType(dt, rectifierGrad[float32], rectifierGrad[float64])
}

// byType makes a kernel for a type, or nil for one that has none.
func byType(dt tensor.Dtype, f32, f64 func() Kernel) Kernel {
	switch dt {
	case tensor.Float32:
		return f32()
	case tensor.Float64:
		return f64()
	}
	return nil
}

func of[T kernel.Float](op gate.Op) Kernel {
	switch op.Kind {
	case gate.ByIndices:
		return byIndicesKernel[T](op.Axis)
	case gate.ByIndicesGrad:
		return byIndicesGradKernel[T](op.Axis)
	case gate.Binary:
		return binaryKernel[T](op.Function, op.Numbers)
	case gate.Unary:
		return unaryKernel[T](op.Function)
	case gate.Product:
		return productKernel[T](op)
	case gate.Sum:
		return sumKernel[T](op.Axes)
	case gate.Max:
		return maxKernel[T](op.Axes)
	case gate.MinBetween:
		return looped(lesser[T])
	case gate.MaxBetween:
		return looped(greater[T])
	case gate.Size:
		return sizeKernel[T](op.Axis)
	case gate.Repeat:
		return repeatKernel[T](op.Axis)
	case gate.Softmax:
		return softmaxKernel[T](op.Axis, op.Log)
	case gate.SoftmaxGrad:
		return softmaxGradKernel[T](op.Axis, op.Log)
	case gate.Sparsemax:
		return sparsemaxKernel[T](op.Axis)
	case gate.MaxPool:
		return maxPoolKernel[T](op.Window)
	case gate.MaxPoolGrad:
		return maxPoolGradKernel[T](op.Window)
	case gate.GlobalAveragePool:
		return globalPoolKernel[T]()
	case gate.GroupNorm:
		return groupNormKernel[T](op.Groups, op.Epsilon)
	case gate.GroupNormGrad:
		return groupNormGradKernel[T](op.Groups, op.Epsilon)
	case gate.Transpose:
		return transposeKernel[T](op.Axes)
	case gate.Concat:
		return concatKernel[T](op.Axis)
	case gate.Slice:
		return sliceKernel[T](op)
	case gate.SliceGrad:
		return sliceGradKernel[T](op)
	}
	return nil
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
