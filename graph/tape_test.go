package graph

import (
	"fmt"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// reference runs a fresh graph on a TapeMachine.
func reference(t *testing.T, m model, dt tensor.Dtype, n int) (*rig, *gorgonia.Node) {
	t.Helper()
	r := newRig(dt, n)
	cost := m.build(r)
	if _, err := gorgonia.Grad(cost, r.params...); err != nil {
		t.Fatal(err)
	}
	vm := gorgonia.NewTapeMachine(r.g)
	defer vm.Close()
	if err := vm.RunAll(); err != nil {
		t.Fatal(err)
	}
	return r, cost
}

func eachType(t *testing.T, f func(t *testing.T, dt tensor.Dtype)) {
	for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		t.Run(dt.String(), func(t *testing.T) { f(t, dt) })
	}
}

// TestTape compares programs that run the stock ops with TapeMachine, bit by bit, at one batch size after another.
func TestTape(t *testing.T) {
	for _, m := range models {
		t.Run(m.name, func(t *testing.T) {
			eachType(t, func(t *testing.T, dt tensor.Dtype) {
				r := newRig(dt, 5)
				cost := m.build(r)
				p, err := Compile(cost, Params(r.params...), Frozen(r.frozen...), Outputs(r.outs...), NoFusion())
				if err != nil {
					t.Fatal(err)
				}
				for _, n := range []int{5, 3, 8, 5, 2} {
					if m.fixed && n != 5 {
						feedAs(t, p, r, n)
						if err := p.RunAll(); n > 5 && err == nil {
							t.Errorf("batch %d: an op that can't do it gave no error", n)
						}
						continue
					}
					ref, want := reference(t, m, dt, n)
					feedAs(t, p, r, n)
					poison(p)
					if err := p.RunAll(); err != nil {
						t.Fatalf("batch %d: %v", n, err)
					}
					t.Run(fmt.Sprint(n), func(t *testing.T) { compareWithTape(t, p, r, cost, ref, want) })
				}
			})
		})
	}
}

// feedAs feeds a program what a rig of n examples would feed its own.
func feedAs(t *testing.T, p *Program, r *rig, n int) {
	t.Helper()
	for _, x := range r.feeds {
		shape := shapeOf(x)
		shape[0] = n
		if err := p.Let(x, random(r.dt, x.Name(), shape...)); err != nil {
			t.Fatal(err)
		}
	}
}

func compareWithTape(t *testing.T, p *Program, r *rig, cost *gorgonia.Node, ref *rig, want *gorgonia.Node) {
	t.Helper()
	sameBits(t, "cost", cost.Value(), want.Value())
	if x := floats(want.Value())[0]; p.Cost() != x {
		t.Errorf("Cost() = %v, want %v", p.Cost(), x)
	}
	for i, w := range r.params {
		g, err := w.Grad()
		if err != nil {
			t.Fatal(err)
		}
		wg, err := ref.params[i].Grad()
		if err != nil {
			t.Fatal(err)
		}
		sameBits(t, "gradient of "+w.Name(), g, wg)
		rg, _ := p.Gradient().Find(w.Name())
		for k, x := range floats(wg) {
			if p.Gradient().At(rg.Lo+k) != x {
				t.Errorf("Gradient() of %s: element %d is %v, want %v", w.Name(), k, p.Gradient().At(rg.Lo+k), x)
				break
			}
		}
	}
	for i, o := range r.outs {
		sameBits(t, fmt.Sprintf("output %d", i), o.Value(), ref.outs[i].Value())
	}
}
