// Package guide holds the code of the pages beside it, so that it compiles and prints what they say.
package guide

import (
	"fmt"
	"log"
	"math/rand/v2"

	"github.com/fallline/fallline/solvers"
	"github.com/fallline/fallline/vector"
)

// points returns n numbers from the normal distribution around 3.
func points(n int) []float64 {
	rng := rand.New(rand.NewPCG(1, 2))
	y := make([]float64, n)
	for i := range y {
		y[i] = 3 + rng.NormFloat64()
	}
	return y
}

// squares is the mean of (θ − yᵢ)², whose minimum is at the mean of y.
func squares(y []float64) *solvers.FiniteSum {
	f, err := solvers.NewFiniteSum(len(y), func(w, g []float64, i int) float64 {
		d := w[0] - y[i]
		if g != nil {
			g[0] += 2 * d
		}
		return d * d
	}, vector.Param{Name: "theta", Shape: []int{1}})
	if err != nil {
		log.Fatal(err)
	}
	return f
}

// A batch's gradient is right on average, and its variance falls as one over the batch.
func Example_batches() {
	f := squares(points(1000))
	theta, g := f.NewVector(), f.NewVector()
	for _, b := range []int{1, 10, 100} {
		sampler, err := solvers.WithReplacement(f.Len(), b, 1)
		if err != nil {
			log.Fatal(err)
		}
		const draws = 10000
		var sum, sumOfSquares float64
		for range draws {
			if _, err := f.Gradient(theta, g, sampler.Next()); err != nil {
				log.Fatal(err)
			}
			sum += g.At(0)
			sumOfSquares += g.At(0) * g.At(0)
		}
		mean := sum / draws
		fmt.Printf("batches of %3d: mean %.2f, variance %.3f\n", b, mean, sumOfSquares/draws-mean*mean)
	}
	// Output:
	// batches of   1: mean -6.03, variance 3.908
	// batches of  10: mean -6.04, variance 0.391
	// batches of 100: mean -6.04, variance 0.039
}
