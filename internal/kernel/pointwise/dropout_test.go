package pointwise

import (
	"math"
	"testing"

	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/kerneltest"
	"github.com/fallline/fallline/internal/kernel/threads"
)

func TestDropoutRow(t *testing.T) {
	kerneltest.Distinct.EachType(t, testDropoutRow[float32], testDropoutRow[float64])
}

func testDropoutRow[T kernel.Float](t *testing.T) {
	const n = 3*threads.PartHeavy + 5
	x, y, again := make([]T, n), make([]T, n), make([]T, n)
	Fill(3, x)
	for _, p := range []float64{0, 0.1, 0.5, 0.9, 1} {
		kept := 0
		DropoutRow(77, p, x, y)
		for _, v := range y {
			if v != 0 && v != 3*T(1/(1-p)) {
				t.Fatalf("p %v: 3 became %v", p, v)
			}
			if v != 0 {
				kept++
			}
		}
		if want := n * (1 - p); math.Abs(float64(kept)-want) > 4*math.Sqrt(n*p*(1-p)) {
			t.Errorf("p %v: kept %d of %d, expected about %.0f", p, kept, n, want)
		}
		DropoutRow(77, p, x, again)
		if !kerneltest.SameBits(y, again) {
			t.Errorf("p %v: the same key gives another mask", p)
		}
		// A prefix has the prefix of the mask, whatever parts the whole is cut into.
		clear(again)
		DropoutRow(77, p, x[:1000], again[:1000])
		if !kerneltest.SameBits(y[:1000], again[:1000]) {
			t.Errorf("p %v: a shorter row has another mask", p)
		}
	}
	// What is dropped is gone, even a NaN.
	Fill(T(math.NaN()), x)
	DropoutRow(77, 1, x, y)
	for _, v := range y {
		if v != 0 {
			t.Fatalf("p 1 leaves %v", v)
		}
	}
}

// TestDropoutMasksAreIndependent holds the masks of neighbouring keys, and of one key shifted, to agree in half of the
// places.
func TestDropoutMasksAreIndependent(t *testing.T) {
	const n = 1 << 14
	x := make([]float32, n)
	Fill(1, x)
	mask := func(key uint64) []float32 {
		y := make([]float32, n)
		DropoutRow(key, 0.5, x, y)
		return y
	}
	agree := func(a, b []float32) float64 {
		count := 0.0
		for i := range b {
			if a[i] == b[i] {
				count++
			}
		}
		return (count/float64(len(b)) - 0.5) * 2 * math.Sqrt(float64(len(b))) // in standard deviations
	}
	for key := range uint64(20) {
		a := mask(key)
		for _, other := range []uint64{key + 1, key + 2, key ^ 1<<32, key ^ 1<<63, key + 1<<16} {
			if d := agree(a, mask(other)); math.Abs(d) > 4.5 {
				t.Errorf("the masks of keys %#x and %#x agree %.1f standard deviations off a half", key, other, d)
			}
		}
		for _, shift := range []int{1, 2, 3, 8, 64, 1000} {
			if d := agree(a[shift:], a[:n-shift]); math.Abs(d) > 4.5 {
				t.Errorf("the mask of key %#x agrees with itself shifted by %d %.1f standard deviations off a half", key, shift, d)
			}
		}
	}
}
