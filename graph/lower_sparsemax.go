package graph

import (
	"fmt"
	"slices"

	"github.com/fallline/fallline/graph/internal/gate"
	"github.com/fallline/fallline/internal/kernel"
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

// lowerSparsemax is the kernel of the projection on the simplex along an axis (Martins & Astudillo 2016, algorithm 1). Gorgonia's own is
// right for the rows of a matrix only.
func lowerSparsemax[T kernel.Float](axis int) lowering {
	var sorted []T
	return func(out gorgonia.Value, in []gorgonia.Value) {
		x, y := elems[T](in[0]), elems[T](out)
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

// mendSparsemax gives Sparsemax its derivative, which is the mean-free part of the gradient where the result isn't 0.
func mendSparsemax(op gate.Op) derivative {
	axis := op.Axis
	return func(_ gorgonia.Nodes, y, dy *gorgonia.Node) (gorgonia.Nodes, error) {
		o := gradientOp{name: fmt.Sprint("gradient of sparsemax along ", axis)}
		o.f32 = func() lowering { return sparsemaxGrad[float32](axis) }
		o.f64 = func() lowering { return sparsemaxGrad[float64](axis) }
		dx, err := o.apply(y, dy)
		return gorgonia.Nodes{dx}, err
	}
}

func sparsemaxGrad[T kernel.Float](axis int) lowering {
	return func(out gorgonia.Value, in []gorgonia.Value) {
		y, dy, dx := elems[T](in[0]), elems[T](in[1]), elems[T](out)
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
