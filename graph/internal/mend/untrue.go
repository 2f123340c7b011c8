package mend

import (
	"slices"

	"github.com/fallline/fallline/graph/internal/gate"
)

// untrueKinds are the ops of Gorgonia whose own results are wrong for some arguments: they run on our kernels under
// NoFusion too.
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

// Untrue says whether a node's op may give a wrong result.
func Untrue(n *gate.Node, f *gate.Form) bool {
	switch n.Kind {
	case gate.Other:
		_, ours := n.Expr.Op().(*Gradient)
		return ours
	case gate.Sum: // wrong over an inner axis of four or more
		return !n.Shape.IsScalar() && len(f.Input(n, 0).Shape) > 3 && slices.ContainsFunc(n.Axes, func(a int) bool { return a > 0 })
	case gate.Unary:
		return n.Function == gate.Sign
	}
	return untrueKinds[n.Kind]
}
