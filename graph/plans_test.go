package graph

import (
	"math"
	"math/rand/v2"
	"testing"
	"unsafe"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/fallline/fallline/internal/memory"
)

// TestPlans checks that the number of plans is bounded, that their memory is that of the largest, and that old sizes still work.
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
	size := len(p.memory.bytes)
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
	if len(p.memory.bytes) != size {
		t.Errorf("memory went from %d to %d bytes for sizes seen before", size, len(p.memory.bytes))
	}
	lo := p.memory.bytes[0:1:1]
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

// TestLayout checks at random that places in use don't overlap, are aligned and are used again.
func TestLayout(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	var l layout
	live := map[int]span{}
	most, total := 0, 0
	for i := range 5000 {
		if len(live) > 0 && rng.IntN(5) < 2 || len(live) > 20 {
			for k, s := range live {
				l.release(s)
				delete(live, k)
				break
			}
			continue
		}
		s := l.take(1 + rng.IntN(1000))
		if s.lo%memory.Line != 0 || s.hi > l.size || s.lo >= s.hi {
			t.Fatalf("place %v of %d", s, l.size)
		}
		for _, o := range live {
			if s.lo < o.hi && o.lo < s.hi {
				t.Fatalf("%v overlaps %v", s, o)
			}
		}
		live[i] = s
		sum := 0
		for _, o := range live {
			sum += o.hi - o.lo
		}
		most, total = max(most, sum), total+s.hi-s.lo
	}
	if l.size > 2*most || l.size < most {
		t.Errorf("%d bytes for at most %d in use at once", l.size, most)
	}
	for _, s := range live {
		l.release(s)
	}
	if len(l.free) != 1 || l.free[0] != (span{0, l.size}) {
		t.Errorf("free at the end: %v of %d", l.free, l.size)
	}
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
	if one := 100 * 10 * 8; len(p.memory.bytes) > 2*one+memory.Line {
		t.Errorf("%d bytes for a chain that needs two buffers of %d", len(p.memory.bytes), one)
	}
	for _, b := range p.current.buffers {
		if b.dense.Uintptr()%memory.Line != 0 {
			t.Error("a buffer off the alignment")
		}
	}
}
