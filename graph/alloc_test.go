package graph

import (
	"testing"

	"gorgonia.org/tensor"
)

// TestAllocations checks that steps, evaluations elsewhere and changes of the batch size allocate nothing once each
// size has been seen.
func TestAllocations(t *testing.T) {
	eachType(t, func(t *testing.T, dt tensor.Dtype) {
		r := newRig(dt, 32)
		p := compiled(t, r, network(r, 20, 16, 5))
		w, g := p.Weights().Clone(), p.Weights().Like()
		feeds := map[int][]*tensor.Dense{}
		for _, n := range []int{32, 7, 50} {
			feeds[n] = []*tensor.Dense{random(dt, "x", n, 20), random(dt, "y", n, 5)}
		}
		step := func() {
			for _, n := range []int{32, 7, 50, 7} {
				for i, x := range r.feeds {
					if err := p.Let(x, feeds[n][i]); err != nil {
						t.Fatal(err)
					}
				}
				if err := p.RunAll(); err != nil {
					t.Fatal(err)
				}
				if err := p.Forward(); err != nil {
					t.Fatal(err)
				}
				if _, err := p.Evaluate(w, g); err != nil {
					t.Fatal(err)
				}
				if _, err := p.Evaluate(w, nil); err != nil {
					t.Fatal(err)
				}
			}
		}
		step()
		if n := testing.AllocsPerRun(20, step); n != 0 {
			t.Errorf("%v allocations, want none", n)
		}
	})
}

// TestAllocationsOfModels counts for every model of stock ops that runs on kernels only.
func TestAllocationsOfModels(t *testing.T) {
	for _, m := range append(mendedModels, models...) {
		t.Run(m.name, func(t *testing.T) {
			r := newRig(tensor.Float32, 5)
			p := compiled(t, r, m.build(r), Frozen(r.frozen...), Outputs(r.outs...))
			for i := range p.slots {
				if s := &p.slots[i]; s.from == fromOp && !s.dead && s.mode != lowered && s.mode != view {
					t.Skipf("op %v runs as it is", s.Expr.Op())
				}
			}
			step := func() {
				if err := p.RunAll(); err != nil {
					t.Fatal(err)
				}
			}
			step()
			if n := testing.AllocsPerRun(10, step); n != 0 {
				t.Errorf("%v allocations, want none", n)
			}
		})
	}
}
