package graph_test

import (
	"math"
	"slices"
	"testing"

	"github.com/fallline/fallline/graph"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// The tests of this file hold what docs/gorgonia.md says of Gorgonia's own operations and solvers. When one fails
// because Gorgonia has mended something, the page is what needs a change.

// stock is a graph of one operation of Gorgonia's on x.
type stock struct {
	g    *gorgonia.ExprGraph
	x, y *gorgonia.Node
}

func newStock(t *testing.T, shape []int, x []float64, op func(*gorgonia.Node) (*gorgonia.Node, error)) *stock {
	t.Helper()
	g := gorgonia.NewGraph()
	s := &stock{g: g, x: gorgonia.NodeFromAny(g, tensor.New(tensor.WithShape(shape...), tensor.WithBacking(slices.Clone(x))), gorgonia.WithName("x"))}
	var err error
	if s.y, err = op(s.x); err != nil {
		t.Fatal(err)
	}
	return s
}

// tape runs the graph in a TapeMachine: y, and the gradient by x of the sum of y.
func (s *stock) tape(t *testing.T) (y, dx []float64) {
	t.Helper()
	if _, err := gorgonia.Grad(gorgonia.Must(gorgonia.Sum(s.y)), s.x); err != nil {
		t.Fatal(err)
	}
	m := gorgonia.NewTapeMachine(s.g, gorgonia.BindDualValues(s.x))
	defer m.Close()
	if err := m.RunAll(); err != nil {
		t.Fatal(err)
	}
	grad, err := s.x.Grad()
	if err != nil {
		t.Fatal(err)
	}
	return s.y.Value().Data().([]float64), grad.Data().([]float64)
}

// program runs the graph in a Program.
func (s *stock) program(t *testing.T) (y []float64) {
	t.Helper()
	p, err := graph.Compile(nil, graph.Outputs(s.y))
	if err != nil {
		t.Fatal(err)
	}
	if err := p.RunAll(); err != nil {
		t.Fatal(err)
	}
	return s.y.Value().Data().([]float64)
}

// upTo is 1 to n.
func upTo(n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = float64(i + 1)
	}
	return x
}

func isNaN(x float64) bool { return math.IsNaN(x) }

func TestStockSoftMax(t *testing.T) {
	rows := []float64{0, 1, 2, 1000, 1, 2}
	soft := func(x *gorgonia.Node) (*gorgonia.Node, error) { return gorgonia.SoftMax(x) }
	y, _ := newStock(t, []int{2, 3}, rows, soft).tape(t)
	if !slices.ContainsFunc(y, isNaN) {
		t.Errorf("TapeMachine: %v, no NaN", y)
	}
	if y := newStock(t, []int{2, 3}, rows, soft).program(t); slices.ContainsFunc(y, isNaN) || y[3] != 1 {
		t.Errorf("Program: %v", y)
	}
	x := gorgonia.NewMatrix(gorgonia.NewGraph(), tensor.Float64, gorgonia.WithShape(2, 3), gorgonia.WithName("x"))
	if gorgonia.Must(gorgonia.SoftMax(x)) != gorgonia.Must(gorgonia.LogSoftMax(x)) {
		t.Error("SoftMax and LogSoftMax are two nodes")
	}
}

func TestStockDropout(t *testing.T) {
	y, dx := newStock(t, []int{64}, upTo(64), func(x *gorgonia.Node) (*gorgonia.Node, error) { return gorgonia.Dropout(x, 0.25) }).tape(t)
	for i := range y {
		if y[i] != 0 && (math.Abs(y[i]/float64(i+1)-1/0.75) > 1e-12 || math.Abs(dx[i]-1/0.25) > 1e-12) {
			t.Errorf("element %d: factor %v forward, %v backward", i, y[i]/float64(i+1), dx[i])
		}
	}
	x := gorgonia.NewMatrix(gorgonia.NewGraph(), tensor.Float64, gorgonia.WithShape(2, 3), gorgonia.WithName("x"))
	if gorgonia.Must(gorgonia.Dropout(x, 0.25)) != gorgonia.Must(gorgonia.Dropout(x, 0.75)) {
		t.Error("two probabilities are two nodes")
	}
}

func TestStockPools(t *testing.T) {
	pool := func(size, stride int) func(x *gorgonia.Node) (*gorgonia.Node, error) {
		return func(x *gorgonia.Node) (*gorgonia.Node, error) {
			return gorgonia.AveragePool2D(x, tensor.Shape{size, size}, []int{0, 0}, []int{stride, stride})
		}
	}
	image := []int{1, 1, 4, 4}
	if y, _ := newStock(t, image, upTo(16), pool(3, 1)).tape(t); y[0] == 6 {
		t.Error("AveragePool2D divides by 9")
	}
	if _, dx := newStock(t, image, upTo(16), pool(2, 2)).tape(t); dx[15] == 0.25 {
		t.Error("AveragePool2D's gradient reaches the last cell")
	}
	defer func() {
		if recover() == nil {
			t.Error("GlobalAveragePool2D has a gradient")
		}
	}()
	newStock(t, image, upTo(16), gorgonia.GlobalAveragePool2D).tape(t)
}

