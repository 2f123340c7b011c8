package graph

import (
	"strings"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// TestMemoryBeforehand holds that what is told beforehand is what the buffers then take, in any order of sizes, and
// that it is asked for without making them.
func TestMemoryBeforehand(t *testing.T) {
	for _, sizes := range [][]int{{1, 3, 200, 17}, {200, 1}, {50, 400}} {
		r := newRig(tensor.Float64, 4)
		p := compiled(t, r, network(r, 6, 5, 3))
		most := int64(0)
		for _, n := range sizes {
			before := p.memory.Size()
			want, err := p.Memory(n)
			if err != nil {
				t.Fatal(err)
			}
			if p.memory.Size() != before || len(p.plans) > 0 && p.current == nil {
				t.Error("asking has made buffers")
			}
			feedAs(t, p, r, n)
			if err := p.RunAll(); err != nil {
				t.Fatal(err)
			}
			if got := int64(p.current.bytes); got != want {
				t.Errorf("batch %d: %d bytes, %d told", n, got, want)
			}
			if most = max(most, want); int64(p.memory.Size()) != most {
				t.Errorf("after %v: %d bytes, want those of the largest size, %d", sizes, p.memory.Size(), most)
			}
		}
	}
	r := newRig(tensor.Float64, 4)
	p := compiled(t, r, network(r, 6, 5, 3))
	if _, err := p.Memory(0); err == nil || !strings.HasPrefix(err.Error(), "graph: memory for 0 examples, want 1 to ") {
		t.Errorf("no examples: %v", err)
	}
}

// TestMemoryOfFixedInputs wants inputs that aren't of the batch to keep their size, also where their first axis has as
// many elements.
func TestMemoryOfFixedInputs(t *testing.T) {
	r := newRig(tensor.Float64, 4)
	table := r.input("table", 4, 6)
	cost := must(gorgonia.Sum(must(gorgonia.Mul(must(gorgonia.Mul(r.feed("x", 4), table)), r.param("w", 6, 3)))))
	p := compiled(t, r, cost, Fixed(table))
	want, err := p.Memory(50)
	if err != nil {
		t.Fatal(err)
	}
	feedAs(t, p, r, 50)
	if err := p.RunAll(); err != nil {
		t.Fatal(err)
	}
	if got := int64(p.current.bytes); got != want {
		t.Errorf("%d bytes, %d told", got, want)
	}
}
