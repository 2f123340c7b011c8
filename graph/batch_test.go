package graph

import (
	"math"
	"strings"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// TestReshapeBehindTheFirstAxis sums the four of (4, 3b), made of (b, 4, 3), and compares with sums by hand.
func TestReshapeBehindTheFirstAxis(t *testing.T) {
	for _, c := range []struct {
		built, batch int
		ambiguous    bool
	}{{2, 3, true}, {3, 2, false}, {5, 1, false}, {7, 14, false}, {2, 2, false}, {1, 1, false}, {4, 4, false}, {4, 2, true}, {1, 5, true}} {
		g := gorgonia.NewGraph()
		x := gorgonia.NewTensor(g, tensor.Float64, 3, gorgonia.WithShape(c.built, 4, 3), gorgonia.WithName("x"))
		first := must(gorgonia.Transpose(x, 1, 0, 2))
		flat := must(gorgonia.Reshape(first, tensor.Shape{4, 3 * c.built}))
		cost := must(gorgonia.Mean(must(gorgonia.Square(must(gorgonia.Sum(flat, 0))))))
		p, err := Compile(cost)
		if err != nil {
			t.Fatal(err)
		}
		data := random(tensor.Float64, "x", c.batch, 4, 3)
		if err := p.Let(x, data); err != nil {
			t.Fatal(err)
		}
		err = p.RunAll()
		if c.ambiguous {
			wantError(t, err, "Reshape(", `"x"`, "may be")
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		want := 0.0
		for b := range c.batch {
			for f := range 3 {
				s := 0.0
				for k := range 4 {
					s += data.Float64s()[b*12+k*3+f]
				}
				want += s * s / float64(3*c.batch)
			}
		}
		if math.Abs(p.Cost()-want) > 1e-12 {
			t.Errorf("built for %d, run at %d: cost %v, want %v", c.built, c.batch, p.Cost(), want)
		}
	}
}

// TestRefusals checks that what is refused at another batch says at which node and why, and that the graph still runs
// at its own.
func TestRefusals(t *testing.T) {
	quiet(t)
	tests := map[string]struct {
		build func(r *rig) *gorgonia.Node
		parts []string
	}{
		"the gradient of a convolution by its image": {func(r *rig) *gorgonia.Node {
			one := []int{1, 1}
			return must(gorgonia.Conv2d(r.images(), r.param("c", 3, 2, 3, 3), tensor.Shape{3, 3}, one, one, one))
		}, []string{"col2im", "works at its own batch only"}},
		"a slice": {func(r *rig) *gorgonia.Node {
			return must(gorgonia.Slice(r.rows(), gorgonia.S(0, 2)))
		}, []string{"T[0:2", "[0:2]", "axis 0"}},
		"an element": {func(r *rig) *gorgonia.Node {
			return must(gorgonia.HadamardProd(r.param("s"), must(gorgonia.At(r.feed("x", 3), 0, 1))))
		}, []string{"At(", "place in a batch"}},
		"a tensor of the batch's size": {func(r *rig) *gorgonia.Node {
			return must(gorgonia.HadamardProd(r.rows(), r.param("k", r.n, 4)))
		}, []string{"⊙", "(6, 4)", "(5, 4)"}},
		"a batch that nobody let": {func(r *rig) *gorgonia.Node {
			return must(gorgonia.HadamardProd(r.rows(), r.input("y", r.n, 4)))
		}, []string{"⊙", "(6, 4)", "(5, 4)"}},
		"vectors": {func(r *rig) *gorgonia.Node {
			return must(gorgonia.Mul(r.column(), r.param("k", r.n)))
		}, []string{"a ⋅ b", "6 and 5"}},
		"noise": {func(r *rig) *gorgonia.Node {
			return noise(r, gorgonia.GaussianRandomNode, 0, 1)
		}, []string{"(6, 4)", "(5, 4)"}},
		"a scalar of one": {func(r *rig) *gorgonia.Node {
			return must(gorgonia.Reshape(must(gorgonia.Slice(r.rows(), gorgonia.S(0, r.n), gorgonia.S(1, 2))), tensor.Shape{r.n}))
		}, []string{"T[0:5"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			w, err := newTwin(tt.build, 5)
			if err != nil {
				t.Fatal(err)
			}
			_, err = w.run(6)
			wantError(t, err, append(tt.parts, "graph: node ", "in a graph built for")...)
			if err != nil && strings.Contains(err.Error(), "panic") {
				t.Errorf("found by a panic: %v", err)
			}
			if _, err := w.run(5); err != nil {
				t.Errorf("at its own batch: %v", err)
			}
		})
	}
}

// TestTwoBatches feeds two inputs whose first axes aren't the same batch, with sizes that pass each other.
func TestTwoBatches(t *testing.T) {
	build := func(m int) func(r *rig) *gorgonia.Node {
		return func(r *rig) *gorgonia.Node {
			x := r.rows()
			table := r.input("table", m, 4)
			r.feeds = append(r.feeds, table)
			similar := must(gorgonia.Mul(x, must(gorgonia.Transpose(table))))
			return must(gorgonia.Mul(must(gorgonia.Reshape(must(gorgonia.Tanh(similar)), tensor.Shape{r.n * m})), must(gorgonia.Reshape(similar, tensor.Shape{r.n * m}))))
		}
	}
	run := func(w *twin, n, m int) (float64, error) {
		for i, x := range w.r.feeds {
			shape := shapeOf(x)
			shape[0] = []int{n, m}[i]
			if err := w.p.Let(x, random(w.r.dt, x.Name(), shape...)); err != nil {
				return 0, err
			}
		}
		err := w.p.RunAll()
		return w.p.Cost(), err
	}
	w, err := newTwin(build(3), 5)
	if err != nil {
		t.Fatal(err)
	}
	for _, size := range [][2]int{{5, 3}, {3, 5}, {2, 7}, {5, 4}, {7, 3}, {1, 1}} {
		got, err := run(w, size[0], size[1])
		if err != nil {
			t.Fatal(err)
		}
		ref, err := newTwin(build(size[1]), size[0])
		if err != nil {
			t.Fatal(err)
		}
		want, err := run(ref, size[0], size[1])
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(got-want) > 1e-12*math.Abs(want) {
			t.Errorf("at %v: cost %v, want %v", size, got, want)
		}
	}
}

// TestDifferentiatedBefore runs graphs at other batches on which gorgonia.Grad was called by hand.
func TestDifferentiatedBefore(t *testing.T) {
	make := func(n int) (*rig, *Program) {
		r := newRig(tensor.Float64, n)
		h := must(gorgonia.Concat(0, r.rows(), must(gorgonia.HadamardProd(r.feed("y", 4), r.param("s")))))
		cost := must(gorgonia.Mean(must(gorgonia.Square(must(gorgonia.Tanh(h))))))
		if _, err := gorgonia.Grad(cost, r.params...); err != nil {
			t.Fatal(err)
		}
		p, err := Compile(cost)
		if err != nil {
			t.Fatal(err)
		}
		return r, p
	}
	r, p := make(4)
	for _, n := range []int{3, 4, 6, 1} {
		feedAs(t, p, r, n)
		if err := p.RunAll(); err != nil {
			t.Fatal(err)
		}
		ref, want := make(n)
		feedAs(t, want, ref, n)
		if err := want.RunAll(); err != nil {
			t.Fatal(err)
		}
		for i, g := range p.Gradient().F64 {
			if math.Abs(g-want.Gradient().F64[i]) > 1e-12 {
				t.Errorf("batch %d: element %d of the gradient is %v, want %v", n, i, g, want.Gradient().F64[i])
			}
		}
	}
}
