package schedules

import (
	"fmt"
	"math"
	"math/big"
	"testing"
)

// exactRestarts is the first k restarts but that at 0 in rational numbers, n·(1 + mult + ... + multᵏ⁻¹) with halves up,
// as far as they are below 2⁶¹.
func exactRestarts(n *big.Rat, mult float64, most int) (all []int64) {
	const bits = 20000 // more than 300 products have
	m := big.NewFloat(mult)
	first := new(big.Float).SetPrec(bits).SetRat(n)
	sum := new(big.Float).SetPrec(bits)
	for range most {
		sum.Add(sum.Mul(sum, m), big.NewFloat(1))
		at := new(big.Float).SetPrec(bits).Mul(sum, first)
		whole, _ := at.Add(at, big.NewFloat(0.5)).Int(nil)
		if whole.BitLen() > 61 {
			break
		}
		all = append(all, whole.Int64())
	}
	return all
}

// TestRestarts holds that restarts are where exact arithmetic has them, that the value there is the peak to the last
// bit, however far, and that it is near the end one iteration before.
func TestRestarts(t *testing.T) {
	for _, n := range []int64{1, 7, 1000, 1<<53 + 1} {
		for _, mult := range []float64{1, 1 + 1e-9, 1.1, 1.5, math.Sqrt2, 2, 3, 10, 1e6} {
			t.Run(fmt.Sprint(n, ",", mult), func(t *testing.T) {
				s := CosineRestarts(0.1, 0.003, n, mult, 1)
				for i, at := range exactRestarts(new(big.Rat).SetInt64(n), mult, 300) {
					k := int64(i + 1)
					if got := (restarts{twofoldOf(n), mult}).at(k); got != at {
						t.Fatalf("restart %d at %d, want %d", k, got, at)
					}
					if got := s.At(Time{Step: at}); got != 0.1 {
						t.Fatalf("at restart %d, iteration %d: %v, want 0.1", k, at, got)
					}
					if got := s.At(Time{Step: at - 1}); n >= 1000 && !(got < 0.0031) {
						t.Fatalf("before restart %d, iteration %d: %v, want about 0.003", k, at-1, got)
					}
				}
			})
		}
	}
}

func TestRestartsInEpochs(t *testing.T) {
	const n = 60000
	s := CosineRestarts(0.1, 0, Epochs(1.5), 1.1, 0.5)
	for i, seen := range exactRestarts(big.NewRat(3*n, 2), 1.1, 60) {
		k := i + 1
		if got, want := s.At(Time{Seen: seen, N: n}), 0.1*math.Pow(0.5, float64(k)); got != want {
			t.Errorf("at restart %d, example %d: %v, want %v", k, seen, got, want)
		}
		if got, limit := s.At(Time{Seen: seen - 1, N: n}), 1e-9; !(got < limit) {
			t.Errorf("before restart %d, example %d: %v, want under %v", k, seen, got, limit)
		}
	}
	if got := s.At(Time{Step: 500}); got != 0.1 {
		t.Errorf("where nobody counts epochs: %v, want the start 0.1", got)
	}
}

// TestBeforeIsRight holds that before finds the last restart, around each of them.
func TestBeforeIsRight(t *testing.T) {
	for _, mult := range []float64{1, 1.01, 2.5} {
		r := restarts{twofoldOf(9), mult}
		for k := int64(1); k < 40; k++ {
			at := r.at(k)
			if got := r.before(at - 1); got != k-1 {
				t.Errorf("%v: before %d: restart %d, want %d", mult, at-1, got, k-1)
			}
			if got := r.before(at); got != k {
				t.Errorf("%v: at %d: restart %d, want %d", mult, at, got, k)
			}
		}
	}
	if got := (restarts{twofoldOf(1), 1}).before(1 << 61); got != 1<<61 {
		t.Errorf("restarts at every iteration: %d at the end of time", got)
	}
}
