package mend

import (
	"math"
	"slices"

	"github.com/fallline/fallline/graph/internal/gate"
	"github.com/fallline/fallline/internal/tensors"
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
)

// wrongKinds are the ops of Gorgonia that a Program doesn't run because their numbers are wrong: what is wrong and what
// to use.
var wrongKinds = map[gate.Kind]string{
	gate.Dropout:     "gorgonia.Dropout, whose gradient is divided by p instead of 1−p: use op.Dropout",
	gate.AveragePool: "gorgonia.AveragePool2D, which divides by the image's width instead of the window's size: use op.AvgPool2D",
	gate.YOLO:        "gorgonia.YOLOv3, which reshapes its argument under the other nodes that read it: run it in a graph of its own",
}

// Refuse finds nodes whose numbers would be wrong.
func Refuse(f *gate.Form) error {
	for i := range f.Nodes {
		n := &f.Nodes[i]
		what := wrongKinds[n.Kind]
		switch {
		case what != "":
		case unevenSlice(n):
			what = "a slice whose step doesn't divide its length, which Gorgonia gives a shape with too few elements: move its end"
		case isLogSumExp(n, f):
			what = "what gorgonia.LogSumExp makes, which is ln(max x + Σ e^(x−max x)): write Add(Log(Sum(Exp(Sub(x, m)))), m) with m = Max(x)"
		case isSignedNorm(n, f):
			what = "what gorgonia.Norm makes for an odd p or 0, which is (Σ x^p)^(1/p) without the absolute value: give it Abs(x), and no 0"
		default:
			continue
		}
		return errors.Errorf("graph: node %s is %s", n.Expr.Name(), what)
	}
	return nil
}

// RefuseDerivatives finds wrong derivatives among what is computed, from a call of gorgonia.Grad.
func RefuseDerivatives(computed *gate.Form) error {
	for i := range computed.Nodes {
		if n := &computed.Nodes[i]; wrongCTC(n, computed) {
			return errors.Errorf("graph: node %s is the gradient of gorgonia.CTCLoss, which is right for ReductionSum of a LogSoftMax only", n.Expr.Name())
		}
	}
	list, err := suspects(computed)
	if err != nil || len(list) == 0 {
		return err
	}
	f, err := gate.Read(list, nil)
	if err != nil {
		return err
	}
	for _, expr := range list {
		i, _ := f.Find(expr)
		if passesOn(f.Exprs(i), computed) && derivesWrong(&f.Nodes[i], f) {
			return errors.Errorf("graph: node %s was differentiated by gorgonia.Grad, whose derivative of op %v is wrong: "+
				"don't call Grad, but graph.Compile with graph.Params", expr.Name(), expr.Op())
		}
	}
	return nil
}

// suspects are the nodes of a graph whose derivative is computed and whose op is one to mend, whether they are computed
// themselves or not.
func suspects(computed *gate.Form) (list gorgonia.Nodes, err error) {
	for _, expr := range computed.Nodes[0].Expr.Graph().AllNodes() {
		if !isComputed(expr.Deriv(), computed) {
			continue
		}
		i, ok := computed.Find(expr)
		n := &gate.Node{Expr: expr}
		switch {
		case ok:
			n = &computed.Nodes[i]
		case computed.Stale:
			continue
		default:
			if n.Op, err = gate.OpOf(expr.Op()); err != nil {
				return nil, err
			}
		}
		if _, wrong := Op(n); wrong {
			list = append(list, expr)
		}
	}
	return list, nil
}

// isComputed says whether a derivative is there and part of what is computed.
func isComputed(derivative *gorgonia.Node, computed *gate.Form) bool {
	if derivative == nil {
		return false
	}
	_, ok := computed.Find(derivative)
	return ok
}

// passesOn says whether a node's derivative, which is computed, goes into one of its arguments'.
func passesOn(args gorgonia.Nodes, computed *gate.Form) bool {
	return slices.ContainsFunc(args, func(a *gorgonia.Node) bool { return isComputed(a.Deriv(), computed) })
}

