package graph_test

import (
	"testing"

	"github.com/fallline/fallline/graph"
	"github.com/fallline/fallline/graph/op"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// TestFindLinear holds what counts as a linear model: one affine map of an input, with or without a bias and a reshape,
// and its loss.
func TestFindLinear(t *testing.T) {
	for _, c := range []struct {
		name  string
		build func(x, w, b, labels *gorgonia.Node) *gorgonia.Node
		want  bool
		bias  bool
	}{
		{"affine", func(x, w, b, labels *gorgonia.Node) *gorgonia.Node {
			return node(op.SoftmaxCrossEntropy(node(op.Affine(node(op.Flatten(x)), w, b)), labels))
		}, true, true},
		{"without bias", func(x, w, _, labels *gorgonia.Node) *gorgonia.Node {
			return node(op.SoftmaxCrossEntropy(node(op.Affine(node(op.Flatten(x)), w, nil)), labels))
		}, true, false},
		{"ReLU", func(x, w, b, labels *gorgonia.Node) *gorgonia.Node {
			return node(op.SoftmaxCrossEntropy(node(op.ReLU(node(op.Affine(node(op.Flatten(x)), w, b)))), labels))
		}, false, false},
		{"scaled weights", func(x, w, b, labels *gorgonia.Node) *gorgonia.Node {
			return node(op.SoftmaxCrossEntropy(node(op.Affine(node(op.Flatten(x)), gorgonia.Must(gorgonia.Add(w, w)), b)), labels))
		}, false, false},
		{"regularised", func(x, w, b, labels *gorgonia.Node) *gorgonia.Node {
			loss := node(op.SoftmaxCrossEntropy(node(op.Affine(node(op.Flatten(x)), w, b)), labels))
			return gorgonia.Must(gorgonia.Add(loss, gorgonia.Must(gorgonia.Sum(gorgonia.Must(gorgonia.Square(w))))))
		}, false, false},
	} {
		g := gorgonia.NewGraph()
		x := gorgonia.NewTensor(g, tensor.Float64, 3, gorgonia.WithShape(4, 2, 3), gorgonia.WithName("x"))
		w := gorgonia.NewMatrix(g, tensor.Float64, gorgonia.WithShape(6, 5), gorgonia.WithName("w"))
		b := gorgonia.NewVector(g, tensor.Float64, gorgonia.WithShape(5), gorgonia.WithName("b"))
		labels := gorgonia.NewVector(g, tensor.Int, gorgonia.WithShape(4), gorgonia.WithName("labels"))
		l, ok := graph.FindLinear(c.build(x, w, b, labels))
		if ok != c.want {
			t.Errorf("%s: linear %t, want %t", c.name, ok, c.want)
		}
		if ok && (l.X != x || l.Weight != w || l.Truth != labels || (l.Bias == b) != c.bias || l.Loss != "softmax cross-entropy") {
			t.Errorf("%s: %+v", c.name, l)
		}
	}
	if _, ok := graph.FindLinear(nil); ok {
		t.Error("nil is linear")
	}
}

func node(n *gorgonia.Node, err error) *gorgonia.Node {
	if err != nil {
		panic(err)
	}
	return n
}
