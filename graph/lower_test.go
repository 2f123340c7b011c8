package graph

import (
	"fmt"
	"math"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// near compares values to a tolerance relative to the largest element.
func near(t *testing.T, what string, got, want gorgonia.Value, tolerance float64) {
	t.Helper()
	a, b := floats(got), floats(want)
	if len(a) != len(b) {
		t.Errorf("%s: %d elements, want %d", what, len(a), len(b))
		return
	}
	size := 0.0
	for _, x := range b {
		size = math.Max(size, math.Abs(x))
	}
	for i := range a {
		if !(math.Abs(a[i]-b[i]) <= tolerance*math.Max(size, 1e-3)) {
			t.Errorf("%s: element %d of %d is %v, want %v", what, i, len(a), a[i], b[i])
			return
		}
	}
}

// TestLowered compares programs that run this package's kernels with TapeMachine.
func TestLowered(t *testing.T) {
	for _, m := range models {
		t.Run(m.name, func(t *testing.T) {
			eachType(t, func(t *testing.T, dt tensor.Dtype) {
				tolerance := 1e-10
				if dt == tensor.Float32 {
					tolerance = 2e-5
				}
				r := newRig(dt, 5)
				cost := m.build(r)
				p, err := Compile(cost, Params(r.params...), Frozen(r.frozen...), Outputs(r.outs...))
				if err != nil {
					t.Fatal(err)
				}
				for _, n := range []int{5, 3, 8, 5} {
					if m.fixed && n != 5 {
						continue
					}
					ref, want := reference(t, m, dt, n)
					feedAs(t, p, r, n)
					poison(p)
					if err := p.RunAll(); err != nil {
						t.Fatalf("batch %d: %v", n, err)
					}
					near(t, fmt.Sprintf("batch %d: cost", n), cost.Value(), want.Value(), tolerance)
					for i, w := range r.params {
						g, err := w.Grad()
						if err != nil {
							t.Fatal(err)
						}
						wg, _ := ref.params[i].Grad()
						near(t, fmt.Sprintf("batch %d: gradient of %s", n, w.Name()), g, wg, tolerance)
					}
					for i, o := range r.outs {
						near(t, fmt.Sprintf("batch %d: output %d", n, i), o.Value(), ref.outs[i].Value(), tolerance)
					}
				}
			})
		})
	}
}

// TestLoweredBig runs what is split among threads.
func TestLoweredBig(t *testing.T) {
	m := model{build: func(r *rig) *gorgonia.Node {
		h := must(gorgonia.Mul(r.feed("x", 40), r.param("w", 40, 300)))
		h = must(gorgonia.Rectify(must(gorgonia.BroadcastAdd(h, r.param("b", 1, 300), nil, []byte{0}))))
		h = must(gorgonia.HadamardDiv(h, must(gorgonia.Add(must(gorgonia.Square(h)), r.constant(1)))))
		return must(gorgonia.Mean(must(gorgonia.Cos(h))))
	}}
	r := newRig(tensor.Float64, 128)
	cost := m.build(r)
	p, err := Compile(cost, Params(r.params...))
	if err != nil {
		t.Fatal(err)
	}
	if err := p.RunAll(); err != nil {
		t.Fatal(err)
	}
	ref, want := reference(t, m, tensor.Float64, 128)
	near(t, "cost", cost.Value(), want.Value(), 1e-12)
	for i, w := range r.params {
		g, _ := w.Grad()
		wg, _ := ref.params[i].Grad()
		near(t, "gradient of "+w.Name(), g, wg, 1e-12)
	}
}

// TestRight checks what Gorgonia's own ops get wrong and the kernels get right.
func TestRight(t *testing.T) {
	t.Run("softmax of large numbers", func(t *testing.T) {
		g := gorgonia.NewGraph()
		x := gorgonia.NewMatrix(g, tensor.Float64, gorgonia.WithShape(2, 3), gorgonia.WithName("x"),
			gorgonia.WithValue(tensor.New(tensor.WithShape(2, 3), tensor.WithBacking([]float64{0, 1, 2, 1000, 1, 2}))))
		y := must(gorgonia.SoftMax(x))
		p, err := Compile(nil, Outputs(y))
		if err != nil {
			t.Fatal(err)
		}
		if err := p.RunAll(); err != nil {
			t.Fatal(err)
		}
		e := math.E
		s := 1 + e + e*e
		for i, want := range []float64{1 / s, e / s, e * e / s, 1, 0, 0} {
			if got := floats(y.Value())[i]; math.Abs(got-want) > 1e-15 {
				t.Errorf("element %d is %v, want %v", i, got, want)
			}
		}
	})
	t.Run("sum over axes of four", func(t *testing.T) {
		for _, along := range [][]int{{2}, {3}, {1, 2}, {0, 2, 3}, {0, 3}, {1, 3}} {
			g := gorgonia.NewGraph()
			x := gorgonia.NewTensor(g, tensor.Float64, 4, gorgonia.WithShape(2, 3, 4, 5), gorgonia.WithName("x"), gorgonia.WithValue(random(tensor.Float64, "x", 2, 3, 4, 5)))
			y := must(gorgonia.Sum(x, along...))
			p, err := Compile(nil, Outputs(y))
			if err != nil {
				t.Fatal(err)
			}
			if err := p.RunAll(); err != nil {
				t.Fatal(err)
			}
			want := make(map[int]float64)
			for i, v := range floats(x.Value()) {
				want[drop(indices([]int{2, 3, 4, 5}, i), []int{2, 3, 4, 5}, along)] += v
			}
			for i, v := range floats(y.Value()) {
				if math.Abs(v-want[i]) > 1e-12 {
					t.Errorf("axes %v: element %d is %v, want %v", along, i, v, want[i])
				}
			}
		}
	})
}

// drop is the row-major place of coordinates once axes are left out.
func drop(at, shape, axes []int) int {
	i := 0
	for k := range shape {
		left := false
		for _, a := range axes {
			left = left || a == k
		}
		if !left {
			i = i*shape[k] + at[k]
		}
	}
	return i
}
