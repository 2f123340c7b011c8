package stock

import (
	"github.com/fallline/fallline/graph/internal/gate"
	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/tensors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// transposeKernel is the kernel that brings axis pattern[i] of its argument to place i.
func transposeKernel[T kernel.Float](pattern []int) Kernel {
	if len(pattern) > maxAxes {
		return nil
	}
	return func(out gorgonia.Value, in []gorgonia.Value) {
		x, y, shape := tensors.Elements[T](in[0]), tensors.Elements[T](out), in[0].Shape()
		want("axes", len(shape), len(pattern))
		permute(x, y, shape, pattern)
	}
}

// maxAxes is how many axes permute takes.
const maxAxes = 8

// permute walks the result in order, its last axis in an inner loop.
func permute[T kernel.Float](x, y []T, shape tensor.Shape, pattern []int) {
	var size, step, at [maxAxes]int
	axes := len(pattern)
	for i, a := range pattern {
		size[i] = shape[a]
		step[i] = shape[a+1:].TotalSize()
	}
	n, stride := size[axes-1], step[axes-1]
	from := 0
	for done := 0; done < len(y); done += n {
		row := y[done : done+n]
		if stride == 1 {
			copy(row, x[from:])
		} else {
			for i := range row {
				row[i] = x[from+i*stride]
			}
		}
		for i := axes - 2; i >= 0; i-- {
			at[i]++
			from += step[i]
			if at[i] < size[i] {
				break
			}
			from -= at[i] * step[i]
			at[i] = 0
		}
	}
}

// concatKernel is the kernel that joins its arguments along an axis.
func concatKernel[T kernel.Float](axis int) Kernel {
	return func(out gorgonia.Value, in []gorgonia.Value) {
		y := tensors.Elements[T](out)
		_, total, inner := split(out.Shape(), axis)
		at := 0
		for _, v := range in {
			x := tensors.Elements[T](v)
			rows, n, _ := split(v.Shape(), axis)
			for r := range rows {
				copy(y[(r*total+at)*inner:], x[r*n*inner:(r+1)*n*inner])
			}
			at += n
		}
		want("result", total, at)
	}
}

// cut returns the bounds of a slice with steps of 1.
func cut(op gate.Op) (lo, hi int, ok bool) {
	s := op.Bounds()
	if s == nil || s.Step() > 1 || s.Start() < 0 || s.End() <= s.Start() {
		return 0, 0, false
	}
	return s.Start(), s.End(), true
}

// sliceKernel is the kernel that copies a slice out.
func sliceKernel[T kernel.Float](op gate.Op) Kernel {
	return cutKernel(op, cutOut[T])
}

// cutOut copies elements lo to hi−1 of an axis.
func cutOut[T kernel.Float](out gorgonia.Value, in []gorgonia.Value, axis, lo, hi int) {
	x, y := tensors.Elements[T](in[0]), tensors.Elements[T](out)
	rows, n, inner := split(in[0].Shape(), axis)
	width := (hi - lo) * inner
	want("slice", min(hi, n), hi)
	want("result", len(y), rows*width)
	for r := range rows {
		copy(y[r*width:(r+1)*width], x[(r*n+lo)*inner:])
	}
}

// sliceGradKernel is the kernel of its gradient: zeros with the slice's gradient in the slice's place.
func sliceGradKernel[T kernel.Float](op gate.Op) Kernel {
	return cutKernel(op, func(out gorgonia.Value, in []gorgonia.Value, axis, lo, hi int) {
		dy, dx := tensors.Elements[T](in[1]), tensors.Elements[T](out)
		rows, n, inner := split(out.Shape(), axis)
		width := (hi - lo) * inner
		want("slice", min(hi, n), hi)
		want("gradient", len(dy), rows*width)
		clear(dx)
		for r := range rows {
			copy(dx[(r*n+lo)*inner:], dy[r*width:(r+1)*width])
		}
	})
}

// cutKernel makes a kernel of one for elements lo to hi−1 of an axis, if op is a slice that it can take. The slice may
// be changed, so that it is read at every run.
func cutKernel(op gate.Op, run func(out gorgonia.Value, in []gorgonia.Value, axis, lo, hi int)) Kernel {
	if _, _, ok := cut(op); !ok {
		return nil
	}
	return func(out gorgonia.Value, in []gorgonia.Value) {
		lo, hi, _ := cut(op)
		run(out, in, op.Axis, lo, hi)
	}
}

// Cut is the kernel that copies elements lo to hi−1 of an axis, or nil for a type that has none.
func Cut(dt tensor.Dtype, axis, lo, hi int) Kernel {
	return byType(dt,
		func() Kernel { return cutting[float32](axis, lo, hi) },
		func() Kernel { return cutting[float64](axis, lo, hi) })
}

func cutting[T kernel.Float](axis, lo, hi int) Kernel {
	return func(out gorgonia.Value, in []gorgonia.Value) { cutOut[T](out, in, axis, lo, hi) }
}

// Copy is the kernel that gives an argument, or nil for a type that has none.
func Copy(dt tensor.Dtype, arg int) Kernel {
	if dt != tensor.Float32 && dt != tensor.Float64 {
		return nil
	}
	return func(out gorgonia.Value, in []gorgonia.Value) {
		want("result", copy(tensors.Memory(out), tensors.Memory(in[arg])), len(tensors.Memory(out)))
	}
}
