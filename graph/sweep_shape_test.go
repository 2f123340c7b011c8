package graph_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/fallline/fallline/graph"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// picked are the elements of x at the given places: what an op does that only moves elements.
func picked(name string, in operand, op func(*gorgonia.Node) (*gorgonia.Node, error), places []int) sweepCase {
	return sweepCase{
		name:  name,
		in:    []operand{in},
		build: func(n gorgonia.Nodes) (*gorgonia.Node, error) { return op(n[0]) },
		want: func(x [][]float64) []float64 {
			y := make([]float64, len(places))
			for i, p := range places {
				if p >= 0 {
					y[i] = x[0][p]
				}
			}
			return y
		},
	}
}

// cut are the places of a slice: lo, hi and step along each axis.
func cut(shape []int, by [][3]int) (places []int) {
	at := make([]int, len(shape))
	for i := range tensor.Shape(shape).TotalSize() {
		keep := true
		for a, b := range by {
			keep = keep && at[a] >= b[0] && at[a] < b[1] && (at[a]-b[0])%max(1, b[2]) == 0
		}
		if keep {
			places = append(places, i)
		}
		next(at, shape)
	}
	return places
}

func TestSweepSlice(t *testing.T) {
	for _, c := range []struct {
		shape []int
		by    [][3]int
	}{
		{[]int{5}, [][3]int{{1, 4, 1}}}, {[]int{5}, [][3]int{{2, 3, 1}}}, {[]int{6}, [][3]int{{1, 5, 2}}}, {[]int{7}, [][3]int{{0, 6, 3}}},
		{[]int{3, 4}, [][3]int{{1, 3, 1}}}, {[]int{3, 4}, [][3]int{{0, 3, 1}, {1, 3, 1}}}, {[]int{3, 4}, [][3]int{{1, 2, 1}, {1, 3, 1}}},
		{[]int{3, 4}, [][3]int{{1, 2, 1}, {2, 3, 1}}}, {[]int{3, 4}, [][3]int{{0, 3, 1}, {2, 3, 1}}}, {[]int{4, 4}, [][3]int{{0, 4, 2}, {0, 4, 1}}}, {[]int{3, 4}, [][3]int{{0, 3, 1}, {0, 4, 2}}},
		{[]int{2, 3, 4}, [][3]int{{0, 1, 1}, {1, 3, 1}, {0, 2, 1}}}, {[]int{2, 3, 4}, [][3]int{{0, 2, 1}, {1, 2, 1}, {1, 4, 1}}},
		{[]int{2, 3, 2, 3}, [][3]int{{0, 2, 1}, {1, 3, 1}, {0, 2, 1}, {1, 2, 1}}}, {[]int{1, 3}, [][3]int{{0, 1, 1}, {0, 2, 1}}}, {[]int{3, 1}, [][3]int{{1, 3, 1}, {0, 1, 1}}},
		{[]int{600}, [][3]int{{255, 513, 1}}},
	} {
		sweep(t, []sweepCase{picked(fmt.Sprint("Slice", c.shape, c.by), some(0.2, 1.3, c.shape...), func(x *gorgonia.Node) (*gorgonia.Node, error) {
			var s []tensor.Slice
			for _, b := range c.by {
				s = append(s, gorgonia.S(b[0], b[1], b[2]))
			}
			return gorgonia.Slice(x, s...)
		}, cut(c.shape, c.by))})
	}
	sweep(t, []sweepCase{picked("Slice/all of the first", some(0.2, 1.3, 3, 4), func(x *gorgonia.Node) (*gorgonia.Node, error) {
		return gorgonia.Slice(x, nil, gorgonia.S(1, 3))
	}, cut([]int{3, 4}, [][3]int{{0, 3, 1}, {1, 3, 1}}))})
	for _, c := range [][3]int{{0, 5, 2}, {0, 7, 3}} {
		g := gorgonia.NewGraph()
		x := leaf(g, "x", tensor.Float64, []int{7}, upTo(7))
		cost := gorgonia.Must(gorgonia.Sum(gorgonia.Must(gorgonia.Slice(x, gorgonia.S(c[0], c[1], c[2])))))
		if _, err := graph.Compile(cost, graph.Params(x)); err == nil || !strings.Contains(err.Error(), "step") {
			t.Errorf("slice %v: %v", c, err)
		}
	}
	// two overlapping slices of one node: their gradients add up
	sweep(t, []sweepCase{{
		name: "Slice/overlapping", in: []operand{some(0.2, 1.3, 5)},
		build: func(n gorgonia.Nodes) (*gorgonia.Node, error) {
			a, b := gorgonia.Must(gorgonia.Slice(n[0], gorgonia.S(0, 4))), gorgonia.Must(gorgonia.Slice(n[0], gorgonia.S(1, 5)))
			return gorgonia.HadamardProd(a, b)
		},
		want: func(x [][]float64) []float64 {
			return pairs(x[0][:4], x[0][1:], func(a, b float64) float64 { return a * b })
		},
	}})
}

