package graph_test

import (
	"math"
	"testing"

	"gorgonia.org/gorgonia"
)

type pointwise struct {
	name  string
	op    func(*gorgonia.Node) (*gorgonia.Node, error)
	f, df func(float64) float64
	x     []float64 // smooth points
	flat  bool
}

func logistic(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

func softplus(x float64) float64 { return max(x, 0) + math.Log1p(math.Exp(-math.Abs(x))) }

func signum(x float64) float64 {
	switch {
	case x > 0:
		return 1
	case x < 0:
		return -1
	}
	return x
}

func zero(float64) float64 { return 0 }

var (
	anywhere = []float64{0.3, -0.7, 2.5, -1.25, 0.011, -8, 17}
	positive = []float64{0.3, 0.7, 2.5, 1, 4, 1e-3, 70}
)

// unaries are Gorgonia's ops of one argument, element by element.
var unaries = []pointwise{
	{"Abs", gorgonia.Abs, math.Abs, signum, anywhere, false},
	{"Sign", gorgonia.Sign, signum, zero, anywhere, true},
	{"Ceil", gorgonia.Ceil, math.Ceil, zero, anywhere, true},
	{"Floor", gorgonia.Floor, math.Floor, zero, anywhere, true},
	{"Sin", gorgonia.Sin, math.Sin, math.Cos, anywhere, false},
	{"Cos", gorgonia.Cos, math.Cos, func(x float64) float64 { return -math.Sin(x) }, anywhere, false},
	{"Exp", gorgonia.Exp, math.Exp, math.Exp, anywhere, false},
	{"Log", gorgonia.Log, math.Log, func(x float64) float64 { return 1 / x }, positive, false},
	{"Log2", gorgonia.Log2, math.Log2, func(x float64) float64 { return 1 / (x * math.Ln2) }, positive, false},
	{"Neg", gorgonia.Neg, func(x float64) float64 { return -x }, func(float64) float64 { return -1 }, anywhere, false},
	{"Square", gorgonia.Square, func(x float64) float64 { return x * x }, func(x float64) float64 { return 2 * x }, anywhere, false},
	{"Sqrt", gorgonia.Sqrt, math.Sqrt, func(x float64) float64 { return 0.5 / math.Sqrt(x) }, positive, false},
	{"Inverse", gorgonia.Inverse, func(x float64) float64 { return 1 / x }, func(x float64) float64 { return -1 / (x * x) }, anywhere, false},
	{"InverseSqrt", gorgonia.InverseSqrt, func(x float64) float64 { return 1 / math.Sqrt(x) },
		func(x float64) float64 { return -0.5 * math.Pow(1/math.Sqrt(x), 3) }, positive, false},
	{"Cube", gorgonia.Cube, func(x float64) float64 { return x * x * x }, func(x float64) float64 { return 3 * x * x }, anywhere, false},
	{"Tanh", gorgonia.Tanh, math.Tanh, func(x float64) float64 { return 1 - math.Tanh(x)*math.Tanh(x) }, anywhere, false},
	{"Sigmoid", gorgonia.Sigmoid, logistic, func(x float64) float64 { return logistic(x) * logistic(-x) }, anywhere, false},
	{"Log1p", gorgonia.Log1p, math.Log1p, func(x float64) float64 { return 1 / (1 + x) }, positive, false},
	{"Expm1", gorgonia.Expm1, math.Expm1, math.Exp, anywhere, false},
	{"Softplus", gorgonia.Softplus, softplus, logistic, anywhere, false},
}

func (p pointwise) on(in operand) sweepCase {
	return sweepCase{
		name:  p.name,
		in:    []operand{in},
		flat:  p.flat,
		build: func(n gorgonia.Nodes) (*gorgonia.Node, error) { return p.op(n[0]) },
		want: func(x [][]float64) []float64 {
			y := make([]float64, len(x[0]))
			for i, v := range x[0] {
				y[i] = p.f(v)
			}
			return y
		},
		grad: func(x [][]float64, c []float64) [][]float64 {
			d := make([]float64, len(x[0]))
			for i, v := range x[0] {
				d[i] = p.df(v) * c[i]
			}
			return [][]float64{d}
		},
	}
}

func TestSweepUnary(t *testing.T) {
	for _, p := range unaries {
		for _, shape := range [][]int{{7}, {1, 7}, {7, 1}, {7, 1, 1}, {1, 1, 7, 1}} {
			sweep(t, []sweepCase{p.on(on(p.x, shape...))})
		}
		sweep(t, []sweepCase{p.on(on(p.x[1:2])), p.on(on(p.x[:1], 1)), p.on(on(p.x[:1], 1, 1))})
		edges := []float64{0, math.Copysign(0, -1), math.Inf(1), math.Inf(-1), math.NaN(), 1, -1, 100, -100, 1e-30, -1e-30, 1e30, -1e30}
		for _, e := range edges {
			c := p.on(on([]float64{e, e}, 2))
			c.name += "/edge"
			sweep(t, []sweepCase{c, p.on(on([]float64{e}))})
		}
	}
}