// wrongCTC says whether a node is a gradient of a CTC loss by anything but a log softmax, or of the mean: that is not
// divided.
func wrongCTC(n *gate.Node, f *gate.Form) bool {
	if n.Kind != gate.CTCLossGrad {
		return false
	}
	of := f.Input(n, 0)
	return n.Reduction != gorgonia.ReductionSum || of.Kind != gate.Softmax || !of.Log
}

// unevenSlice says whether a node is a slice with a step that leaves a rest.
func unevenSlice(n *gate.Node) bool {
	if n.Bounds == nil || n.Bounds() == nil {
		return false
	}
	s := n.Bounds()
	return s.Step() > 1 && s.End() > s.Start() && (s.End()-s.Start())%s.Step() != 0
}

// isPower says whether a node is a power, whose derivative is wrong where it is NaN only, but for one case.
func isPower(n *gate.Node) bool { return n.Kind == gate.Binary && n.Function == gate.Power }

// derivesWrong says whether what gorgonia.Grad makes of an op that is to be mended is wrong for this node.
func derivesWrong(n *gate.Node, f *gate.Form) bool {
	switch {
	case isPower(n):
		return ofLogSoftmax(n, f)
	case n.Kind == gate.Concat:
		return mergedParts(n, f)
	}
	return true
}

// ofLogSoftmax says whether a power's base is the logarithm of a softmax: differentiating the power of a softmax makes
// it one.
func ofLogSoftmax(n *gate.Node, f *gate.Form) bool {
	base := f.Input(n, 0)
	return base.Kind == gate.Softmax && base.Log
}

// isLogSumExp says whether a node is ln(Σ e^(x − max x) + max x).
func isLogSumExp(n *gate.Node, f *gate.Form) bool {
	if n.Function != gate.Log {
		return false
	}
	sum := f.Input(n, 0)
	if sum.Function != gate.Add {
		return false
	}
	for i, k := range sum.Inputs {
		top, sigma := sum.Inputs[1-i], &f.Nodes[k]
		if f.Nodes[top].Kind != gate.Max || sigma.Kind != gate.Sum {
			continue
		}
		e := f.Input(sigma, 0)
		if e.Function != gate.Exp {
			continue
		}
		if d := f.Input(e, 0); d.Function == gate.Subtract && d.Inputs[1] == top {
			return true
		}
	}
	return false
}

// isSignedNorm says whether a node is (Σ x^p)^(1/p) for a p of 0 or an odd one and an x that may be negative.
func isSignedNorm(n *gate.Node, f *gate.Form) bool {
	inv, ok := constantExponent(n, f)
	if !ok {
		return false
	}
	sum := f.Input(n, 0)
	if sum.Kind != gate.Sum {
		return false
	}
	power := f.Input(sum, 0)
	p, ok := constantExponent(power, f)
	if !ok || p != math.Trunc(p) || math.Abs(inv*p-1) > 1e-6 && !(p == 0 && math.IsInf(inv, 1)) {
		return false
	}
	if p == 0 {
		return true
	}
	return math.Mod(p, 2) != 0 && !neverNegative(f.Input(power, 0))
}

// constantExponent is the exponent of a power with a constant one.
func constantExponent(n *gate.Node, f *gate.Form) (p float64, ok bool) {
	if !isPower(n) {
		return 0, false
	}
	y := f.Input(n, 1)
	if y.Kind != gate.Constant || !y.Expr.IsScalar() {
		return 0, false
	}
	return tensors.Number(y.Expr.Value()), true
}

// neverNegative says whether a node's op gives no negative numbers.
func neverNegative(n *gate.Node) bool {
	switch n.Function {
	case gate.Abs, gate.Square, gate.Sqrt, gate.Exp, gate.Sigmoid, gate.Softplus:
		return true
	}
	return n.Kind == gate.Softmax && !n.Log
}