func TestSweepUnconcat(t *testing.T) {
	for along := range 2 {
		for i := range 2 {
			by := [][3]int{{0, 2, 1}, {0, 4, 1}}
			half := []int{1, 2}[along]
			by[along] = [3]int{i * half, (i + 1) * half, 1}
			sweep(t, []sweepCase{picked(fmt.Sprint("Unconcat", along, i), some(0.2, 1.3, 2, 4), func(x *gorgonia.Node) (*gorgonia.Node, error) {
				parts, err := gorgonia.Unconcat(x, along, 2)
				if err != nil {
					return nil, err
				}
				return parts[i], nil
			}, cut([]int{2, 4}, by))})
		}
	}
}

func TestSweepTranspose(t *testing.T) {
	for _, c := range []struct{ shape, axes []int }{
		{[]int{2, 3}, []int{1, 0}}, {[]int{3, 1}, []int{1, 0}}, {[]int{1, 3}, []int{1, 0}}, {[]int{2, 3, 4}, []int{2, 0, 1}}, {[]int{2, 3, 4}, []int{0, 2, 1}}, {[]int{2, 3, 4}, []int{1, 0, 2}},
		{[]int{2, 3, 2, 4}, []int{0, 3, 1, 2}}, {[]int{2, 3, 2, 4}, []int{3, 2, 1, 0}}, {[]int{2, 1, 2, 4}, []int{2, 0, 3, 1}},
	} {
		var places []int
		var to []int
		for _, a := range c.axes {
			to = append(to, c.shape[a])
		}
		at := make([]int, len(to))
		for range tensor.Shape(to).TotalSize() {
			from := make([]int, len(to))
			for i, a := range c.axes {
				from[a] = at[i]
			}
			o := 0
			for i, n := range c.shape {
				o = o*n + from[i]
			}
			places = append(places, o)
			next(at, to)
		}
		sweep(t, []sweepCase{picked(fmt.Sprint("Transpose", c.shape, c.axes), some(0.2, 1.3, c.shape...), func(x *gorgonia.Node) (*gorgonia.Node, error) {
			return gorgonia.Transpose(x, slices.Clone(c.axes)...)
		}, places)})
	}
	sweep(t, []sweepCase{picked("Transpose/matrix", some(0.2, 1.3, 2, 3), func(x *gorgonia.Node) (*gorgonia.Node, error) { return gorgonia.Transpose(x) }, []int{0, 3, 1, 4, 2, 5})})
}

func same(n int) []int {
	p := make([]int, n)
	for i := range p {
		p[i] = i
	}
	return p
}

