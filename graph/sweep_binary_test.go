package graph_test

import (
	"math"
	"testing"

	"gorgonia.org/gorgonia"
)

// between is an op of two arguments, element by element.
type between struct {
	name   string
	op     func(a, b *gorgonia.Node) (*gorgonia.Node, error)
	f      func(a, b float64) float64
	above0 bool // the left argument must be positive
}

var arithmetic = []between{
	{name: "Add", op: gorgonia.Add, f: func(a, b float64) float64 { return a + b }},
	{name: "Sub", op: gorgonia.Sub, f: func(a, b float64) float64 { return a - b }},
	{name: "HadamardProd", op: gorgonia.HadamardProd, f: func(a, b float64) float64 { return a * b }},
	{name: "HadamardDiv", op: gorgonia.HadamardDiv, f: func(a, b float64) float64 { return a / b }},
	{name: "Div", op: gorgonia.Div, f: func(a, b float64) float64 { return a / b }},
	{name: "Pow", op: gorgonia.Pow, f: math.Pow, above0: true},
}

func (p between) on(name string, a, b operand) sweepCase {
	return sweepCase{
		name:  p.name + "/" + name,
		in:    []operand{a, b},
		build: func(n gorgonia.Nodes) (*gorgonia.Node, error) { return p.op(n[0], n[1]) },
		want:  func(x [][]float64) []float64 { return pairs(x[0], x[1], p.f) },
	}
}

// pairs applies f to the elements of two arguments, either of which may be a single one.
func pairs(a, b []float64, f func(a, b float64) float64) []float64 {
	y := make([]float64, max(len(a), len(b)))
	for i := range y {
		u, v := a[0], b[0]
		if len(a) > 1 {
			u = a[i]
		}
		if len(b) > 1 {
			v = b[i]
		}
		y[i] = f(u, v)
	}
	return y
}

// number is a scalar constant of the type of a node.
func number(like *gorgonia.Node, v float64) *gorgonia.Node {
	if like.Dtype() == gorgonia.Float32 {
		return gorgonia.NewConstant(float32(v))
	}
	return gorgonia.NewConstant(v)
}

func TestSweepBinary(t *testing.T) {
	for _, p := range arithmetic {
		m := 0.2
		if p.above0 {
			m = 1.3
		}
		for _, shape := range [][]int{{5}, {2, 3}, {1, 4}, {4, 1}, {2, 3, 2}, {2, 1, 3, 2}, {1}, {1, 1}} {
			sweep(t, []sweepCase{
				p.on("both", some(m, 1.3, shape...), some(0.3, 2.1, shape...)),
				p.on("number left", some(m, 1.3), some(0.3, 2.1, shape...)),
				p.on("number right", some(m, 1.3, shape...), some(0.3, 2.1)),
			})
		}
		sweep(t, []sweepCase{p.on("numbers", some(m, 1.3), some(0.3, 2.1))})
		x := some(m, 1.3, 5)
		sweep(t, []sweepCase{
			{name: p.name + "/itself", in: []operand{some(1.4, 1.3, 5)},
				build: func(n gorgonia.Nodes) (*gorgonia.Node, error) { return p.op(n[0], n[0]) },
				want:  func(x [][]float64) []float64 { return pairs(x[0], x[0], p.f) }},
			{name: p.name + "/constant left", in: []operand{x},
				build: func(n gorgonia.Nodes) (*gorgonia.Node, error) { return p.op(number(n[0], 1.5), n[0]) },
				want:  func(x [][]float64) []float64 { return pairs([]float64{1.5}, x[0], p.f) }},
			{name: p.name + "/constant right", in: []operand{x},
				build: func(n gorgonia.Nodes) (*gorgonia.Node, error) { return p.op(n[0], number(n[0], 1.5)) },
				want:  func(x [][]float64) []float64 { return pairs(x[0], []float64{1.5}, p.f) }},
			{name: p.name + "/1 left", in: []operand{x},
				build: func(n gorgonia.Nodes) (*gorgonia.Node, error) { return p.op(number(n[0], 1), n[0]) },
				want:  func(x [][]float64) []float64 { return pairs([]float64{1}, x[0], p.f) }},
			{name: p.name + "/1 right", in: []operand{x},
				build: func(n gorgonia.Nodes) (*gorgonia.Node, error) { return p.op(n[0], number(n[0], 1)) },
				want:  func(x [][]float64) []float64 { return pairs(x[0], []float64{1}, p.f) }},
		})
		edges := []float64{0, math.Copysign(0, -1), 1, -1, 2, -2.5, math.Inf(1), math.Inf(-1), math.NaN(), 1e30, 1e-30}
		var a, b []float64
		for _, u := range edges {
			for _, v := range edges {
				a, b = append(a, u), append(b, v)
			}
		}
		c := p.on("edges", on(a, len(a)), on(b, len(b)))
		c.flat = true
		sweep(t, []sweepCase{c})
	}
}

