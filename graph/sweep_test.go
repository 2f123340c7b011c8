package graph_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/fallline/fallline/graph"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// The sweep_*_test.go files run every op that Gorgonia exports in a Program: values against a definition in plain Go,
// gradients against central differences of that definition. What a Program can't get right it must refuse.

// operand is an argument of an op under test.
type operand struct {
	shape []int
	x     []float64
	held  bool // an input that isn't differentiated by
}

// sweepCase is an op on arguments.
type sweepCase struct {
	name  string
	in    []operand
	build func(n gorgonia.Nodes) (*gorgonia.Node, error)
	// want is the definition: the result's elements, row by row.
	want func(x [][]float64) []float64
	// grad is the derivative of Σ c y by each argument, where differences can't tell it.
	grad func(x [][]float64, c []float64) [][]float64
	// flat says that only the values are compared: the op has no derivative.
	flat bool
	// refused is what Compile must say; "build" where Gorgonia itself must refuse.
	refused string
}

// sweep runs the cases in both types.
func sweep(t *testing.T, cases []sweepCase) {
	t.Helper()
	for _, c := range cases {
		for _, dt := range []tensor.Dtype{tensor.Float64, tensor.Float32} {
			t.Run(fmt.Sprintf("%s/%v", c.name, dt), func(t *testing.T) { c.run(t, dt) })
		}
	}
}

func (c sweepCase) run(t *testing.T, dt tensor.Dtype) {
	g := gorgonia.NewGraph()
	nodes := make(gorgonia.Nodes, len(c.in))
	exact := make([][]float64, len(c.in))
	var params gorgonia.Nodes
	for i, in := range c.in {
		exact[i] = rounded(in.x, dt)
		nodes[i] = leaf(g, fmt.Sprintf("x%d", i), dt, in.shape, exact[i])
		if !in.held && !c.flat {
			params = append(params, nodes[i])
		}
	}
	y, err := c.apply(nodes)
	if c.refused == "build" {
		if err == nil {
			t.Fatal("Gorgonia builds it")
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	want := c.want(exact)
	weights := rounded(wave(len(want), 0.4, 1.7), dt)
	cost, err := weighted(g, y, weights, dt)
	if err != nil {
		t.Fatal(err)
	}
	p, err := graph.Compile(cost, graph.Params(params...), graph.Outputs(y))
	if c.refused != "" {
		if err == nil || !strings.Contains(err.Error(), c.refused) {
			t.Fatalf("Compile says %v, want %q", err, c.refused)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // what is left in the buffers must not count
		if err := p.RunAll(); err != nil {
			t.Fatal(err)
		}
	}
	tol := 1e-9
	if dt == tensor.Float32 {
		tol = 2e-5
	}
	compare(t, "value", floats(y.Value()), rounded(want, dt), tol)
	if c.flat {
		return
	}
	c.checkGradient(t, dt, nodes, exact, weights)
}

// apply builds the op and makes a panic an error.
func (c sweepCase) apply(n gorgonia.Nodes) (y *gorgonia.Node, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	return c.build(n)
}

func (c sweepCase) checkGradient(t *testing.T, dt tensor.Dtype, nodes gorgonia.Nodes, x [][]float64, weights []float64) {
	tol := 1e-5
	if dt == tensor.Float32 {
		tol = 2e-3
	}
	var want [][]float64
	if c.grad != nil {
		want = c.grad(x, weights)
	} else {
		want = c.differences(x, weights)
	}
	for i, n := range nodes {
		if c.in[i].held {
			continue
		}
		d, err := n.Grad()
		if err != nil {
			t.Fatal(err)
		}
		compare(t, fmt.Sprintf("gradient by argument %d", i), floats(d), rounded(want[i], dt), tol)
	}
}

// differences are the central differences of Σ c y.
func (c sweepCase) differences(x [][]float64, weights []float64) [][]float64 {
	cost := func() (s float64) {
		for i, y := range c.want(x) {
			s += weights[i] * y
		}
		return s
	}
	d := make([][]float64, len(x))
	for i := range x {
		d[i] = make([]float64, len(x[i]))
		for j, v := range x[i] {
			h := 1e-5 * max(0.1, math.Abs(v))
			x[i][j] = v + h
			up := cost()
			x[i][j] = v - h
			d[i][j] = (up - cost()) / (2 * h)
			x[i][j] = v
		}
	}
	return d
}

// leaf is an input with a value.
func leaf(g *gorgonia.ExprGraph, name string, dt tensor.Dtype, shape []int, x []float64) *gorgonia.Node {
	if len(shape) == 0 {
		if dt == tensor.Float32 {
			return gorgonia.NewScalar(g, dt, gorgonia.WithName(name), gorgonia.WithValue(float32(x[0])))
		}
		return gorgonia.NewScalar(g, dt, gorgonia.WithName(name), gorgonia.WithValue(x[0]))
	}
	return gorgonia.NewTensor(g, dt, len(shape), gorgonia.WithName(name), gorgonia.WithShape(shape...), gorgonia.WithValue(dense(dt, shape, x)))
}

func dense(dt tensor.Dtype, shape []int, x []float64) *tensor.Dense {
	if dt == tensor.Float64 {
		return tensor.New(tensor.WithShape(shape...), tensor.WithBacking(append([]float64(nil), x...)))
	}
	f := make([]float32, len(x))
	for i, v := range x {
		f[i] = float32(v)
	}
	return tensor.New(tensor.WithShape(shape...), tensor.WithBacking(f))
}

// weighted is Σ c y.
func weighted(g *gorgonia.ExprGraph, y *gorgonia.Node, c []float64, dt tensor.Dtype) (*gorgonia.Node, error) {
	shape := y.Shape()
	if y.IsScalar() {
		shape = nil
	}
	if shape.TotalSize() != len(c) {
		return nil, fmt.Errorf("Gorgonia gives shape %v for %d elements", shape, len(c))
	}
	z, err := gorgonia.HadamardProd(y, leaf(g, "weights", dt, shape, c))
	if err != nil {
		return nil, err
	}
	return gorgonia.Sum(z)
}

// floats are a value's elements.
func floats(v gorgonia.Value) []float64 {
	switch x := v.Data().(type) {
	case float64:
		return []float64{x}
	case float32:
		return []float64{float64(x)}
	case []float64:
		return x
	case []float32:
		y := make([]float64, len(x))
		for i, v := range x {
			y[i] = float64(v)
		}
		return y
	case []int:
		y := make([]float64, len(x))
		for i, v := range x {
			y[i] = float64(v)
		}
		return y
	case bool:
		return truths([]bool{x})
	case []bool:
		return truths(x)
	}
	return nil
}

func truths(b []bool) []float64 {
	y := make([]float64, len(b))
	for i, v := range b {
		if v {
			y[i] = 1
		}
	}
	return y
}

// rounded are the numbers as a type holds them.
func rounded(x []float64, dt tensor.Dtype) []float64 {
	y := append([]float64(nil), x...)
	if dt == tensor.Float32 {
		for i, v := range y {
			y[i] = float64(float32(v))
		}
	}
	return y
}

// wave is n numbers around a middle, none equal to another and none near 0 for a middle below 1.
func wave(n int, middle, step float64) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = middle + math.Sin(float64(i+1)*step)
		if math.Abs(x[i]) < 0.05 {
			x[i] += 0.1
		}
	}
	return x
}

func compare(t *testing.T, what string, got, want []float64, tol float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s: %d elements, want %d", what, len(got), len(want))
		return
	}
	for i, w := range want {
		g := got[i]
		if g == w || math.IsNaN(g) && math.IsNaN(w) {
			continue
		}
		if !(math.Abs(g-w) <= tol*max(1, min(math.Abs(w), math.MaxFloat64))) {
			t.Errorf("%s: element %d is %v, want %v", what, i, g, w)
		}
	}
}

