package stock

import (
	"math"

	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/tensors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// softmaxAxis is the axis that Gorgonia's softmax takes: the last one unless another is given.
func softmaxAxis(shape tensor.Shape, axis int) int {
	switch {
	case axis >= 0:
		return axis
	case shape.IsColVec():
		return 0
	}
	return len(shape) - 1
}

// softmaxKernel is the kernel of softmax and its logarithm along an axis. Unlike the op it is right for any finite
// numbers: it subtracts the largest number of each row.
func softmaxKernel[T kernel.Float](axis int, isLog bool) Kernel {
	row := softmaxRow[T]
	if isLog {
		row = logSoftmaxRow[T]
	}
	return func(out gorgonia.Value, in []gorgonia.Value) {
		x, y := tensors.Elements[T](in[0]), tensors.Elements[T](out)
		rows, n, inner := split(in[0].Shape(), softmaxAxis(in[0].Shape(), axis))
		want("result", len(y), len(x))
		for r := range rows {
			for i := range inner {
				at := r*n*inner + i
				row(x[at:], y[at:], n, inner)
			}
		}
	}
}

// softmaxRow writes y = e^x / Σ e^x of n elements at a distance.
func softmaxRow[T kernel.Float](x, y []T, n, step int) {
	top, sum := maximum(x, n, step), 0.0
	for i := range n {
		e := math.Exp(float64(x[i*step] - top))
		y[i*step] = T(e)
		sum += e
	}
	for i := range n {
		y[i*step] = T(float64(y[i*step]) / sum)
	}
}

// logSoftmaxRow writes y = x − ln Σ e^x of n elements at a distance.
func logSoftmaxRow[T kernel.Float](x, y []T, n, step int) {
	top, sum := maximum(x, n, step), 0.0
	for i := range n {
		sum += math.Exp(float64(x[i*step] - top))
	}
	l := math.Log(sum)
	for i := range n {
		y[i*step] = T(float64(x[i*step]-top) - l)
	}
}

func maximum[T kernel.Float](x []T, n, step int) T {
	m := x[0]
	for i := 1; i < n; i++ {
		m = max(m, x[i*step])
	}
	return m
}

// softmaxGradKernel is the kernel of their gradients, by the argument, the result y and its gradient dy:
//
//	softmax      dx = y (dy − Σ y dy)
//	its log      dx = dy − e^y Σ dy
func softmaxGradKernel[T kernel.Float](axis int, isLog bool) Kernel {
	row := softmaxGradRow[T]
	if isLog {
		row = logSoftmaxGradRow[T]
	}
	return func(out gorgonia.Value, in []gorgonia.Value) {
		y, dy, dx := tensors.Elements[T](in[1]), tensors.Elements[T](in[2]), tensors.Elements[T](out)
		rows, n, inner := split(in[1].Shape(), softmaxAxis(in[1].Shape(), axis))
		want("gradient", len(dy), len(y))
		want("result", len(dx), len(y))
		for r := range rows {
			for i := range inner {
				at := r*n*inner + i
				row(y[at:], dy[at:], dx[at:], n, inner)
			}
		}
	}
}

func softmaxGradRow[T kernel.Float](y, dy, dx []T, n, step int) {
	sum := 0.0
	for i := range n {
		sum += float64(y[i*step]) * float64(dy[i*step])
	}
	for i := range n {
		dx[i*step] = T(float64(y[i*step]) * (float64(dy[i*step]) - sum))
	}
}

func logSoftmaxGradRow[T kernel.Float](y, dy, dx []T, n, step int) {
	sum := 0.0
	for i := range n {
		sum += float64(dy[i*step])
	}
	for i := range n {
		dx[i*step] = T(float64(dy[i*step]) - math.Exp(float64(y[i*step]))*sum)
	}
}
