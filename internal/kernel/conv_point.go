package kernel

// A convolution with filters of one cell that move by one and pad nothing is a matrix product of the channels of all cells
// with the filters.

// isProduct reports whether s is such a convolution and its output channels fill vectors so well that Gemm, which has the
// channels as lanes, beats the convolution's own kernels, which waste no lanes but transpose.
func (s Conv) isProduct(k *convKernels, outputs int) bool {
	point := s.KH == 1 && s.KW == 1 && s.StrideH == 1 && s.StrideW == 1 && s.PadH == 0 && s.PadW == 0
	lanes := (outputs + k.lanes - 1) / k.lanes * k.lanes
	return point && 8*outputs >= 7*lanes
}

func convForwardProduct[T Float](s Conv, x, w, y []T, e Epilogue[T]) {
	GemmEpilogue(false, false, s.N*s.H*s.W, s.K, s.C, x, s.C, w, s.K, y, s.K, e)
}

func convBackwardDataProduct[T Float](s Conv, dy, w, dx []T) {
	Gemm(false, true, s.N*s.H*s.W, s.C, s.K, 1, dy, s.K, w, s.K, 0, dx, s.C)
}
