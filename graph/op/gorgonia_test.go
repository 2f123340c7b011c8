package op

import (
	"math"
	"testing"

	"github.com/fallline/fallline/graph"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// TestMerging checks which nodes Gorgonia takes for the same: those of equal operations on equal inputs, unless they
// have a state of their own.
func TestMerging(t *testing.T) {
	g := gorgonia.NewGraph()
	x, w, b := node(g, tensor.Float64, 2, 6, 6, 3), node(g, tensor.Float64, 3, 3, 3, 3), node(g, tensor.Float64, 3)
	labels, m := node(g, tensor.Int, 2), node(g, tensor.Float64, 2, 4)
	s, st := &Stream{}, state(3)
	must := func(n *gorgonia.Node, err error) *gorgonia.Node {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	for _, c := range []struct {
		name  string
		a, b  *gorgonia.Node
		equal bool
	}{
		{"relu twice", must(ReLU(x)), must(ReLU(x)), true},
		{"relu and tanh", must(ReLU(x)), must(Tanh(x)), false},
		{"conv2d twice", must(Conv2D(x, w, b, DefaultConv2D)), must(Conv2D(x, w, b, DefaultConv2D)), true},
		{"conv2d without bias", must(Conv2D(x, w, b, DefaultConv2D)), must(Conv2D(x, w, nil, DefaultConv2D)), false},
		// Of one shape, so that only the operation tells them apart.
		{"conv2d with other padding", must(Conv2D(x, w, b, Conv2DConfig{StrideH: 2, StrideW: 2})), must(Conv2D(x, w, b, Conv2DConfig{StrideH: 2, StrideW: 3, PadW: 1})), false},
		{"avgpool2d with other stride", must(AvgPool2D(x, Pool2DConfig{3, 3, 2, 2, 0, 0})), must(AvgPool2D(x, Pool2DConfig{3, 3, 3, 3, 0, 0})), false},
		{"maxpool2d twice", must(MaxPool2D(x, pool2)), must(MaxPool2D(x, pool2)), true},
		{"dropout twice", must(Dropout(x, 0.5, s)), must(Dropout(x, 0.5, s)), false},
		{"batchnorm twice", must(BatchNorm(x, b, b, st, true)), must(BatchNorm(x, b, b, st, true)), false},
		{"cross-entropy twice", must(SoftmaxCrossEntropy(m, labels)), must(SoftmaxCrossEntropy(m, labels)), true},
		{"mean squared error twice", must(MeanSquaredError(m, m)), must(MeanSquaredError(m, m)), true},
	} {
		if (c.a == c.b) != c.equal {
			t.Errorf("%s: one node %v, want %v", c.name, c.a == c.b, c.equal)
		}
	}
}

// TestStridedInputs feeds values whose elements don't lie one behind the other, from Gorgonia's own operations.
func TestStridedInputs(t *testing.T) {
	g := gorgonia.NewGraph()
	x := gorgonia.NodeFromAny(g, filled(tensor.Float64, 1, 1, 0, 4, 5), gorgonia.WithName("x"))
	columns := gorgonia.Must(gorgonia.Slice(x, nil, gorgonia.S(1, 4)))
	y, err := Tanh(columns)
	if err != nil {
		t.Fatal(err)
	}
	flipped, err := ReLU(gorgonia.Must(gorgonia.Transpose(x)))
	if err != nil {
		t.Fatal(err)
	}
	if err := gorgonia.NewTapeMachine(g).RunAll(); err != nil {
		t.Fatal(err)
	}
	in, got, turned := fill(1, 20), floats(y.Value()), floats(flipped.Value())
	for i := range 4 {
		for j := range 3 {
			if want := math.Tanh(in[5*i+j+1]); math.Abs(got[3*i+j]-want) > 1e-15 {
				t.Errorf("column slice: %v, want %v", got[3*i+j], want)
			}
		}
		for j := range 5 {
			if want := max(in[5*i+j], 0); turned[4*j+i] != want {
				t.Errorf("transposed: %v, want %v", turned[4*j+i], want)
			}
		}
	}
	// A transposed view, as Dense.T makes it, and a view of columns given to Do.
	d := filled(tensor.Float32, 1, 1, 0, 4, 5)
	if err := d.T(); err != nil {
		t.Fatal(err)
	}
	f, err := ReLU(node(g, tensor.Float32, 5, 4))
	if err != nil {
		t.Fatal(err)
	}
	v, err := f.Op().Do(d)
	if err != nil {
		t.Fatal(err)
	}
	compare(t, "Dense.T", floats(v), turned, 0)
	labels := tensor.New(tensor.WithShape(2, 2), tensor.WithBacking([]int{2, 0, 1, 0}))
	column, err := labels.Slice(nil, gorgonia.S(0))
	if err != nil {
		t.Fatal(err)
	}
	loss, err := SoftmaxCrossEntropy(node(g, tensor.Float64, 2, 3), node(g, tensor.Int, 2))
	if err != nil {
		t.Fatal(err)
	}
	logits := filled(tensor.Float64, 2, 1, 0, 2, 3)
	a, err := loss.Op().Do(logits, column.(*tensor.Dense))
	if err != nil {
		t.Fatal(err)
	}
	b, err := loss.Op().Do(logits, tensor.New(tensor.WithBacking([]int{2, 1})))
	if err != nil {
		t.Fatal(err)
	}
	compare(t, "labels from a column", floats(a), floats(b), 0)
}

// TestNaN checks that a NaN is not swallowed.
func TestNaN(t *testing.T) {
	for _, c := range []struct {
		name string
		f    func(*gorgonia.Node) (*gorgonia.Node, error)
	}{
		{"relu", ReLU}, {"maxpool2d", maxpool(pool2)}, {"avgpool2d", avgpool(pool2)},
		{"relu+maxpool2d", func(x *gorgonia.Node) (*gorgonia.Node, error) {
			return fused(then(unary(ReLU), maxpool(pool2)))(gorgonia.Nodes{x})
		}},
	} {
		x := filled(tensor.Float32, 1, 1, -3, 1, 2, 2, 1)
		y, err := c.f(node(gorgonia.NewGraph(), tensor.Float32, 1, 2, 2, 1))
		if err != nil {
			t.Fatal(err)
		}
		x.Float32s()[1] = float32(math.NaN())
		v, err := y.Op().Do(x)
		if err != nil {
			t.Fatal(err)
		}
		found := false
		for _, f := range floats(v) {
			found = found || f != f
		}
		if !found {
			t.Errorf("%s: %v of %v", c.name, v, x)
		}
	}
}

// TestProgram runs every chain in a program: without fusion to the bit what the operations give one by one; with fusion
// no garbage, and gradients that are checked by differences.
func TestProgram(t *testing.T) {
	for _, c := range append(append([]opCase{}, opCases...), fusions...) {
		t.Run(c.name, func(t *testing.T) {
			whole := build(t, tensor.Float64, c)
			whole.bind(t, c, c.shapes[0][0], 4)
			want := whole.results(t)

			n, params := bareNet(t, c)
			compileAndRun(t, n, graph.Params(params...), graph.NoFusion(), graph.Outputs(n.y))
			compare(t, "y", floats(n.y.Value()), want[0], 0)
			for k, in := range params {
				grad, err := in.Grad()
				if err != nil {
					t.Fatal(err)
				}
				compare(t, in.Name(), floats(grad), want[k+2], 0)
			}

			n, params = bareNet(t, c)
			p := compileAndRun(t, n, graph.Params(params...))
			if allocs := testing.AllocsPerRun(10, func() {
				if err := p.RunAll(); err != nil {
					t.Fatal(err)
				}
			}); allocs != 0 && !c.stock {
				t.Errorf("%v allocations a step", allocs)
			}

			n, params = bareNet(t, c)
			if err := graph.CheckGradient(n.cost, params); err != nil {
				t.Error(err)
			}
		})
	}
}

// bareNet is a case with values bound and a cost, before anybody differentiates it.
func bareNet(t *testing.T, c opCase) (n *net, params gorgonia.Nodes) {
	t.Helper()
	n = inputs(t, tensor.Float64, c)
	if err := n.addCost(tensor.Float64); err != nil {
		t.Fatal(err)
	}
	n.m = newMachine(n.cost)
	n.bind(t, c, c.shapes[0][0], 4)
	for _, i := range n.gradient {
		params = append(params, n.in[i])
	}
	return n, params
}

func compileAndRun(t *testing.T, n *net, opts ...graph.Option) *graph.Program {
	t.Helper()
	p, err := graph.Compile(n.cost, opts...)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.RunAll(); err != nil {
		t.Fatal(err)
	}
	return p
}
