package solvers

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/fallline/fallline/batch"
)

// samplers makes one of each kind.
func samplers(t *testing.T, n, batch int, seed uint64) map[string]Sampler {
	return map[string]Sampler{
		"reshuffled":       must[Sampler](t)(Reshuffled(n, batch, seed)),
		"cyclic":           must[Sampler](t)(Cyclic(n, batch)),
		"with replacement": must[Sampler](t)(WithReplacement(n, batch, seed)),
	}
}

// draw takes batches and copies them.
func draw(s Sampler, n int) []batch.Batch {
	var batches []batch.Batch
	for range n {
		b := s.Next()
		b.Index = slices.Clone(b.Index)
		batches = append(batches, b)
	}
	return batches
}

func sameBatch(a, b batch.Batch) bool { return slices.Equal(a.Index, b.Index) && a.Draw == b.Draw }

func TestSamplersPeekAndResume(t *testing.T) {
	for _, batch := range []int{1, 7, 20} {
		want := samplers(t, 20, batch, 3)
		peeking := samplers(t, 20, batch, 3)
		resumed := samplers(t, 20, batch, 3)
		for name, s := range want {
			batches := draw(s, 60)
			p, r := peeking[name], resumed[name]
			for i, b := range batches {
				if got := p.Peek(); !sameBatch(got, b) {
					t.Fatalf("%s by %d: peek %d is %v, want %v", name, batch, i, got, b)
				}
				got := p.Next()
				ahead := p.Peek()
				if !sameBatch(got, b) {
					t.Fatalf("%s by %d: batch %d is %v after a peek ahead, want %v", name, batch, i, got, b)
				}
				if i+1 < len(batches) && !sameBatch(ahead, batches[i+1]) {
					t.Fatalf("%s by %d: peek ahead of %d is %v, want %v", name, batch, i, ahead, batches[i+1])
				}
			}
			half := samplers(t, 20, batch, 3)[name]
			draw(half, 31)
			saved := save(half)
			restore(t, r, saved)
			for i, b := range draw(r, 29) {
				if !sameBatch(b, batches[31+i]) {
					t.Fatalf("%s by %d: resumed batch %d is %v, want %v", name, batch, i, b, batches[31+i])
				}
			}
		}
	}
}

func TestEpochSamplersDrawEveryExampleOnce(t *testing.T) {
	for name, s := range samplers(t, 50, 8, 5) {
		if name == "with replacement" {
			continue
		}
		var orders [][]int32
		for epoch := range 4 {
			var order []int32
			for i, b := range draw(s, 7) {
				if want := []int{8, 8, 8, 8, 8, 8, 2}[i]; len(b.Index) != want || b.Draw != uint64(epoch) {
					t.Fatalf("%s: epoch %d: batch %d has %d examples and draw %d", name, epoch, i, len(b.Index), b.Draw)
				}
				order = append(order, b.Index...)
			}
			sorted := slices.Sorted(slices.Values(order))
			for i, x := range sorted {
				if x != int32(i) {
					t.Fatalf("%s: epoch %d: %v is no permutation", name, epoch, order)
				}
			}
			orders = append(orders, order)
		}
		if same := slices.Equal(orders[0], orders[1]); same != (name == "cyclic") {
			t.Errorf("%s: two epochs in the same order: %v", name, same)
		}
	}
}

func TestSeedsGiveOrders(t *testing.T) {
	for name := range samplers(t, 50, 8, 5) {
		a, b := draw(samplers(t, 50, 8, 5)[name], 6), draw(samplers(t, 50, 8, 5)[name], 6)
		c := draw(samplers(t, 50, 8, 6)[name], 6)
		for i := range a {
			if !sameBatch(a[i], b[i]) {
				t.Errorf("%s: one seed, two orders", name)
			}
		}
		if same := slices.Equal(a[0].Index, c[0].Index); same != (name == "cyclic") {
			t.Errorf("%s: two seeds, same order: %v", name, same)
		}
	}
}

// TestSamplersAreUniform counts how often an example lands in a place of the order, over many epochs: within five
// standard deviations of the mean.
func TestSamplersAreUniform(t *testing.T) {
	const n, epochs = 6, 6000
	for name, s := range samplers(t, n, 1, 9) {
		if name == "cyclic" {
			continue
		}
		var count [n][n]float64
		for range epochs {
			for place := range n {
				count[place][s.Next().Index[0]]++
			}
		}
		mean := float64(epochs) / n
		limit := 5 * math.Sqrt(mean*(1-1.0/n))
		for place := range n {
			for example, c := range count[place] {
				if math.Abs(c-mean) > limit {
					t.Errorf("%s: example %d came %v times at place %d, want %v +- %.0f", name, example, c, place, mean, limit)
				}
			}
		}
	}
}

func TestBelowIsUnbiased(t *testing.T) {
	s := must[Sampler](t)(WithReplacement(3, 1, 1))
	var count [3]float64
	for range 30000 {
		count[s.Next().Index[0]]++
	}
	for i, c := range count {
		if math.Abs(c-10000) > 5*math.Sqrt(10000*2.0/3) {
			t.Errorf("example %d came %v times of 30000, want a third", i, c)
		}
	}
}

func TestSamplersAllocateNothing(t *testing.T) {
	for name, s := range samplers(t, 100, 16, 1) {
		if n := testing.AllocsPerRun(100, func() { s.Next(); s.Peek() }); n != 0 {
			t.Errorf("%s: %v allocations a batch, want 0", name, n)
		}
	}
}

// TestBelowRejects holds that numbers are uniform where 2⁶⁴ is far from a multiple of n: without rejection the lowest
// third would come in half of all cases.
func TestBelowRejects(t *testing.T) {
	var pcg rand.PCG
	stream(&pcg, 1, 2)
	low := 0.0
	for range 30000 {
		x := below(&pcg, 3<<62)
		if x >= 3<<62 {
			t.Fatalf("%d drawn below %d", x, uint64(3)<<62)
		}
		if x < 1<<62 {
			low++
		}
	}
	if math.Abs(low-10000) > 5*math.Sqrt(10000*2.0/3) {
		t.Errorf("the lowest third came %v times of 30000", low)
	}
}
