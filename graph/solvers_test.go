package graph

import (
	"math"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// TestSolvers trains with Gorgonia's solvers, which change weights and gradients in place through the nodes, and
// compares with a TapeMachine.
func TestSolvers(t *testing.T) {
	solvers := map[string]func() gorgonia.Solver{
		"vanilla": func() gorgonia.Solver { return gorgonia.NewVanillaSolver(gorgonia.WithLearnRate(0.05)) },
		"adam":    func() gorgonia.Solver { return gorgonia.NewAdamSolver(gorgonia.WithLearnRate(0.01)) },
	}
	graphs := map[string]func(r *rig) *gorgonia.Node{
		"network": func(r *rig) *gorgonia.Node { return network(r, 4, 6, 3) },
		"scalars": func(r *rig) *gorgonia.Node {
			h := must(gorgonia.Add(must(gorgonia.Mul(r.feed("x", 3), r.param("w", 3))), r.param("b")))
			return must(gorgonia.Add(must(gorgonia.Mean(must(gorgonia.Square(h)))), must(gorgonia.Square(r.param("c")))))
		},
	}
	for gname, build := range graphs {
		for sname, solver := range solvers {
			for _, dual := range []bool{false, true} {
				ref := newRig(tensor.Float64, 5)
				if _, err := gorgonia.Grad(build(ref), ref.params...); err != nil {
					t.Fatal(err)
				}
				vm := gorgonia.NewTapeMachine(ref.g)
				r := newRig(tensor.Float64, 5)
				cost := build(r)
				p := compileAfter(t, r, cost, dual)
				a, b := solver(), solver()
				for range 5 {
					if err := vm.RunAll(); err != nil {
						t.Fatal(err)
					}
					if err := a.Step(gorgonia.NodesToValueGrads(ref.params)); err != nil {
						t.Fatal(err)
					}
					vm.Reset()
					if err := p.RunAll(); err != nil {
						t.Fatal(err)
					}
					if err := b.Step(gorgonia.NodesToValueGrads(r.params)); err != nil {
						t.Fatal(err)
					}
				}
				for i, w := range r.params {
					near(t, gname+" by "+sname+": "+w.Name(), w.Value(), ref.params[i].Value(), 1e-13)
					rg, _ := p.Weights().Find(w.Name())
					if floats(w.Value())[0] != p.Weights().At(rg.Lo) {
						t.Errorf("%s by %s: the solver left the vector", gname, sname)
					}
				}
			}
		}
	}
}

// compileAfter compiles a graph, if dual after a machine that binds dual values ran on it.
func compileAfter(t *testing.T, r *rig, cost *gorgonia.Node, dual bool) *Program {
	t.Helper()
	if !dual {
		return compiled(t, r, cost, NoFusion())
	}
	if _, err := gorgonia.Grad(cost, r.params...); err != nil {
		t.Fatal(err)
	}
	if err := gorgonia.NewTapeMachine(r.g, gorgonia.BindDualValues(r.params...)).RunAll(); err != nil {
		t.Fatal(err)
	}
	p, err := Compile(cost, NoFusion())
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestSharedGradient checks that two parameters with one gradient node have a gradient each, so that a solver that
// clears the one leaves the other.
func TestSharedGradient(t *testing.T) {
	r := newRig(tensor.Float64, 4)
	x := r.feed("x", 3)
	h := must(gorgonia.Add(must(gorgonia.Mul(x, r.param("w0", 3, 2))), must(gorgonia.Mul(x, r.param("w1", 3, 2)))))
	p := compiled(t, r, must(gorgonia.Mean(must(gorgonia.Square(h)))))
	if r.params[0].Deriv() != r.params[1].Deriv() {
		t.Skip("Gorgonia made two nodes")
	}
	if err := p.RunAll(); err != nil {
		t.Fatal(err)
	}
	want := p.Weights().Clone()
	want.Axpy(-0.1, p.Gradient())
	if err := gorgonia.NewVanillaSolver(gorgonia.WithLearnRate(0.1)).Step(gorgonia.NodesToValueGrads(r.params)); err != nil {
		t.Fatal(err)
	}
	for i, v := range want.F64 {
		if math.Abs(p.Weights().F64[i]-v) > 1e-15 {
			t.Errorf("weight %d is %v, want %v", i, p.Weights().F64[i], v)
		}
	}
}

// TestCostIsParameter checks the smallest graphs: the gradient of a weight by itself, and of a sum of two.
func TestCostIsParameter(t *testing.T) {
	for _, opts := range [][]Option{nil, {NoFusion()}} {
		r := newRig(tensor.Float32, 1)
		a, b := r.param("a"), r.param("b")
		p := compiled(t, r, must(gorgonia.Add(a, b)), opts...)
		for k := range 3 {
			if err := p.RunAll(); err != nil {
				t.Fatal(err)
			}
			for i := range 2 {
				if g := p.Gradient().At(p.Gradient().Ranges[i].Lo); g != 1 {
					t.Errorf("gradient %d is %v in run %d", i, g, k)
				}
			}
			if err := gorgonia.NewVanillaSolver(gorgonia.WithLearnRate(0.5)).Step(gorgonia.NodesToValueGrads(r.params)); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// TestAfterTape runs a TapeMachine on a program's graph in between, which binds values of its own.
func TestAfterTape(t *testing.T) {
	r := newRig(tensor.Float64, 4)
	cost := network(r, 5, 4, 3)
	p := compiled(t, r, cost, NoFusion())
	if err := p.RunAll(); err != nil {
		t.Fatal(err)
	}
	want := p.Cost()
	if err := gorgonia.NewTapeMachine(r.g).RunAll(); err != nil {
		t.Fatal(err)
	}
	if got := floats(cost.Value())[0]; got != want {
		t.Errorf("the tape's cost is %v, the program's %v", got, want)
	}
	p.Weights().Scale(1.5)
	if err := p.RunAll(); err != nil {
		t.Fatal(err)
	}
	if got := floats(cost.Value())[0]; got != p.Cost() || got == want {
		t.Errorf("the node has cost %v, the program %v, before it was %v", got, p.Cost(), want)
	}
	for _, w := range r.params {
		g, err := w.Grad()
		if err != nil {
			t.Fatal(err)
		}
		rg, _ := p.Gradient().Find(w.Name())
		p.Gradient().Set(rg.Lo, 123)
		if floats(g)[0] != 123 {
			t.Errorf("the gradient of %q is no view of the program's", w.Name())
		}
	}
}
