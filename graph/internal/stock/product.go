package stock

import (
	"github.com/fallline/fallline/graph/internal/gate"
	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/gemm"
	"github.com/fallline/fallline/internal/kernel/pointwise"
	"github.com/fallline/fallline/internal/tensors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// productKernel is the kernel of a product of matrices and vectors. Unlike the ops it doesn't transpose its arguments
// in place.
func productKernel[T kernel.Float](op gate.Op) Kernel {
	switch op.Function {
	case gate.MatMul:
		return product[T](op.Left, op.Right)
	case gate.Dot:
		return func(out gorgonia.Value, in []gorgonia.Value) {
			x, y := tensors.Elements[T](in[0]), tensors.Elements[T](in[1])
			want("right argument", len(y), len(x))
			tensors.Elements[T](out)[0] = T(pointwise.Dot(x, y))
		}
	case gate.Outer:
		return func(out gorgonia.Value, in []gorgonia.Value) {
			x, y, z := tensors.Elements[T](in[0]), tensors.Elements[T](in[1]), tensors.Elements[T](out)
			want("result", len(z), len(x)*len(y))
			for i, v := range x {
				pointwise.ScaleTo(v, y, z[i*len(y):(i+1)*len(y)])
			}
		}
	}
	return nil
}

// product multiplies matrices, or stacks of as many matrices; a vector is a matrix of one column.
func product[T kernel.Float](ta, tb bool) Kernel {
	return func(out gorgonia.Value, in []gorgonia.Value) {
		x, y, z := tensors.Elements[T](in[0]), tensors.Elements[T](in[1]), tensors.Elements[T](out)
		rx, cx := lastTwo(in[0].Shape())
		ry, cy := lastTwo(in[1].Shape())
		m, k, k2, n := rx, cx, ry, cy
		if ta {
			m, k = cx, rx
		}
		if tb {
			k2, n = cy, ry
		}
		want("right argument", k2, k)
		stack := len(x) / (rx * cx)
		want("right argument", len(y), stack*ry*cy)
		want("result", len(z), stack*m*n)
		for i := range stack {
			gemm.Gemm(ta, tb, m, n, k, 1, x[i*rx*cx:(i+1)*rx*cx], cx, y[i*ry*cy:(i+1)*ry*cy], cy, 0, z[i*m*n:(i+1)*m*n], n)
		}
	}
}

func lastTwo(s tensor.Shape) (rows, cols int) {
	if len(s) == 1 {
		return s[0], 1
	}
	return s[len(s)-2], s[len(s)-1]
}
