package stock

import (
	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/tensors"
	"gorgonia.org/gorgonia"
)

// maxKernel is the kernel of a maximum along axes. A NaN is the maximum of its group.
func maxKernel[T kernel.Float](along []int) Kernel {
	return func(out gorgonia.Value, in []gorgonia.Value) {
		x, y := tensors.Elements[T](in[0]), tensors.Elements[T](out)
		f := foldingOf(in[0].Shape(), along)
		want("result", len(y), f.groups)
		for _, v := range x {
			if g := f.group(); f.first() || v > y[g] || v != v {
				y[g] = v
			}
			f.step()
		}
	}
}

// MaxGrad is the kernel of its gradient, by the argument, the result and its gradient: numbers that are the largest of
// their group share the group's gradient in equal parts.
func MaxGrad[T kernel.Float](along []int) Kernel {
	var ties []T
	return func(out gorgonia.Value, in []gorgonia.Value) {
		x, y, dy, dx := tensors.Elements[T](in[0]), tensors.Elements[T](in[1]), tensors.Elements[T](in[2]), tensors.Elements[T](out)
		f := foldingOf(in[0].Shape(), along)
		want("result", len(y), f.groups)
		if len(ties) < len(y) {
			ties = make([]T, len(y))
		}
		clear(ties)
		for i, v := range x {
			dx[i] = 0
			if g := f.group(); v == y[g] || v != v {
				ties[g]++
			}
			f.step()
		}
		f = foldingOf(in[0].Shape(), along)
		for i, v := range x {
			if g := f.group(); v == y[g] || v != v {
				dx[i] = dy[g] / ties[g]
			}
			f.step()
		}
	}
}
