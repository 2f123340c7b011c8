package graph

import (
	"slices"

	"github.com/fallline/fallline/graph/internal/gate"
)

// untrueKinds are the ops of Gorgonia whose own results are wrong for some arguments: they run on our kernels under NoFusion too.
var untrueKinds = map[gate.Kind]bool{
	gate.Max:           true, // wrong over an inner axis
	gate.ByIndices:     true, // wrong beyond the first axis
	gate.ByIndicesGrad: true,
	gate.Sparsemax:     true, // wrong beyond the rows of a matrix
	gate.MaxPool:       true, // wrong at uneven padding, −Inf and NaN
	gate.MaxPoolGrad:   true,
	gate.GroupNorm:     true, // wrong for large groups
	gate.GroupNormGrad: true, // prints
	gate.MinBetween:    true, // panics on scalars, loses NaN
	gate.MaxBetween:    true,
}

// untrue says whether an op's own result may be wrong.
func untrue(s *slot, slots []slot) bool {
	switch s.Kind {
	case gate.Other:
		_, ours := s.Expr.Op().(*gradientOp)
		return ours
	case gate.Sum: // wrong over an inner axis of four or more
		return !s.Shape.IsScalar() && len(slots[s.Inputs[0]].Shape) > 3 && slices.ContainsFunc(s.Axes, func(a int) bool { return a > 0 })
	case gate.Unary:
		return s.Function == gate.Sign
	}
	return untrueKinds[s.Kind]
}
