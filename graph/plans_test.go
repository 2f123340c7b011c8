package graph

import (
	"math"
	"testing"
	"unsafe"

	"github.com/fallline/fallline/graph/internal/arena"
	"github.com/fallline/fallline/internal/memory"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// TestPlans checks that the number of plans is bounded, that their memory is that of the largest, and that old sizes
// still work.
func TestPlans(t *testing.T) {
	r := newRig(tensor.Float64, 4)
	p := compiled(t, r, network(r, 6, 5, 3))
	run := func(n int) {
		t.Helper()
		feedAs(t, p, r, n)
		poison(p)
		if err := p.RunAll(); err != nil {
			t.Fatal(err)
		}
		ref, want := reference(t, model{build: func(r *rig) *gorgonia.Node { return network(r, 6, 5, 3) }}, r.dt, n)
		if d := math.Abs(p.Cost() - floats(want.Value())[0]); d > 1e-12 {
			t.Errorf("batch %d: cost off by %v", n, d)
		}
		for i, w := range r.params {
			g, _ := w.Grad()
			wg, _ := ref.params[i].Grad()
			near(t, w.Name(), g, wg, 1e-10)
		}
	}
	for n := 1; n <= 2*maxPlans; n++ {
		run(n)
	}
	if len(p.plans) != maxPlans {
		t.Errorf("%d plans, want %d", len(p.plans), maxPlans)
	}
	run(maxPlans + 2) // second oldest, and used again
	lately := p.current
	run(2*maxPlans + 1)
	if run(maxPlans + 2); p.current != lately || len(p.plans) != maxPlans {
		t.Error("a plan used lately was dropped")
	}
	size := p.memory.Size()
	most := 0
	for _, pl := range p.plans {
		most = max(most, pl.bytes)
	}
	if most != size {
		t.Errorf("%d bytes for plans of at most %d", size, most)
	}
	for _, n := range []int{1, 2 * maxPlans, 3, 17, 1} {
		run(n)
	}
	if p.memory.Size() != size {
		t.Errorf("memory went from %d to %d bytes for sizes seen before", size, p.memory.Size())
	}
	lo := p.memory.At(arena.Span{Lo: 0, Hi: 1})
	for _, pl := range p.plans {
		for _, b := range pl.buffers {
			if at := b.dense.Uintptr() - uintptr(unsafe.Pointer(&lo[0])); at >= uintptr(size) {
				t.Fatalf("a buffer of batch %v is out of the arena", pl.shapes)
			}
		}
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	run(5)
}

// TestMemory checks that buffers are aligned and shared between values that don't live at the same time.
func TestMemory(t *testing.T) {
	r := newRig(tensor.Float64, 100)
	x := r.feed("x", 10)
	h := must(gorgonia.Mul(x, r.input("w", 10, 10)))
	for range 20 {
		h = must(gorgonia.Tanh(h))
	}
	p, err := Compile(must(gorgonia.Sum(h)))
	if err != nil {
		t.Fatal(err)
	}
	if err := p.RunAll(); err != nil {
		t.Fatal(err)
	}
	if one := 100 * 10 * 8; p.memory.Size() > 2*one+memory.Line {
		t.Errorf("%d bytes for a chain that needs two buffers of %d", p.memory.Size(), one)
	}
	for _, b := range p.current.buffers {
		if b.dense.Uintptr()%memory.Line != 0 {
			t.Error("a buffer off the alignment")
		}
	}
}
