// Package direct holds direct convolutions. Their shape and their definition are those of all methods.
package direct

import (
	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/gemm"
)

// Forward computes y = act(conv(x, w) + bias). The operands have their sizes, and y isn't empty.
func Forward[T kernel.Float](s Shape, x, w, y []T, e gemm.Epilogue[T]) {
	if Lanes[T]() == 0 || len(w) == 0 {
		genericForward(s, x, w, y, e)
	} else {
		forwardFast(s, x, w, y, e)
	}
}

// BackwardData computes the gradient by the input. No operand is empty.
func BackwardData[T kernel.Float](s Shape, dy, w, dx []T) {
	if Lanes[T]() == 0 {
		genericData(s, dy, w, dx)
	} else {
		backwardDataFast(s, dy, w, dx)
	}
}

// BackwardWeights computes the gradient by the filters. No operand is empty.
func BackwardWeights[T kernel.Float](s Shape, x, dy, dw []T) {
	if Lanes[T]() == 0 {
		genericWeights(s, x, dy, dw)
	} else {
		backwardWeightsFast(s, x, dy, dw)
	}
}
