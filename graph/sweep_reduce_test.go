package graph_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"gorgonia.org/gorgonia"
)

// reduced groups the elements of a shape by what is left when axes are taken out, in order.
func reduced(x []float64, shape []int, axes []int, f func(group []float64) float64) []float64 {
	var groups [][]float64
	place := make(map[string]int)
	at := make([]int, len(shape))
	for _, v := range x {
		key := ""
		for a, i := range at {
			if !slices.Contains(axes, a) {
				key += fmt.Sprint(i, ",")
			}
		}
		if _, ok := place[key]; !ok {
			place[key] = len(groups)
			groups = append(groups, nil)
		}
		groups[place[key]] = append(groups[place[key]], v)
		next(at, shape)
	}
	y := make([]float64, len(groups))
	for i, g := range groups {
		y[i] = f(g)
	}
	return y
}

// next counts up the place in a shape.
func next(at, shape []int) {
	for a := len(shape) - 1; a >= 0; a-- {
		if at[a]++; at[a] < shape[a] {
			return
		}
		at[a] = 0
	}
}

func total(g []float64) (s float64) {
	for _, v := range g {
		s += v
	}
	return s
}

func mean(g []float64) float64 { return total(g) / float64(len(g)) }

var reductions = []struct {
	name string
	op   func(*gorgonia.Node, ...int) (*gorgonia.Node, error)
	f    func([]float64) float64
}{
	{"Sum", gorgonia.Sum, total},
	{"Mean", gorgonia.Mean, mean},
	{"Max", gorgonia.Max, slices.Max[[]float64]},
}

// reducible are shapes and all their sets of axes.
var reducible = [][]int{{5}, {1}, {2, 3}, {3, 1}, {1, 3}, {1, 1}, {2, 3, 4}, {2, 1, 3}, {1, 3, 2}, {2, 3, 1}, {2, 3, 2, 4}, {1, 2, 3, 2}, {2, 3, 2, 1}}

func subsets(n int) (sets [][]int) {
	for m := 1; m < 1<<n; m++ {
		var s []int
		for a := range n {
			if m>>a&1 == 1 {
				s = append(s, a)
			}
		}
		sets = append(sets, s)
	}
	return sets
}

func TestSweepReductions(t *testing.T) {
	for _, r := range reductions {
		row := func(shape, axes []int, along ...int) {
			sweep(t, []sweepCase{{
				name:  fmt.Sprint(r.name, shape, along),
				in:    []operand{some(0.1, 1.9, shape...)},
				build: func(n gorgonia.Nodes) (*gorgonia.Node, error) { return r.op(n[0], along...) },
				want:  func(x [][]float64) []float64 { return reduced(x[0], shape, axes, r.f) },
			}})
		}
		for _, shape := range reducible {
			all := subsets(len(shape))
			row(shape, all[len(all)-1])
			for _, axes := range all {
				row(shape, axes, axes...)
				if len(axes) > 1 {
					back := slices.Clone(axes)
					slices.Reverse(back)
					row(shape, axes, back...)
				}
			}
		}
		row(nil, nil)
		for axis := range 5 {
			row([]int{2, 1, 2, 3, 2}, []int{axis}, axis)
		}
	}
}

// A number that is the largest more than once shares the gradient: any other share than one that adds up to 1 is no
// derivative in any direction.
func TestSweepMaxTies(t *testing.T) {
	x := []float64{2, 5, 5, 7, 7, 7, -1, -1}
	sweep(t, []sweepCase{{
		name:  "Max/ties",
		in:    []operand{on(x, 8)},
		build: func(n gorgonia.Nodes) (*gorgonia.Node, error) { return gorgonia.Max(n[0]) },
		want:  func(x [][]float64) []float64 { return []float64{7} },
		grad: func(x [][]float64, c []float64) [][]float64 {
			third := c[0] / 3
			return [][]float64{{0, 0, 0, third, third, third, 0, 0}}
		},
	}, {
		name:  "Max/ties in rows",
		in:    []operand{on(x, 2, 4)},
		build: func(n gorgonia.Nodes) (*gorgonia.Node, error) { return gorgonia.Max(n[0], 1) },
		want:  func(x [][]float64) []float64 { return []float64{7, 7} },
		grad: func(x [][]float64, c []float64) [][]float64 {
			return [][]float64{{0, 0, 0, c[0], c[1] / 2, c[1] / 2, 0, 0}}
		},
	}})
	nan := []float64{1, math.NaN(), 2, 3}
	runValue(t, "Max/NaN", []operand{on(nan, 4)}, func(n gorgonia.Nodes) (*gorgonia.Node, error) { return gorgonia.Max(n[0]) }, []float64{math.NaN()})
	runValue(t, "Max/NaN in rows", []operand{on(nan, 2, 2)}, func(n gorgonia.Nodes) (*gorgonia.Node, error) { return gorgonia.Max(n[0], 1) },
		[]float64{math.NaN(), 3})
	inf := math.Inf(-1)
	runValue(t, "Max/−Inf", []operand{on([]float64{inf, inf}, 2)}, func(n gorgonia.Nodes) (*gorgonia.Node, error) { return gorgonia.Max(n[0]) }, []float64{inf})
}

