package ownop_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"example.com/ownop"
	"github.com/fallline/fallline/graph"
	"github.com/fallline/fallline/graph/op"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// net is a cost behind the operation, and with relu a ReLU that it can take over.
func net(t *testing.T, relu bool) (w, y, cost *gorgonia.Node) {
	t.Helper()
	g := gorgonia.NewGraph()
	data := make([]float64, 12)
	for i := range data {
		data[i] = math.Sin(float64(3 * i))
	}
	w = gorgonia.NodeFromAny(g, tensor.New(tensor.WithShape(3, 4), tensor.WithBacking(data)), gorgonia.WithName("w"))
	y, err := ownop.RowNorm(w)
	if err == nil && relu {
		y, err = op.ReLU(y)
	}
	if err != nil {
		t.Fatal(err)
	}
	weights := gorgonia.NewConstant(tensor.New(tensor.WithShape(3, 4), tensor.WithBacking([]float64{3, 1, -2, 5, 1, 4, 1, -1, 2, 6, -5, 3})))
	return w, y, gorgonia.Must(gorgonia.Sum(gorgonia.Must(gorgonia.HadamardProd(weights, gorgonia.Must(gorgonia.Square(y))))))
}

func TestGradient(t *testing.T) {
	for _, relu := range []bool{false, true} {
		w, _, cost := net(t, relu)
		if err := graph.CheckGradient(cost, gorgonia.Nodes{w}); err != nil {
			t.Errorf("relu %t: %v", relu, err)
		}
	}
}

// TestFused compares the fused pair with the two operations one by one, and with Gorgonia's machine.
func TestFused(t *testing.T) {
	results := map[string]string{}
	for name, options := range map[string][]graph.Option{"fused": nil, "apart": {graph.NoFusion()}} {
		w, y, cost := net(t, true)
		p, err := graph.Compile(cost, append(options, graph.Params(w), graph.Outputs(y))...)
		if err != nil {
			t.Fatal(err)
		}
		if err := p.RunAll(); err != nil {
			t.Fatal(err)
		}
		results[name] = show(t, w, y)
	}
	w, y, cost := net(t, true)
	if _, err := gorgonia.Grad(cost, w); err != nil {
		t.Fatal(err)
	}
	m := gorgonia.NewTapeMachine(w.Graph(), gorgonia.BindDualValues(w))
	defer m.Close()
	if err := m.RunAll(); err != nil {
		t.Fatal(err)
	}
	results["tape"] = show(t, w, y)
	if results["fused"] != results["apart"] || results["apart"] != results["tape"] {
		t.Errorf("results differ:\n%s\n%s\n%s", results["fused"], results["apart"], results["tape"])
	}
}

// show writes the result and the gradient.
func show(t *testing.T, w, y *gorgonia.Node) string {
	t.Helper()
	grad, err := w.Grad()
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%.10v %.10v", y.Value(), grad.Data().([]float64))
}

// TestOneOp wants the pair to be one op in a program, seen by the name in the error of a run on wrong data.
func TestOneOp(t *testing.T) {
	g := gorgonia.NewGraph()
	x := gorgonia.NewMatrix(g, tensor.Float64, gorgonia.WithShape(2, 3), gorgonia.WithName("x"))
	y := gorgonia.Must(ownop.RowNorm(x))
	fused, ok := y.Op().(graph.Fuser).Fuse(gorgonia.Must(op.ReLU(y)).Op())
	if !ok || !strings.HasPrefix(fused.String(), "rownorm+relu") {
		t.Errorf("fused: %t, %v", ok, fused)
	}
}
