package graph

import (
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// TestFeed holds that what is fed is what Let binds, at any batch, and that the last of both and of gorgonia.Let wins.
func TestFeed(t *testing.T) {
	p, x, s := sums(t)
	cost := func(what string, want float64) {
		t.Helper()
		if err := p.RunAll(); err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		if p.Cost() != want {
			t.Errorf("%s: cost %v, want %v", what, p.Cost(), want)
		}
	}
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	check(p.Let(s, gorgonia.NewF64(1)))
	wide := []float64{1, 2, 3, 4, 5, 6}
	check(Feed(p, x, wide))
	cost("two examples", 21)
	wide[0] = 2
	cost("the slice's own memory", 22)
	if v := x.Value().(*tensor.Dense); !v.Shape().Eq(tensor.Shape{2, 3}) || v.Float64s()[0] != 2 {
		t.Errorf("the node's value is %v", v)
	}
	check(Feed(p, x, []float32{1, 2, 3}))
	cost("one example in float32", 6)
	check(Feed(p, x, wide[:3]))
	cost("one example", 7)
	check(p.Let(x, full(1, 4, 3)))
	cost("Let", 12)
	check(Feed(p, x, wide))
	check(gorgonia.Let(x, full(2, 2, 3)))
	cost("gorgonia.Let", 12)
	check(Feed(p, x, wide))
	cost("fed again", 22)
}

func TestFeedErrors(t *testing.T) {
	p, r, out := quadratic(t, tensor.Float32)
	x := r.feeds[0]
	wantError(t, Feed[float32](p, nil, make([]float32, 3)), "nil")
	wantError(t, Feed(p, out, make([]float32, 3)), "computed")
	wantError(t, Feed(p, r.params[0], make([]float32, 3)), "weight")
	wantError(t, Feed(p, x, make([]float64, 3)), `"x"`, "float32", "float64")
	wantError(t, Feed(p, x, make([]int, 3)), `"x"`, "float32", "int")
	wantError(t, Feed[float32](p, x, nil), `"x"`, "0 numbers", "multiple of 3")
	wantError(t, Feed(p, x, make([]float32, 4)), `"x"`, "4 numbers", "multiple of 3", "(3)")
	q, _, s := sums(t)
	wantError(t, Feed(q, s, []float64{1}), `"s"`, "scalar", "Let")
}

// TestFeedAllocates holds that numbers of examples that were fed before cost nothing, converted or not.
func TestFeedAllocates(t *testing.T) {
	p, x, s := sums(t)
	if err := p.Let(s, gorgonia.NewF64(1)); err != nil {
		t.Fatal(err)
	}
	many, few := make([]float64, 12), make([]float32, 6)
	step := func() {
		for range 2 {
			if err := Feed(p, x, many); err != nil {
				t.Fatal(err)
			}
			if err := p.RunAll(); err != nil {
				t.Fatal(err)
			}
			if err := Feed(p, x, few); err != nil {
				t.Fatal(err)
			}
			if err := p.RunAll(); err != nil {
				t.Fatal(err)
			}
		}
	}
	step()
	if n := testing.AllocsPerRun(10, step); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
