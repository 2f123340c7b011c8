package main

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/fallline/fallline/solvers"
)

func Example() {
	main()
	// Output:
	// batch 1000 gradients a step, error 0.00004 after 50 steps; below 1: 5000; below 0.3: 11000; below 0.1: 16000; below 0.01: 26000
	// sgd     32 gradients a step, error 0.01600 after 50 steps; below 1: 160; below 0.3: 320; below 0.1: 480; below 0.01: 768
}

// TestMinimise holds the errors against their closed forms: over all numbers the error shrinks by 1 - 2*0.1 a step, and
// with batches of b its mean square tends to 0.04 var/b / (1 - 0.64).
func TestMinimise(t *testing.T) {
	rng, y := rand.New(rand.NewPCG(1, 0)), make([]float64, 1000)
	mean, variance := 0.0, 0.0
	for i := range y {
		y[i] = 3 + rng.NormFloat64()
		mean += y[i] / 1000
	}
	for _, v := range y {
		variance += (v - mean) * (v - mean) / 1000
	}
	errs, cost := minimise(y, must(solvers.Cyclic(1000, 1000)), 50)
	for k, e := range errs {
		if want := mean * math.Pow(0.8, float64(k+1)); math.Abs(e-want) > 1e-12 || cost != 1000 {
			t.Fatalf("after %d steps of %d gradients the error is %v, want %v", k+1, cost, e, want)
		}
	}
	errs, cost = minimise(y, must(solvers.WithReplacement(1000, 32, 1)), 20000)
	square := 0.0
	for _, e := range errs[100:] {
		square += e * e / float64(len(errs)-100)
	}
	if want := 0.04 * variance / 32 / 0.36; math.Abs(square/want-1) > 0.1 || cost != 32 {
		t.Errorf("steps of %d gradients leave a mean square error of %v, want %v", cost, square, want)
	}
}
