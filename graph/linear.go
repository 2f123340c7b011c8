package graph

import (
	"github.com/fallline/fallline/graph/internal/gate"
	"gorgonia.org/gorgonia"
)

// LinearPart is an optional interface of gorgonia.Op: it may be a part of a linear model. It returns "affine" for x·W +
// b with the arguments x, W and perhaps b, the name of a loss for a mean over examples of a loss of the first
// argument's row and the second's, and "" else.
type LinearPart interface {
	LinearPart() string
}

// Linear describes a linear model: a loss of one affine map of its input, which may be reshaped before.
//
//	cost = 1/n Σ ℓ(Wᵀxᵢ + b, yᵢ)
type Linear struct {
	X, Truth     *gorgonia.Node // the inputs
	Weight, Bias *gorgonia.Node // W of shape (features, outputs) and b of shape (outputs); Bias may be nil
	Loss         string         // as its op calls it
}

// FindLinear says whether a cost is that of a linear model, and describes it. It goes by the graph alone: nothing else
// may lie between the inputs and the cost.
func FindLinear(cost *gorgonia.Node) (l Linear, ok bool) {
	if cost == nil || cost.Graph() == nil {
		return l, false
	}
	if l.Loss = linearPart(cost); l.Loss == "" || l.Loss == "affine" {
		return l, false
	}
	f, err := gate.Read(gorgonia.Nodes{cost}, nil)
	if err != nil {
		return l, false
	}
	in := f.Args(cost)
	if len(in) != 2 || linearPart(in[0]) != "affine" || !in[1].IsVar() {
		return l, false
	}
	l.Truth = in[1]
	in = f.Args(in[0])
	if len(in) < 2 || len(in) > 3 || !in[1].IsVar() || len(in) == 3 && !in[2].IsVar() {
		return l, false
	}
	l.Weight = in[1]
	if len(in) == 3 {
		l.Bias = in[2]
	}
	l.X = in[0]
	for !l.X.IsVar() {
		v, ok := l.X.Op().(Viewer)
		if !ok || !v.View() {
			return l, false
		}
		l.X = f.Args(l.X)[0]
	}
	return l, l.X != l.Weight
}

func linearPart(n *gorgonia.Node) string {
	if p, ok := n.Op().(LinearPart); ok {
		return p.LinearPart()
	}
	return ""
}