// on is an operand of a shape.
func on(x []float64, shape ...int) operand { return operand{shape: shape, x: x} }

// some is an operand of a shape, filled with numbers around a middle.
func some(middle, step float64, shape ...int) operand {
	return operand{shape: shape, x: wave(tensor.Shape(shape).TotalSize(), middle, step)}
}

func held(o operand) operand {
	o.held = true
	return o
}

// runValue runs an op in a Program without a cost, in both types, and compares its value.
func runValue(t *testing.T, name string, in []operand, build func(n gorgonia.Nodes) (*gorgonia.Node, error), want []float64) {
	t.Helper()
	for _, dt := range []tensor.Dtype{tensor.Float64, tensor.Float32} {
		t.Run(fmt.Sprintf("%s/%v", name, dt), func(t *testing.T) {
			g := gorgonia.NewGraph()
			nodes := make(gorgonia.Nodes, len(in))
			for i, o := range in {
				nodes[i] = leaf(g, fmt.Sprintf("x%d", i), dt, o.shape, rounded(o.x, dt))
			}
			y, err := sweepCase{build: build}.apply(nodes)
			if err != nil {
				t.Fatal(err)
			}
			p, err := graph.Compile(nil, graph.Outputs(y))
			if err != nil {
				t.Fatal(err)
			}
			for range 2 {
				if err := p.RunAll(); err != nil {
					t.Fatal(err)
				}
			}
			compare(t, "value", floats(y.Value()), want, 1e-6)
		})
	}
}
