package graph

import (
	"strings"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// mendedModels are graphs of stock ops that a TapeMachine runs wrong for some arguments, so that kernels and
// derivatives of ours stand in.
var mendedModels = []model{
	{name: "sparsemax", build: func(r *rig) *gorgonia.Node {
		h := must(gorgonia.Mul(r.feed("x", 4), r.param("w", 4, 3)))
		return r.cost(must(gorgonia.HadamardProd(must(gorgonia.Sparsemax(h)), r.feed("y", 3))))
	}},
	{name: "powers and logarithms", build: func(r *rig) *gorgonia.Node {
		h := must(gorgonia.Exp(must(gorgonia.Mul(r.feed("x", 4), r.param("w", 4, 3)))))
		sum := must(gorgonia.Pow(h, r.param("s")))
		for _, f := range []func(*gorgonia.Node) (*gorgonia.Node, error){gorgonia.Log2, gorgonia.InverseSqrt} {
			sum = must(gorgonia.Add(sum, must(f(h))))
		}
		return must(gorgonia.Mean(sum))
	}},
	{name: "maxima", build: func(r *rig) *gorgonia.Node {
		h := must(gorgonia.Mul(r.feed("x", 4), r.param("w", 4, 3)))
		return must(gorgonia.Add(must(gorgonia.Mean(must(gorgonia.Max(h, 1)))), must(gorgonia.Max(h))))
	}},
	{name: "outer product", build: func(r *rig) *gorgonia.Node {
		h := must(gorgonia.OuterProd(r.feed("x"), r.param("w", 3)))
		return r.cost(must(gorgonia.Tanh(must(gorgonia.Add(h, must(gorgonia.OuterProd(r.feed("x"), r.param("v", 3))))))))
	}},
	{name: "pools of one", build: func(r *rig) *gorgonia.Node {
		h := must(gorgonia.HadamardProd(r.feed("x", 2, 6, 6), r.param("s")))
		h = must(gorgonia.MaxPool2D(h, tensor.Shape{3, 3}, []int{0, 1, 1, 0}, []int{2, 2}))
		return r.cost(must(gorgonia.GlobalAveragePool2D(must(gorgonia.Tanh(h)))))
	}},
	{name: "group norm", build: func(r *rig) *gorgonia.Node {
		h := must(gorgonia.HadamardProd(r.feed("x", 4, 3, 3), r.param("s")))
		return r.cost(must(gorgonia.Tanh(must(gorgonia.GroupNorm(h, r.param("scale", 1, 4, 1, 1), r.param("bias", 1, 4, 1, 1), 2, 4, 1e-5)))))
	}},
}

// TestGradBeforeCompile checks that a derivative that gorgonia.Grad got wrong is refused, whether or not the parameters
// are named.
func TestGradBeforeCompile(t *testing.T) {
	tests := []struct {
		name  string
		build func(x *gorgonia.Node) (*gorgonia.Node, error)
		wrong bool
	}{
		{"InverseSqrt", gorgonia.InverseSqrt, true},
		{"Log2", gorgonia.Log2, true},
		{"Max", func(x *gorgonia.Node) (*gorgonia.Node, error) { return gorgonia.Max(x, 0) }, true},
		{"OuterProd", func(x *gorgonia.Node) (*gorgonia.Node, error) {
			row := must(gorgonia.Slice(x, gorgonia.S(0)))
			return gorgonia.OuterProd(row, row)
		}, true},
		{"Sparsemax", func(x *gorgonia.Node) (*gorgonia.Node, error) { return gorgonia.Sparsemax(x) }, true},
		{"Pow of SoftMax", func(x *gorgonia.Node) (*gorgonia.Node, error) {
			return gorgonia.Pow(must(gorgonia.SoftMax(x)), gorgonia.NewConstant(2.0))
		}, true},
		{"Pow", func(x *gorgonia.Node) (*gorgonia.Node, error) { return gorgonia.Pow(x, gorgonia.NewConstant(2.0)) }, false},
		{"Exp", gorgonia.Exp, false},
	}
	for _, test := range tests {
		for _, withParams := range []bool{false, true} {
			r := newRig(tensor.Float64, 3)
			x := r.param("x", 3, 3)
			cost := must(gorgonia.Mean(must(test.build(x))))
			if _, err := gorgonia.Grad(cost, x); err != nil {
				t.Fatal(err)
			}
			var opts []Option
			if withParams {
				opts = append(opts, Params(x))
			}
			_, err := Compile(cost, opts...)
			if test.wrong != (err != nil) || err != nil && !strings.Contains(err.Error(), "graph.Params") {
				t.Errorf("%s: Compile says %v", test.name, err)
			}
			if _, err := Compile(nil, Outputs(x.Deriv())); test.wrong != (err != nil) {
				t.Errorf("%s: Compile of the derivative says %v", test.name, err)
			}
		}
	}
}
