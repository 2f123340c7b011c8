package stock

import (
	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/norm"
	"github.com/fallline/fallline/internal/kernel/pointwise"
	"github.com/fallline/fallline/internal/tensors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// sumKernel is the kernel of a sum along axes.
func sumKernel[T kernel.Float](along []int) Kernel {
	summed := make(map[int]bool)
	for _, a := range along {
		summed[a] = true
	}
	return func(out gorgonia.Value, in []gorgonia.Value) {
		x, y, shape := tensors.Elements[T](in[0]), tensors.Elements[T](out), in[0].Shape()
		switch {
		case len(along) == 0 || len(y) == 1:
			y[0] = T(pointwise.Sum(x))
		case len(along) == 1 && along[0] == 0:
			norm.ColSum(shape[0], len(x)/shape[0], x, y)
		case len(along) == 1:
			rows, n, inner := split(shape, along[0])
			for r := range rows {
				sumAxis(x[r*n*inner:(r+1)*n*inner], y[r*inner:(r+1)*inner])
			}
		default:
			clear(y)
			sumInto(x, y, shape, 0, summed, 0)
		}
	}
}

// sumAxis adds up the rows of x into y.
func sumAxis[T kernel.Float](x, y []T) {
	if len(y) == 1 {
		y[0] = T(pointwise.Sum(x))
		return
	}
	norm.ColSum(len(x)/len(y), len(y), x, y)
}

// sumInto adds the elements of x, which has the axes of shape from axis on, to those of y from place at on. It returns
// how many elements of y that were.
func sumInto[T kernel.Float](x, y []T, shape tensor.Shape, axis int, summed map[int]bool, at int) int {
	if axis == len(shape) {
		y[at] += x[0]
		return 1
	}
	inner := len(x) / shape[axis]
	n, moved := 0, 0
	for i := range shape[axis] {
		moved = sumInto(x[i*inner:(i+1)*inner], y, shape, axis+1, summed, at+n)
		if !summed[axis] {
			n += moved
		}
	}
	if summed[axis] {
		return moved
	}
	return n
}

// sizeKernel is the kernel of an extent along an axis.
func sizeKernel[T kernel.Float](axis int) Kernel {
	return func(out gorgonia.Value, in []gorgonia.Value) {
		n := 1
		if s := in[0].Shape(); len(s) > 0 {
			n = s[axis]
		}
		tensors.Elements[T](out)[0] = T(n)
	}
}

// repeatKernel is the kernel that repeats along an axis as many times as its second argument says, or, which is the
// same, as the result has room for.
func repeatKernel[T kernel.Float](axis int) Kernel {
	return func(out gorgonia.Value, in []gorgonia.Value) {
		x, y := tensors.Elements[T](in[0]), tensors.Elements[T](out)
		if len(x) == 1 {
			pointwise.Fill(x[0], y)
			return
		}
		shape := in[0].Shape()
		inner := 1
		if axis < len(shape) {
			_, _, inner = split(shape, axis)
		}
		times := len(y) / len(x)
		want("result", len(y), times*len(x))
		for i := 0; i < len(x); i += inner {
			from, to := x[i:i+inner], y[i*times:(i+inner)*times]
			if inner == 1 {
				pointwise.Fill(from[0], to)
				continue
			}
			for n := copy(to, from); n < len(to); {
				n += copy(to[n:], to[:n])
			}
		}
	}
}
