package graph_test

import (
	"fmt"
	"slices"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// matmul multiplies stacks of m×k and k×n matrices, each transposed first where told.
func matmul(a, b []float64, stack, m, k, n int, ta, tb bool) []float64 {
	y := make([]float64, stack*m*n)
	at := func(x []float64, s, i, j, rows, cols int, t bool) float64 {
		if t {
			i, j, rows, cols = j, i, cols, rows
		}
		return x[(s*rows+i)*cols+j]
	}
	for s := range stack {
		for i := range m {
			for j := range n {
				for l := range k {
					y[(s*m+i)*n+j] += at(a, s, i, l, m, k, ta) * at(b, s, l, j, k, n, tb)
				}
			}
		}
	}
	return y
}

func product(name string, op func(a, b *gorgonia.Node) (*gorgonia.Node, error), a, b operand, want func(a, b []float64) []float64) sweepCase {
	return sweepCase{
		name:  fmt.Sprint(name, a.shape, b.shape),
		in:    []operand{a, b},
		build: func(n gorgonia.Nodes) (*gorgonia.Node, error) { return op(n[0], n[1]) },
		want:  func(x [][]float64) []float64 { return want(x[0], x[1]) },
	}
}

func TestSweepMul(t *testing.T) {
	for _, d := range [][3]int{{2, 3, 4}, {3, 3, 3}, {1, 3, 2}, {2, 1, 3}, {2, 3, 1}, {1, 1, 1}, {1, 4, 1}, {4, 1, 1}, {1, 1, 4}} {
		m, k, n := d[0], d[1], d[2]
		mm := func(stack, m, k, n int, ta, tb bool) func(a, b []float64) []float64 {
			return func(a, b []float64) []float64 { return matmul(a, b, stack, m, k, n, ta, tb) }
		}
		cases := []sweepCase{
			product("Mul", gorgonia.Mul, some(0.2, 1.3, m, k), some(0.1, 1.7, k), mm(1, m, k, 1, false, false)),
			product("Mul", gorgonia.Mul, some(0.2, 1.3, k), some(0.1, 1.7, k, n), mm(1, 1, k, n, false, false)),
			product("Mul", gorgonia.Mul, some(0.2, 1.3, k), some(0.1, 1.7, k), mm(1, 1, k, 1, false, false)),
			product("OuterProd", gorgonia.OuterProd, some(0.2, 1.3, m), some(0.1, 1.7, n), mm(1, m, 1, n, false, false)),
		}
		if m > 1 && k > 1 && n > 1 {
			cases = append(cases, product("Mul", gorgonia.Mul, some(0.2, 1.3, m, k), some(0.1, 1.7, k, n), mm(1, m, k, n, false, false)))
		} else {
			cases = append(cases, product("Mul/thin", gorgonia.Mul, some(0.2, 1.3, m, k), some(0.1, 1.7, k, n), mm(1, m, k, n, false, false)))
		}
		for _, outer := range [][]int{{2}, {1}, {2, 3}} {
			stack := tensor.Shape(outer).TotalSize()
			for _, ta := range []bool{false, true} {
				for _, tb := range []bool{false, true} {
					a, b := []int{m, k}, []int{k, n}
					if ta {
						slices.Reverse(a)
					}
					if tb {
						slices.Reverse(b)
					}
					cases = append(cases, product(fmt.Sprint("BatchedMatMul", ta, tb),
						func(x, y *gorgonia.Node) (*gorgonia.Node, error) { return gorgonia.BatchedMatMul(x, y, ta, tb) },
						some(0.2, 1.3, append(slices.Clone(outer), a...)...), some(0.1, 1.7, append(slices.Clone(outer), b...)...),
						mm(stack, m, k, n, ta, tb)))
				}
			}
		}
		sweep(t, cases)
	}
	square := func(n gorgonia.Nodes) (*gorgonia.Node, error) { return gorgonia.Mul(n[0], n[0]) }
	sweep(t, []sweepCase{
		{name: "Mul/itself", in: []operand{some(0.2, 1.3, 3, 3)}, build: square,
			want: func(x [][]float64) []float64 { return matmul(x[0], x[0], 1, 3, 3, 3, false, false) }},
		{name: "Mul/vector by itself", in: []operand{some(0.2, 1.3, 3)}, build: square,
			want: func(x [][]float64) []float64 { return matmul(x[0], x[0], 1, 1, 3, 1, false, false) }},
		{name: "Mul/numbers", in: []operand{some(0.2, 1.3), some(0.7, 1.3)}, build: func(n gorgonia.Nodes) (*gorgonia.Node, error) { return gorgonia.Mul(n[0], n[1]) },
			want: func(x [][]float64) []float64 { return []float64{x[0][0] * x[1][0]} }},
		{name: "Mul/number", in: []operand{some(0.2, 1.3), some(0.7, 1.3, 2, 3)}, build: func(n gorgonia.Nodes) (*gorgonia.Node, error) { return gorgonia.Mul(n[0], n[1]) },
			want: func(x [][]float64) []float64 { return pairs(x[0], x[1], func(a, b float64) float64 { return a * b }) }},
		{name: "OuterProd/itself", in: []operand{some(0.2, 1.3, 3)}, build: func(n gorgonia.Nodes) (*gorgonia.Node, error) { return gorgonia.OuterProd(n[0], n[0]) },
			want: func(x [][]float64) []float64 { return matmul(x[0], x[0], 1, 3, 1, 3, false, false) }},
	})
}

// contract sums products over pairs of axes; what is left of a comes before what is left of b.
func contract(a, b []float64, sa, sb, ia, ib []int) []float64 {
	out := func(shape, skip []int) (free []int) {
		for i, n := range shape {
			if !slices.Contains(skip, i) {
				free = append(free, n)
			}
		}
		return free
	}
	fa, fb := out(sa, ia), out(sb, ib)
	shape := append(slices.Clone(fa), fb...)
	y := make([]float64, tensor.Shape(shape).TotalSize())
	offset := func(at, shape []int) (o int) {
		for i, n := range shape {
			o = o*n + at[i]
		}
		return o
	}
	pa := make([]int, len(sa))
	for i := range a {
		pb := make([]int, len(sb))
		for j := range b {
			same := true
			for k := range ia {
				same = same && pa[ia[k]] == pb[ib[k]]
			}
			if same {
				var at []int
				for d, v := range pa {
					if !slices.Contains(ia, d) {
						at = append(at, v)
					}
				}
				for d, v := range pb {
					if !slices.Contains(ib, d) {
						at = append(at, v)
					}
				}
				y[offset(at, shape)] += a[i] * b[j]
			}
			next(pb, sb)
		}
		next(pa, sa)
	}
	return y
}

func TestSweepTensordot(t *testing.T) {
	for _, c := range []struct{ sa, sb, ia, ib []int }{
		{[]int{3}, []int{3}, []int{0}, []int{0}},
		{[]int{2, 3}, []int{3}, []int{1}, []int{0}},
		{[]int{3}, []int{3, 2}, []int{0}, []int{0}},
		{[]int{2, 3}, []int{3, 4}, []int{1}, []int{0}},
		{[]int{3, 2}, []int{3, 4}, []int{0}, []int{0}},
		{[]int{2, 3}, []int{4, 3}, []int{1}, []int{1}},
		{[]int{2, 3}, []int{2, 3}, []int{0, 1}, []int{0, 1}},
		{[]int{2, 3}, []int{3, 2}, []int{0, 1}, []int{1, 0}},
		{[]int{2, 3, 4}, []int{4, 2}, []int{2}, []int{0}},
		{[]int{2, 3, 4}, []int{3, 2}, []int{1}, []int{0}},
		{[]int{2, 3, 4}, []int{3, 4, 5}, []int{1, 2}, []int{0, 1}},
		{[]int{2, 3, 4}, []int{4, 3, 5}, []int{1, 2}, []int{1, 0}},
		{[]int{3, 3}, []int{3, 3}, []int{0}, []int{1}},
	} {
		sweep(t, []sweepCase{{
			name:  fmt.Sprint("Tensordot", c.sa, c.sb, c.ia, c.ib),
			in:    []operand{some(0.2, 1.3, c.sa...), some(0.1, 1.7, c.sb...)},
			build: func(n gorgonia.Nodes) (*gorgonia.Node, error) { return gorgonia.Tensordot(c.ia, c.ib, n[0], n[1]) },
			want:  func(x [][]float64) []float64 { return contract(x[0], x[1], c.sa, c.sb, c.ia, c.ib) },
		}})
	}
}
