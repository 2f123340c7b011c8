package graph

import (
	"testing"

	"github.com/fallline/fallline/internal/tensors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

func TestLetErrors(t *testing.T) {
	p, r, out := quadratic(t, tensor.Float64)
	x := r.feeds[0]
	other := newRig(tensor.Float64, 4)
	tests := []struct {
		name  string
		node  *gorgonia.Node
		value gorgonia.Value
		parts []string
	}{
		{"nil node", nil, random(r.dt, "v", 4, 3), []string{"nil"}},
		{"nil value", x, nil, []string{`"x"`, "nil"}},
		{"type", x, random(tensor.Float32, "v", 4, 3), []string{`"x"`, "float64", "float32"}},
		{"rank", x, random(r.dt, "v", 4, 3, 1), []string{`"x"`, "(4, 3)", "(4, 3, 1)"}},
		{"second axis", x, random(r.dt, "v", 4, 2), []string{`"x"`, "(4, 3)", "(4, 2)"}},
		{"a scalar", x, gorgonia.NewF64(1), []string{`"x"`, "(4, 3)", "()"}},
		{"a weight", r.params[0], random(r.dt, "v", 3, 2), []string{`"w"`, "weight"}},
		{"a computed node", out, random(r.dt, "v", 4, 2), []string{"tanh", "computed"}},
		{"another graph's input", other.feed("y", 3), random(r.dt, "v", 4, 3), []string{`"y"`, "no such input"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { wantError(t, p.Let(tt.node, tt.value), tt.parts...) })
	}
	if err := p.RunAll(); err != nil {
		t.Errorf("after refused values: %v", err)
	}
}

// sums is a graph whose cost tells what was fed: Σ s · mean of x's rows.
func sums(t *testing.T) (p *Program, x, s *gorgonia.Node) {
	t.Helper()
	r := newRig(tensor.Float64, 2)
	x, s = r.feed("x", 3), r.input("s")
	cost := must(gorgonia.HadamardProd(must(gorgonia.Sum(must(gorgonia.Mul(x, r.param("w", 3))))), s))
	p, err := Compile(cost, Params(r.params...))
	if err != nil {
		t.Fatal(err)
	}
	for i := range 3 {
		p.Weights().Set(i, 1)
	}
	return p, x, s
}

func full(x float64, shape ...int) *tensor.Dense {
	d := make([]float64, tensor.Shape(shape).TotalSize())
	for i := range d {
		d[i] = x
	}
	return tensor.New(tensor.WithShape(shape...), tensor.WithBacking(d))
}

// TestLet checks whose value counts: the last one bound, by the program or by Gorgonia.
func TestLet(t *testing.T) {
	p, x, s := sums(t)
	run := func(want float64) {
		t.Helper()
		if err := p.RunAll(); err != nil {
			t.Fatal(err)
		}
		if p.Cost() != want {
			t.Errorf("cost %v, want %v", p.Cost(), want)
		}
	}
	let := func(n *gorgonia.Node, v gorgonia.Value) {
		t.Helper()
		if err := p.Let(n, v); err != nil {
			t.Fatal(err)
		}
	}
	a, b := full(1, 2, 3), full(2, 5, 3)
	let(s, gorgonia.NewF64(1))
	let(x, a)
	run(6)
	let(x, b)
	run(30)
	let(x, a)
	run(6)
	if err := gorgonia.Let(x, full(3, 2, 3)); err != nil {
		t.Fatal(err)
	}
	run(18)
	let(x, a)
	run(6)
	if err := gorgonia.Let(x, a); err != nil {
		t.Fatal(err)
	}
	run(6)
	let(x, b)
	run(30)
	if err := gorgonia.Let(x, a); err != nil {
		t.Fatal(err)
	}
	run(6)
	a.Float64s()[0] = 10 // a value isn't copied
	run(15)
	let(s, gorgonia.NewF64(2))
	run(30)
	if err := gorgonia.Let(s, 3.0); err != nil {
		t.Fatal(err)
	}
	run(45)
	if got := x.Value().Shape(); !tensors.Same(got, []int{2, 3}) {
		t.Errorf("the node's value has shape %v", got)
	}
}

// TestLetViews feeds tensors whose elements don't lie one after another.
func TestLetViews(t *testing.T) {
	for _, noFusion := range []bool{false, true} {
		r := newRig(tensor.Float64, 2)
		x := r.feed("x", 3)
		opts := []Option{Params(r.param("w", 3, 1))}
		if noFusion {
			opts = append(opts, NoFusion())
		}
		out := must(gorgonia.Mul(x, r.params[0]))
		p, err := Compile(must(gorgonia.Sum(out)), append(opts, Outputs(out))...)
		if err != nil {
			t.Fatal(err)
		}
		for i, v := range []float64{1, 10, 100} {
			p.Weights().Set(i, v)
		}
		big := tensor.New(tensor.WithShape(4, 5), tensor.WithBacking(tensor.Range(tensor.Float64, 0, 20)))
		rows, _ := big.Slice(gorgonia.S(1, 3), gorgonia.S(2, 5))
		turned := tensor.New(tensor.WithShape(3, 2), tensor.WithBacking([]float64{1, 4, 2, 5, 3, 6}))
		if err := turned.T(); err != nil {
			t.Fatal(err)
		}
		top, _ := tensor.New(tensor.WithShape(4, 3), tensor.WithBacking(tensor.Range(tensor.Float64, 0, 12))).Slice(gorgonia.S(1, 3))
		columns := tensor.New(tensor.WithShape(2, 3), tensor.AsFortran([]float64{1, 2, 3, 4, 5, 6}))
		for _, tt := range []struct {
			name string
			v    gorgonia.Value
			want []float64
		}{
			{"block", rows.(*tensor.Dense), []float64{987, 1542}},
			{"transposed", turned, []float64{321, 654}},
			{"rows", top.(*tensor.Dense), []float64{543, 876}},
			{"by columns", columns, []float64{321, 654}},
		} {
			for _, let := range []func(n *gorgonia.Node, v gorgonia.Value) error{p.Let, func(n *gorgonia.Node, v gorgonia.Value) error { return gorgonia.Let(n, v) }} {
				if err := let(x, tt.v); err != nil {
					t.Fatal(err)
				}
				for range 2 {
					if err := p.RunAll(); err != nil {
						t.Fatal(err)
					}
					if got := floats(out.Value()); got[0] != tt.want[0] || got[1] != tt.want[1] {
						t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
					}
				}
			}
		}
	}
}