func TestSweepReshape(t *testing.T) {
	for _, c := range []struct{ from, to []int }{{[]int{6}, []int{2, 3}}, {[]int{2, 3}, []int{3, 2}}, {[]int{2, 3}, []int{6}}, {[]int{2, 3, 2}, []int{4, -1}}, {[]int{1}, []int{1, 1}}, {[]int{2, 3}, []int{2, 1, 3, 1}}, {[]int{1, 1}, []int{1}}} {
		sweep(t, []sweepCase{picked(fmt.Sprint("Reshape", c.from, c.to), some(0.2, 1.3, c.from...), func(x *gorgonia.Node) (*gorgonia.Node, error) {
			return gorgonia.Reshape(x, slices.Clone(c.to))
		}, same(tensor.Shape(c.from).TotalSize()))})
	}
	sweep(t, []sweepCase{picked("Ravel", some(0.2, 1.3, 2, 3), gorgonia.Ravel, same(6)), picked("Ravel", some(0.2, 1.3, 2, 3, 1, 2), gorgonia.Ravel, same(12))})
}

func TestSweepConcat(t *testing.T) {
	for _, c := range []struct {
		axis   int
		shapes [][]int
	}{
		{0, [][]int{{2}, {3}}}, {0, [][]int{{2, 3}, {1, 3}}}, {1, [][]int{{2, 3}, {2, 1}, {2, 2}}}, {1, [][]int{{2, 3, 2}, {2, 1, 2}}}, {2, [][]int{{2, 3, 2}, {2, 3, 1}}}, {0, [][]int{{1, 3}, {1, 3}}},
		{3, [][]int{{2, 1, 2, 2}, {2, 1, 2, 1}}}, {0, [][]int{{1}, {1}}}, {0, [][]int{{3}}}, {1, [][]int{{1, 2}, {1, 2}}},
	} {
		var in []operand
		for i, s := range c.shapes {
			in = append(in, some(0.1*float64(i+1), 1.3, s...))
		}
		sweep(t, []sweepCase{{
			name: fmt.Sprint("Concat", c.axis, c.shapes), in: in,
			build: func(n gorgonia.Nodes) (*gorgonia.Node, error) { return gorgonia.Concat(c.axis, n...) },
			want: func(x [][]float64) (y []float64) {
				outer := tensor.Shape(c.shapes[0][:c.axis]).TotalSize()
				for r := range outer {
					for i := range x {
						n := len(x[i]) / outer
						y = append(y, x[i][r*n:(r+1)*n]...)
					}
				}
				return y
			},
		}})
	}
	sweep(t, []sweepCase{{
		name: "Concat/with itself", in: []operand{some(0.1, 1.3, 3)},
		build: func(n gorgonia.Nodes) (*gorgonia.Node, error) { return gorgonia.Concat(0, n[0], n[0]) },
		want:  func(x [][]float64) []float64 { return append(slices.Clone(x[0]), x[0]...) },
	}})
}

func TestSweepAt(t *testing.T) {
	c := picked("At", some(0.2, 1.3, 2, 3), func(x *gorgonia.Node) (*gorgonia.Node, error) { return gorgonia.At(x, 1, 2) }, []int{5})
	c.refused = "no derivative"
	sweep(t, []sweepCase{c})
	runValue(t, "At", []operand{on(upTo(6), 2, 3)}, func(n gorgonia.Nodes) (*gorgonia.Node, error) { return gorgonia.At(n[0], 1, 2) }, []float64{6})
	runValue(t, "At", []operand{on(upTo(6), 6)}, func(n gorgonia.Nodes) (*gorgonia.Node, error) { return gorgonia.At(n[0], 3) }, []float64{4})
	runValue(t, "At", []operand{on(upTo(1))}, func(n gorgonia.Nodes) (*gorgonia.Node, error) { return gorgonia.At(n[0], 0) }, []float64{1})
}

