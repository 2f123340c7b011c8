package graph

import (
	"math"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
)

// wrongOps are the ops of Gorgonia that a Program doesn't run because their numbers are wrong, by Go type: what is wrong and what to use.
var wrongOps = map[string]string{
	"*gorgonia.dropoutOp": "gorgonia.Dropout, whose gradient is divided by p instead of 1−p: use op.Dropout",
	"*gorgonia.avgPoolOp": "gorgonia.AveragePool2D, which divides by the image's width instead of the window's size: use op.AvgPool2D",
	"*gorgonia.yoloOp":    "gorgonia.YOLOv3, which reshapes its argument under the other nodes that read it: run it in a graph of its own",
}

// refuse finds nodes below the roots whose numbers would be wrong.
func (s *sources) refuse(c *children) error {
	for _, n := range c.order(nil, s.roots()) {
		what := wrongOps[opType(n.Op())]
		switch {
		case what != "":
		case unevenSlice(n):
			what = "a slice whose step doesn't divide its length, which Gorgonia gives a shape with too few elements: move its end"
		case isLogSumExp(n, c):
			what = "what gorgonia.LogSumExp makes, which is ln(max x + Σ e^(x−max x)): write Add(Log(Sum(Exp(Sub(x, m)))), m) with m = Max(x)"
		case isSignedNorm(n, c):
			what = "what gorgonia.Norm makes for an odd p or 0, which is (Σ x^p)^(1/p) without the absolute value: give it Abs(x), and no 0"
		default:
			continue
		}
		return errors.Errorf("graph: node %s is %s", n.Name(), what)
	}
	return nil
}

// refuseDerivatives finds wrong derivatives among what the program computes, from a call of gorgonia.Grad before Compile.
func (s *sources) refuseDerivatives() error {
	if len(s.grads) == 0 && len(s.outputs) == 0 {
		return nil
	}
	roots := append(s.roots(), s.grads...)
	c := childrenIn(roots)
	order := c.order(nil, roots)
	computes := make(map[*gorgonia.Node]bool, len(order))
	for _, n := range order {
		computes[n] = true
	}
	for _, n := range order {
		if wrongCTC(n, c) {
			return errors.Errorf("graph: node %s is the gradient of gorgonia.CTCLoss, which is right for ReductionSum of a LogSoftMax only", n.Name())
		}
	}
	for _, n := range roots[0].Graph().AllNodes() {
		if _, wrong := mend(n.Op()); wrong && passesOn(n, c.list(n), computes) && derivesWrong(n, c) {
			return errors.Errorf("graph: node %s was differentiated by gorgonia.Grad, whose derivative of op %v is wrong: "+
				"don't call Grad, but graph.Compile with graph.Params", n.Name(), n.Op())
		}
	}
	return nil
}

// passesOn says whether a node's derivative goes into those of its arguments among what a program computes.
func passesOn(n *gorgonia.Node, args gorgonia.Nodes, computes map[*gorgonia.Node]bool) bool {
	if n.Deriv() == nil || !computes[n.Deriv()] {
		return false
	}
	for _, a := range args {
		if a.Deriv() != nil && computes[a.Deriv()] {
			return true
		}
	}
	return false
}

// wrongCTC says whether a node is a gradient of a CTC loss by anything but a log softmax, or of the mean: that is not divided.
func wrongCTC(n *gorgonia.Node, c *children) bool {
	if opType(n.Op()) != "*gorgonia.ctcLossDiffOp" {
		return false
	}
	op := c.list(n)[0].Op()
	return field(n.Op(), "reduction").Uint() != uint64(gorgonia.ReductionSum) || opType(op) != "*gorgonia.softmaxOp" || !boolean(op, "isLog")
}

// unevenSlice says whether a node is a slice with a step that leaves a rest.
func unevenSlice(n *gorgonia.Node) bool {
	c, ok := n.Op().(cutter)
	if !ok || c.IsSlice() == nil {
		return false
	}
	s := c.IsSlice()
	return s.Step() > 1 && s.End() > s.Start() && (s.End()-s.Start())%s.Step() != 0
}

// isPower says whether a node is a power, whose derivative is wrong where it is NaN only, but for one case.
func isPower(n *gorgonia.Node) bool {
	return opType(n.Op()) == "gorgonia.elemBinOp" && n.Op().String() == "^ false"
}

// derivesWrong says whether what gorgonia.Grad makes of an op that is to be mended is wrong for this node.
func derivesWrong(n *gorgonia.Node, c *children) bool {
	switch {
	case isPower(n):
		return ofLogSoftmax(n, c)
	case opType(n.Op()) == "gorgonia.concatOp":
		return mergedParts(n, c.list(n))
	}
	return true
}

// ofLogSoftmax says whether a power's base is the logarithm of a softmax: differentiating the power of a softmax makes it one.
func ofLogSoftmax(n *gorgonia.Node, c *children) bool {
	op := c.list(n)[0].Op()
	return opType(op) == "*gorgonia.softmaxOp" && boolean(op, "isLog")
}

// is says whether a node's op prints as told.
func is(n *gorgonia.Node, op string) bool { return n.Op() != nil && n.Op().String() == op }

// isLogSumExp says whether a node is ln(Σ e^(x − max x) + max x).
func isLogSumExp(n *gorgonia.Node, c *children) bool {
	if !is(n, "ln") {
		return false
	}
	sum := c.list(n)[0]
	if !is(sum, "+ false") {
		return false
	}
	terms := c.list(sum)
	for i, sigma := range terms {
		top := terms[1-i]
		if opType(top.Op()) != "*gorgonia.maxOp" || opType(sigma.Op()) != "gorgonia.sumOp" {
			continue
		}
		e := c.list(sigma)[0]
		if !is(e, "exp") {
			continue
		}
		if d := c.list(e)[0]; is(d, "- false") && c.list(d)[1] == top {
			return true
		}
	}
	return false
}

// isSignedNorm says whether a node is (Σ x^p)^(1/p) for a p of 0 or an odd one and an x that may be negative.
func isSignedNorm(n *gorgonia.Node, c *children) bool {
	inv, ok := constantExponent(n, c)
	if !ok {
		return false
	}
	sum := c.list(n)[0]
	if opType(sum.Op()) != "gorgonia.sumOp" {
		return false
	}
	power := c.list(sum)[0]
	p, ok := constantExponent(power, c)
	if !ok || p != math.Trunc(p) || math.Abs(inv*p-1) > 1e-6 && !(p == 0 && math.IsInf(inv, 1)) {
		return false
	}
	if p == 0 {
		return true
	}
	return math.Mod(p, 2) != 0 && !neverNegative(c.list(power)[0])
}

// constantExponent is the exponent of a power with a constant one.
func constantExponent(n *gorgonia.Node, c *children) (p float64, ok bool) {
	if n.Op() == nil || !isPower(n) {
		return 0, false
	}
	y := c.list(n)[1]
	if !isConstant(y) || !y.IsScalar() {
		return 0, false
	}
	return number(y.Value()), true
}

// neverNegative says whether a node's op gives no negative numbers.
func neverNegative(n *gorgonia.Node) bool {
	if n.Op() == nil {
		return false
	}
	switch n.Op().String() {
	case "abs", "square", "sqrt", "exp", "sigmoid", "softplus":
		return true
	}
	return opType(n.Op()) == "*gorgonia.softmaxOp" && !boolean(n.Op(), "isLog")
}