// norm is (Σ |x|^p)^(1/p).
func norm(p float64) func([]float64) float64 {
	return func(g []float64) float64 {
		s := 0.0
		for _, v := range g {
			s += math.Pow(math.Abs(v), p)
		}
		return math.Pow(s, 1/p)
	}
}

func TestSweepNorm(t *testing.T) {
	for _, p := range []int{1, 2, 3, 4, 5, -1, 0} {
		for axis := range 2 {
			c := sweepCase{
				name:  fmt.Sprintf("Norm/%d along %d", p, axis),
				in:    []operand{some(0.1, 1.9, 3, 2)},
				build: func(n gorgonia.Nodes) (*gorgonia.Node, error) { return gorgonia.Norm(n[0], axis, p) },
				want:  func(x [][]float64) []float64 { return reduced(x[0], []int{3, 2}, []int{axis}, norm(float64(p))) },
			}
			if p%2 != 0 || p == 0 {
				c.refused = "Norm"
			}
			sweep(t, []sweepCase{c})
		}
	}
}

func TestSweepLogSumExp(t *testing.T) {
	sweep(t, []sweepCase{{
		name:    "LogSumExp/vector",
		in:      []operand{some(0.1, 1.9, 4)},
		build:   func(n gorgonia.Nodes) (*gorgonia.Node, error) { return gorgonia.LogSumExp(n[0], 0) },
		want:    func(x [][]float64) []float64 { return []float64{0} },
		refused: "LogSumExp",
	}, {
		name:    "LogSumExp/matrix",
		in:      []operand{some(0.1, 1.9, 4, 3)},
		build:   func(n gorgonia.Nodes) (*gorgonia.Node, error) { return gorgonia.LogSumExp(n[0], 1) },
		refused: "build",
	}, {
		name:    "LogSumExp/column",
		in:      []operand{some(0.1, 1.9, 4, 1)},
		build:   func(n gorgonia.Nodes) (*gorgonia.Node, error) { return gorgonia.LogSumExp(n[0], 1) },
		refused: "build",
	}, {
		name:    "LogSumExp/square",
		in:      []operand{some(0.1, 1.9, 2, 2)},
		build:   func(n gorgonia.Nodes) (*gorgonia.Node, error) { return gorgonia.LogSumExp(n[0], 1) },
		refused: "build",
	}})
}

func TestSweepReduceNodes(t *testing.T) {
	fold := func(f func(a, b float64) float64) func(x [][]float64) []float64 {
		return func(x [][]float64) []float64 {
			y := slices.Clone(x[0])
			for _, b := range x[1:] {
				y = pairs(y, b, f)
			}
			return y
		}
	}
	three := []operand{some(0.1, 1.1, 4), some(0.2, 1.3, 4), some(0.3, 1.7, 4)}
	numbers := []operand{some(0.1, 1.1), some(0.2, 1.3), some(0.3, 1.7)}
	for n := 1; n <= 3; n++ {
		sweep(t, []sweepCase{
			{name: "ReduceAdd", in: three[:n], build: func(n gorgonia.Nodes) (*gorgonia.Node, error) { return gorgonia.ReduceAdd(n) },
				want: fold(func(a, b float64) float64 { return a + b })},
			{name: "ReduceMul", in: numbers[:n], build: func(n gorgonia.Nodes) (*gorgonia.Node, error) { return gorgonia.ReduceMul(n) },
				want: fold(func(a, b float64) float64 { return a * b })},
		})
	}
}

func TestSweepKeepDims(t *testing.T) {
	for _, left := range []bool{true, false} {
		for _, shape := range [][]int{{2, 3}, {2, 3, 2}} {
			axis := 0
			if !left {
				axis = len(shape) - 1
			}
			sweep(t, []sweepCase{{
				name: fmt.Sprint("KeepDims", shape, left), in: []operand{some(0.1, 1.9, shape...)},
				build: func(n gorgonia.Nodes) (*gorgonia.Node, error) {
					return gorgonia.KeepDims(n[0], left, func(a *gorgonia.Node) (*gorgonia.Node, error) { return gorgonia.Sum(a, axis) })
				},
				want: func(x [][]float64) []float64 { return reduced(x[0], shape, []int{axis}, total) },
			}})
		}
	}
}

func TestSweepSizeOf(t *testing.T) {
	for axis, n := range []float64{2, 3, 4} {
		runValue(t, "SizeOf", []operand{some(0, 1, 2, 3, 4)}, func(n gorgonia.Nodes) (*gorgonia.Node, error) { return gorgonia.SizeOf(axis, n[0]) }, []float64{n})
	}
}