func TestSweepByIndices(t *testing.T) {
	for _, c := range []struct {
		shape, index []int
		axis         int
	}{{[]int{4, 3}, []int{2, 0, 2}, 0}, {[]int{4, 3}, []int{2, 0, 2, 1}, 1}, {[]int{4}, []int{3, 3, 1}, 0}, {[]int{2, 3, 2}, []int{2, 0}, 1}, {[]int{2, 3, 2}, []int{1, 1, 0}, 2}, {[]int{4, 3}, []int{1}, 0}, {[]int{4, 3}, []int{0, 1, 2, 3}, 0}} {
		var places []int
		outer, n, inner := tensor.Shape(c.shape[:c.axis]).TotalSize(), c.shape[c.axis], tensor.Shape(c.shape[c.axis+1:]).TotalSize()
		for o := range outer {
			for _, k := range c.index {
				for i := range inner {
					places = append(places, (o*n+k)*inner+i)
				}
			}
		}
		sweep(t, []sweepCase{picked(fmt.Sprint("ByIndices", c.shape, c.index, c.axis), some(0.2, 1.3, c.shape...), func(x *gorgonia.Node) (*gorgonia.Node, error) {
			k := gorgonia.NewConstant(tensor.New(tensor.WithBacking(slices.Clone(c.index)), tensor.WithShape(len(c.index))), gorgonia.WithName("k"))
			return gorgonia.ByIndices(x, k, c.axis)
		}, places)})
	}
}

func TestSweepUpsample(t *testing.T) {
	for _, scale := range []int{1, 2, 3} {
		for _, s := range [][]int{{1, 1, 2, 2}, {2, 3, 2, 1}} {
			var places []int
			for bc := range s[0] * s[1] {
				for h := range s[2] * scale {
					for w := range s[3] * scale {
						places = append(places, (bc*s[2]+h/scale)*s[3]+w/scale)
					}
				}
			}
			sweep(t, []sweepCase{picked(fmt.Sprint("Upsample2D", s, scale), some(0.2, 1.3, s...), func(x *gorgonia.Node) (*gorgonia.Node, error) { return gorgonia.Upsample2D(x, scale) }, places)})
		}
	}
}

func TestSweepDiagFlat(t *testing.T) {
	runValue(t, "DiagFlat", []operand{on([]float64{1, 2, 3}, 3)}, func(n gorgonia.Nodes) (*gorgonia.Node, error) { return gorgonia.DiagFlat(n[0]) }, []float64{1, 0, 0, 0, 2, 0, 0, 0, 3})
	runValue(t, "DiagFlat", []operand{on([]float64{1, 2, 3, 4}, 2, 2)}, func(n gorgonia.Nodes) (*gorgonia.Node, error) { return gorgonia.DiagFlat(n[0]) },
		[]float64{1, 0, 0, 0, 0, 2, 0, 0, 0, 0, 3, 0, 0, 0, 0, 4})
}

type broadcaster func(a, b *gorgonia.Node, left, right []byte) (*gorgonia.Node, error)

var broadcasts = []struct {
	name string
	op   broadcaster
	f    func(a, b float64) float64
	flat bool
}{
	{"BroadcastAdd", gorgonia.BroadcastAdd, func(a, b float64) float64 { return a + b }, false},
	{"BroadcastSub", gorgonia.BroadcastSub, func(a, b float64) float64 { return a - b }, false},
	{"BroadcastHadamardProd", gorgonia.BroadcastHadamardProd, func(a, b float64) float64 { return a * b }, false},
	{"BroadcastHadamardDiv", gorgonia.BroadcastHadamardDiv, func(a, b float64) float64 { return a / b }, false},
	{"BroadcastPow", gorgonia.BroadcastPow, math.Pow, false},
	{"BroadcastLt", compared(gorgonia.BroadcastLt), func(a, b float64) float64 { return truth(a < b) }, true},
	{"BroadcastGt", compared(gorgonia.BroadcastGt), func(a, b float64) float64 { return truth(a > b) }, true},
	{"BroadcastLte", compared(gorgonia.BroadcastLte), func(a, b float64) float64 { return truth(a <= b) }, true},
	{"BroadcastGte", compared(gorgonia.BroadcastGte), func(a, b float64) float64 { return truth(a >= b) }, true},
	{"BroadcastEq", compared(gorgonia.BroadcastEq), func(a, b float64) float64 { return truth(a == b) }, true},
	{"BroadcastNe", compared(gorgonia.BroadcastNe), func(a, b float64) float64 { return truth(a != b) }, true},
}

func compared(f func(a, b *gorgonia.Node, retSame bool, left, right []byte) (*gorgonia.Node, error)) broadcaster {
	return func(a, b *gorgonia.Node, left, right []byte) (*gorgonia.Node, error) {
		return f(a, b, true, left, right)
	}
}