func TestSweepPowEdges(t *testing.T) {
	// y = x^p at a constant p: p x^(p−1), which is 0 for p = 0.
	for _, p := range []float64{0, 1, 2, 3, -1, 0.5} {
		x := []float64{-2, -0.5, 0, 0.5, 3}
		if p == 0.5 || p == -1 {
			x = x[3:]
		}
		sweep(t, []sweepCase{{
			name: "Pow/of negative numbers and 0", in: []operand{on(x, len(x))},
			build: func(n gorgonia.Nodes) (*gorgonia.Node, error) { return gorgonia.Pow(n[0], number(n[0], p)) },
			want:  func(x [][]float64) []float64 { return pairs(x[0], []float64{p}, math.Pow) },
			grad: func(x [][]float64, c []float64) [][]float64 {
				d := make([]float64, len(c))
				for i, v := range x[0] {
					if p != 0 {
						d[i] = c[i] * p * math.Pow(v, p-1)
					}
				}
				return [][]float64{d}
			},
		}})
	}
	// d x^y / dy = x^y ln x, which goes to 0 with x for y > 0.
	sweep(t, []sweepCase{{
		name: "Pow/of 0 by the exponent", in: []operand{held(on([]float64{0, 0, 2}, 3)), on([]float64{1, 2, 3}, 3)},
		build: func(n gorgonia.Nodes) (*gorgonia.Node, error) { return gorgonia.Pow(n[0], n[1]) },
		want:  func(x [][]float64) []float64 { return pairs(x[0], x[1], math.Pow) },
		grad: func(x [][]float64, c []float64) [][]float64 {
			return [][]float64{nil, {0, 0, c[2] * 8 * math.Ln2}}
		},
	}})
	// Gorgonia's derivative takes the logarithm of the base, and its Log rewrites a sum with 1 and a softmax in place.
	sweep(t, []sweepCase{
		{name: "Pow/of 1+x", in: []operand{some(0.9, 1.3, 2, 3)},
			build: func(n gorgonia.Nodes) (*gorgonia.Node, error) {
				y := gorgonia.Must(gorgonia.Add(number(n[0], 1), n[0]))
				return gorgonia.Add(gorgonia.Must(gorgonia.Pow(y, number(n[0], 2))), y)
			},
			want: func(x [][]float64) []float64 {
				return pairs(x[0], x[0], func(a, _ float64) float64 { return (1+a)*(1+a) + 1 + a })
			}},
		{name: "Pow/of SoftMax", in: []operand{some(0.9, 1.3, 2, 3)},
			build: func(n gorgonia.Nodes) (*gorgonia.Node, error) {
				return gorgonia.Pow(gorgonia.Must(gorgonia.SoftMax(n[0])), number(n[0], 2))
			},
			want: func(x [][]float64) []float64 {
				y := softmaxRows(x[0], 3)
				return pairs(y, y, func(a, b float64) float64 { return a * b })
			}},
	})
}

func softmaxRows(x []float64, n int) []float64 {
	y := make([]float64, len(x))
	for r := 0; r < len(x); r += n {
		s := 0.0
		for i := range n {
			s += math.Exp(x[r+i])
		}
		for i := range n {
			y[r+i] = math.Exp(x[r+i]) / s
		}
	}
	return y
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

var comparisons = []struct {
	name  string
	op    func(a, b *gorgonia.Node, retSame bool) (*gorgonia.Node, error)
	holds func(a, b float64) bool
}{
	{"Lt", gorgonia.Lt, func(a, b float64) bool { return a < b }},
	{"Gt", gorgonia.Gt, func(a, b float64) bool { return a > b }},
	{"Lte", gorgonia.Lte, func(a, b float64) bool { return a <= b }},
	{"Gte", gorgonia.Gte, func(a, b float64) bool { return a >= b }},
	{"Eq", gorgonia.Eq, func(a, b float64) bool { return a == b }},
	{"Ne", gorgonia.Ne, func(a, b float64) bool { return a != b }},
}

func TestSweepComparisons(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	a := []float64{1, 2, 3, 0, math.Copysign(0, -1), nan, inf, -inf, nan}
	b := []float64{2, 2, 1, math.Copysign(0, -1), 0, 1, inf, inf, nan}
	for _, c := range comparisons {
		f := func(a, b float64) float64 { return truth(c.holds(a, b)) }
		for _, same := range []bool{true, false} {
			row := func(name string, x, y operand) {
				runValue(t, c.name+"/"+name, []operand{x, y}, func(n gorgonia.Nodes) (*gorgonia.Node, error) { return c.op(n[0], n[1], same) },
					pairs(x.x, y.x, f))
			}
			row("both", on(a, 9), on(b, 9))
			row("matrices", on(a, 3, 3), on(b, 3, 3))
			row("number left", on(a[1:2]), on(b, 9))
			row("number right", on(a, 9), on(b[:1]))
			row("number left of a matrix", on(a[1:2]), on(b, 3, 3))
			row("numbers", on(a[:1]), on(b[:1]))
			row("equal numbers", on(a[1:2]), on(b[1:2]))
			row("one", on(a[1:2], 1), on(b[1:2], 1))
			runValue(t, c.name+"/itself", []operand{on(a, 9)}, func(n gorgonia.Nodes) (*gorgonia.Node, error) { return c.op(n[0], n[0], same) }, pairs(a, a, f))
		}
	}
}
