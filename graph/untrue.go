package graph

import (
	"slices"

	"gorgonia.org/gorgonia"
)

// untrueTypes are the ops of Gorgonia whose own results are wrong for some arguments: they run on our kernels under NoFusion too.
var untrueTypes = map[string]bool{
	"*gorgonia.maxOp":             true, // wrong over an inner axis
	"*gorgonia.byIndicesOp":       true, // wrong beyond the first axis
	"*gorgonia.byIndicesOpDiffOp": true,
	"*gorgonia.sparsemaxOp":       true, // wrong beyond the rows of a matrix
	"*gorgonia.maxPoolOp":         true, // wrong at uneven padding, −Inf and NaN
	"*gorgonia.maxPoolDiffOp":     true,
	"*gorgonia.GroupNormOp":       true, // wrong for large groups
	"*gorgonia.groupNormDiffOp":   true, // prints
	"gorgonia.minBetween":         true, // panics on scalars, loses NaN
	"gorgonia.maxBetween":         true,
}

// untrue says whether an op's own result may be wrong.
func untrue(op gorgonia.Op, s *slot, slots []slot) bool {
	if _, ours := op.(*gradientOp); ours {
		return true
	}
	name := opType(op)
	switch name {
	case "gorgonia.sumOp": // wrong over an inner axis of four or more
		return !s.shape.IsScalar() && len(slots[s.args[0]].shape) > 3 && slices.ContainsFunc(ints(op, "along"), func(a int) bool { return a > 0 })
	case "gorgonia.elemUnaryOp":
		return op.String() == "sign"
	}
	return untrueTypes[name]
}
