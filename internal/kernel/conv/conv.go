// Package conv holds two-dimensional convolutions, with a pool behind them or not, and their gradients. It chooses the
// method: a product of matrices, Winograd's, or a direct one.
package conv

import (
	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/direct"
	"github.com/fallline/fallline/internal/kernel/gemm"
	"github.com/fallline/fallline/internal/kernel/winograd"
)

// Shape is that of a convolution.
type Shape = direct.Shape

// Forward computes y = act(conv(x, w) + bias): e gives the bias of each output channel and whether to clip at
// zero. y is overwritten and must not overlap x or w.
func Forward[T kernel.Float](s direct.Shape, x, w, y []T, e gemm.Epilogue[T]) {
	x, w, y = operands(s, x, w, y)
	switch {
	case len(y) == 0:
	case len(w) > 0 && winograd.Pays(s, kernel.Is32[T](), direct.PassForward):
		forwardWinograd(s, x, w, y, e)
	case len(w) > 0 && isProduct[T](s, s.K):
		forwardProduct(s, x, w, y, e)
	default:
		direct.Forward(s, x, w, y, e)
	}
}

// BackwardData computes dx, the gradient of a cost by the input of the convolution, from dy, the gradient by its
// output:
//
//	dx[n,h,q,c] = sum over all (i,j,a,b,k) with i StrideH + a - PadH = h and j StrideW + b - PadW = q
//	              of dy[n,i,j,k] w[a,b,c,k]
//
// dx is overwritten and must not overlap dy or w.
func BackwardData[T kernel.Float](s direct.Shape, dy, w, dx []T) {
	dx, w, dy = operands(s, dx, w, dy)
	switch {
	case len(dy) == 0 || len(w) == 0:
		clear(dx)
	case winograd.Pays(s, kernel.Is32[T](), direct.PassData):
		winograd.BackwardData(s, kernel.As32(dy), kernel.As32(w), kernel.As32(dx), winograd.Pool{})
	case isProduct[T](s, s.C):
		backwardDataProduct(s, dy, w, dx)
	default:
		direct.BackwardData(s, dy, w, dx)
	}
}

// BackwardWeights computes dw, the gradient of a cost by the filters, from the input x and dy, the gradient by the
// output:
//
//	dw[a,b,c,k] = sum over n, i, j of x[n, i StrideH + a - PadH, j StrideW + b - PadW, c] dy[n,i,j,k]
//
// dw is overwritten and must not overlap x or dy. The bias gradient is ColSum over the rows of dy.
func BackwardWeights[T kernel.Float](s direct.Shape, x, dy, dw []T) {
	x, dw, dy = operands(s, x, dw, dy)
	switch {
	case len(dy) == 0 || len(dw) == 0:
		clear(dw)
	case winograd.Pays(s, kernel.Is32[T](), direct.PassWeights):
		winograd.BackwardWeights(s, kernel.As32(x), kernel.As32(dy), kernel.As32(dw), winograd.Pool{})
	default:
		direct.BackwardWeights(s, x, dy, dw)
	}
}

// operands cuts the operands to their sizes. It panics where one is too short, so that assembly never leaves them.
func operands[T kernel.Float](s direct.Shape, x, w, y []T) (image, filters, result []T) {
	oh, ow := s.Out()
	return x[:s.N*s.H*s.W*s.C], w[:s.KH*s.KW*s.C*s.K], y[:s.N*oh*ow*s.K]
}

// forwardWinograd is Forward by Winograd's method; T is float32.
func forwardWinograd[T kernel.Float](s direct.Shape, x, w, y []T, e gemm.Epilogue[T]) {
	winograd.Forward(s, kernel.As32(x), kernel.As32(w), kernel.As32(y), gemm.Epilogue[float32]{Bias: kernel.As32(e.Bias), ReLU: e.ReLU}, winograd.Pool{})
}