func TestStockSum(t *testing.T) {
	sum := func(x *gorgonia.Node) (*gorgonia.Node, error) { return gorgonia.Sum(x, 2) }
	const fifth = 21 + 26 + 31 + 36
	if y, _ := newStock(t, []int{2, 3, 4, 5}, upTo(120), sum).tape(t); y[5] == fifth {
		t.Error("TapeMachine sums over axis 2 of 4")
	}
	if y := newStock(t, []int{2, 3, 4, 5}, upTo(120), sum).program(t); y[5] != fifth {
		t.Errorf("Program: %v, want %v", y[5], fifth)
	}
}

func TestStockRectify(t *testing.T) {
	y, dx := newStock(t, []int{3}, []float64{-1, 0, math.Inf(-1)}, func(x *gorgonia.Node) (*gorgonia.Node, error) { return gorgonia.Rectify(x) }).tape(t)
	if dx[1] != 1 || !isNaN(y[2]) {
		t.Errorf("gradient %v at 0, %v of −Inf", dx[1], y[2])
	}
}

func TestStockConv2d(t *testing.T) {
	g := gorgonia.NewGraph()
	x := gorgonia.NewTensor(g, tensor.Float64, 4, gorgonia.WithShape(1, 1, 8, 8), gorgonia.WithName("x"))
	w := gorgonia.NewTensor(g, tensor.Float64, 4, gorgonia.WithShape(1, 1, 3, 3), gorgonia.WithName("w"))
	conv := func(dilation int) *gorgonia.Node {
		return gorgonia.Must(gorgonia.Conv2d(x, w, tensor.Shape{3, 3}, []int{0, 0}, []int{3, 3}, []int{dilation, dilation}))
	}
	if conv(1) != conv(2) {
		t.Error("two dilations are two nodes")
	}
}

func TestStockBatchNorm(t *testing.T) {
	x := gorgonia.NewTensor(gorgonia.NewGraph(), tensor.Float64, 4, gorgonia.WithShape(5, 3, 2, 2), gorgonia.WithName("x"))
	_, gamma, _, _, err := gorgonia.BatchNorm(x, nil, nil, 0.9, 1e-5)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(gamma.Shape(), []int{5, 3, 2, 2}) {
		t.Errorf("γ has shape %v", gamma.Shape())
	}
}

// steps takes three steps on w² from 1 with a solver.
func steps(t *testing.T, s gorgonia.Solver, scalar bool) (w []float64) {
	t.Helper()
	g := gorgonia.NewGraph()
	var n, cost *gorgonia.Node
	if scalar {
		n = gorgonia.NewScalar(g, tensor.Float64, gorgonia.WithName("w"), gorgonia.WithValue(1.0))
		cost = gorgonia.Must(gorgonia.Square(n))
	} else {
		n = gorgonia.NodeFromAny(g, tensor.New(tensor.WithShape(1), tensor.WithBacking([]float64{1})), gorgonia.WithName("w"))
		cost = gorgonia.Must(gorgonia.Sum(gorgonia.Must(gorgonia.Square(n))))
	}
	if _, err := gorgonia.Grad(cost, n); err != nil {
		t.Fatal(err)
	}
	m := gorgonia.NewTapeMachine(g, gorgonia.BindDualValues(n))
	defer m.Close()
	for range 3 {
		if err := m.RunAll(); err != nil {
			t.Fatal(err)
		}
		if err := s.Step(gorgonia.NodesToValueGrads(gorgonia.Nodes{n})); err != nil {
			t.Fatal(err)
		}
		m.Reset()
		if x, ok := n.Value().Data().(float64); ok {
			w = append(w, x)
		} else {
			w = append(w, n.Value().Data().([]float64)[0])
		}
	}
	return w
}

func TestStockSolvers(t *testing.T) {
	rate := gorgonia.WithLearnRate(0.1)
	if w := steps(t, gorgonia.NewAdamW(rate), false); w[2] != 1 {
		t.Errorf("AdamW moves: %v", w)
	}
	plain := steps(t, gorgonia.NewVanillaSolver(rate), true)
	if w := steps(t, gorgonia.NewMomentum(rate, gorgonia.WithMomentum(0.9)), true); !slices.Equal(w, plain) {
		t.Errorf("Momentum of a scalar has momentum: %v", w)
	}
	if a, b := steps(t, gorgonia.NewAdaGradSolver(rate), false), steps(t, gorgonia.NewAdaGradSolver(), false); !slices.Equal(a, b) {
		t.Errorf("AdaGrad heeds WithLearnRate: %v and %v", a, b)
	}
}
