package conv

import (
	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/direct"
	"github.com/fallline/fallline/internal/kernel/gemm"
)

// A convolution with filters of one cell that move by one and pad nothing is a matrix product of the channels of all
// cells with the filters.

// isProduct reports whether s is such a convolution and its output channels fill the vectors of the set in use so well
// that Gemm, which has the channels as lanes, beats the convolution's own kernels, which waste no lanes but transpose.
func isProduct[T kernel.Float](s direct.Shape, outputs int) bool {
	lanes := direct.Lanes[T]()
	if lanes == 0 {
		return false
	}
	point := s.KH == 1 && s.KW == 1 && s.StrideH == 1 && s.StrideW == 1 && s.PadH == 0 && s.PadW == 0
	whole := (outputs + lanes - 1) / lanes * lanes
	return point && 8*outputs >= 7*whole
}

func forwardProduct[T kernel.Float](s direct.Shape, x, w, y []T, e gemm.Epilogue[T]) {
	gemm.WithEpilogue(false, false, s.N*s.H*s.W, s.K, s.C, x, s.C, w, s.K, y, s.K, e)
}

func backwardDataProduct[T kernel.Float](s direct.Shape, dy, w, dx []T) {
	gemm.Gemm(false, true, s.N*s.H*s.W, s.C, s.K, 1, dy, s.K, w, s.K, 0, dx, s.C)
}