// spread repeats x, of a shape of axes of 1 where it is repeated, to another shape.
func spread(x []float64, from, to []int) (y []float64) {
	at := make([]int, len(to))
	for range tensor.Shape(to).TotalSize() {
		o := 0
		for i, n := range from {
			k := at[i]
			if n == 1 {
				k = 0
			}
			o = o*n + k
		}
		y = append(y, x[o])
		next(at, to)
	}
	return y
}

func TestSweepBroadcast(t *testing.T) {
	for _, b := range broadcasts {
		for _, c := range []struct {
			a, b        []int
			left, right []byte
			as, bs      []int // the shapes with their axes of 1
		}{
			{[]int{2, 3}, []int{3}, nil, []byte{0}, []int{2, 3}, []int{1, 3}},
			{[]int{2, 3}, []int{2}, nil, []byte{1}, []int{2, 3}, []int{2, 1}},
			{[]int{2, 3}, []int{1, 3}, nil, []byte{0}, []int{2, 3}, []int{1, 3}},
			{[]int{2, 3}, []int{2, 1}, nil, []byte{1}, []int{2, 3}, []int{2, 1}},
			{[]int{3}, []int{2, 3}, []byte{0}, nil, []int{1, 3}, []int{2, 3}},
			{[]int{2}, []int{2, 3}, []byte{1}, nil, []int{2, 1}, []int{2, 3}},
			{[]int{2, 3, 4}, []int{3, 4}, nil, []byte{0}, []int{2, 3, 4}, []int{1, 3, 4}},
			{[]int{2, 3, 4}, []int{2, 4}, nil, []byte{1}, []int{2, 3, 4}, []int{2, 1, 4}},
			{[]int{2, 3, 4}, []int{3}, nil, []byte{0, 2}, []int{2, 3, 4}, []int{1, 3, 1}},
			{[]int{2, 3, 4}, []int{1, 3, 1}, nil, []byte{0, 2}, []int{2, 3, 4}, []int{1, 3, 1}},
			{[]int{2, 3, 2, 4}, []int{1, 3, 1, 1}, nil, []byte{0, 2, 3}, []int{2, 3, 2, 4}, []int{1, 3, 1, 1}},
			{[]int{2, 1}, []int{1, 3}, []byte{1}, []byte{0}, []int{2, 1}, []int{1, 3}},
			{[]int{1, 3}, []int{1, 3}, nil, []byte{0}, []int{1, 3}, []int{1, 3}},
			{[]int{2, 3}, nil, nil, []byte{0, 1}, []int{2, 3}, []int{1, 1}},
			{[]int{2, 3}, []int{2, 3}, nil, nil, []int{2, 3}, []int{2, 3}},
		} {
			to := make([]int, len(c.as))
			for i := range to {
				to[i] = max(c.as[i], c.bs[i])
			}
			sweep(t, []sweepCase{{
				name: fmt.Sprint(b.name, c.a, c.b, c.left, c.right), in: []operand{some(1.2, 1.3, c.a...), some(1.3, 1.7, c.b...)}, flat: b.flat,
				build: func(n gorgonia.Nodes) (*gorgonia.Node, error) { return b.op(n[0], n[1], c.left, c.right) },
				want:  func(x [][]float64) []float64 { return pairs(spread(x[0], c.as, to), spread(x[1], c.bs, to), b.f) },
			}})
			if len(c.a) == len(c.b) && !b.flat {
				sweep(t, []sweepCase{{
					name: fmt.Sprint("Auto", b.name, c.a, c.b), in: []operand{some(1.2, 1.3, c.a...), some(1.3, 1.7, c.b...)},
					build: func(n gorgonia.Nodes) (*gorgonia.Node, error) { return gorgonia.Auto(b.op, n[0], n[1]) },
					want:  func(x [][]float64) []float64 { return pairs(spread(x[0], c.as, to), spread(x[1], c.bs, to), b.f) },
				}})
			}
		}
	}
}
