package winograd

import "github.com/fallline/fallline/internal/kernel/direct"

// Fast reports whether the set in use has the method in assembly: else it never pays.
func Fast() bool { return inUse().fast }

// Pays reports whether Winograd's method computes a pass of s. The choice depends on the shape and the kernel set
// alone.
func Pays(s direct.Shape, is32 bool, pass direct.Pass) bool {
	return is32 && inUse().fast && !s.Direct &&
		s.KH == 3 && s.KW == 3 && s.StrideH == 1 && s.StrideW == 1 && isCheaper(s, inUse(), pass)
}

// isCheaper compares the costs in multiplications at full speed, as they were measured on AVX2 and AVX-512.
//
// Winograd's method makes 36 for a tile, of up to 16 outputs, and pair of channels, or fewer for a narrow tile. To
// these come the transforms of the tile, for each channel in whole vectors, and those of the filters. A direct
// convolution makes one for each filter cell that meets the image; images that don't fill vectors cost extra in forward
// passes and gradients by the input, as asLanes has it.
func isCheaper(s direct.Shape, k *kernels, pass direct.Pass) bool {
	const (
		perChannel = 12 // transforms of a cell of a tile
		perFilter  = 8  // transforms of a cell of a filter
	)
	rows, cols := s.Out()
	source := s.C
	if pass == direct.PassData {
		rows, cols, source = s.H, s.W, s.K
	}
	straight := s.N * s.Meetings() * s.C * s.K
	if pass != direct.PassWeights {
		squares, _ := k.vectors(3 * source)
		straight += s.N % k.lanes * rows * cols * (56 + 18*squares) * 2 * k.lanes
	}
	down, across := axes(rows, cols)
	cells := s.N * down.points() * across.points()
	channels := (k.vectorBytes(s.C) + k.vectorBytes(s.K)) / 4
	return cells*(s.C*s.K+perChannel*channels)+cellCount*perFilter*s.C*s.K < straight
}
