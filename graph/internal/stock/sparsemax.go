package stock

import (
	"slices"

	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/tensors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// sparsemaxAxis is the axis that Sparsemax takes: the last one unless another is given.
func sparsemaxAxis(shape tensor.Shape, axis int) int {
	if axis >= 0 {
		return axis
	}
	return len(shape) - 1
}

// sparsemaxKernel is the kernel of the projection on the simplex along an axis (Martins & Astudillo 2016, algorithm 1).
// Gorgonia's own is right for the rows of a matrix only.
func sparsemaxKernel[T kernel.Float](axis int) Kernel {
	var sorted []T
	return func(out gorgonia.Value, in []gorgonia.Value) {
		x, y := tensors.Elements[T](in[0]), tensors.Elements[T](out)
		want("result", len(y), len(x))
		eachRow(in[0].Shape(), sparsemaxAxis(in[0].Shape(), axis), func(lo, n, step int) {
			sorted = sorted[:0]
			for i := range n {
				sorted = append(sorted, x[lo+i*step])
			}
			slices.Sort(sorted)
			sum, threshold := 0.0, 0.0
			for k := 1; k <= n; k++ {
				v := float64(sorted[n-k])
				sum += v
				if 1+float64(k)*v > sum {
					threshold = (sum - 1) / float64(k)
				}
			}
			for i := range n {
				y[lo+i*step] = T(max(0, float64(x[lo+i*step])-threshold))
			}
		})
	}
}

// SparsemaxGrad is the kernel of its gradient, by the result and its gradient: the mean-free part of the gradient where
// the result isn't 0.
func SparsemaxGrad[T kernel.Float](axis int) Kernel {
	return func(out gorgonia.Value, in []gorgonia.Value) {
		y, dy, dx := tensors.Elements[T](in[0]), tensors.Elements[T](in[1]), tensors.Elements[T](out)
		eachRow(in[0].Shape(), sparsemaxAxis(in[0].Shape(), axis), func(lo, n, step int) {
			sum, support := 0.0, 0
			for i := range n {
				if y[lo+i*step] > 0 {
					sum += float64(dy[lo+i*step])
					support++
				}
			}
			for i := range n {
				dx[lo+i*step] = 0
				if y[lo+i*step] > 0 {
					dx[lo+i*step] = T(float64(dy[lo+i*step]) - sum/float64(support))
				}
			}
		})
	}
}

// eachRow calls f for every row along an axis: where it begins, how many elements it has and how far apart.
func eachRow(shape tensor.Shape, axis int, f func(lo, n, step int)) {
	rows, n, inner := split(shape, axis)
	for r := range rows {
		for i := range inner {
			f(r*n*inner+i, n, inner)
		}
	}
}
