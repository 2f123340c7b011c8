// Command batch-vs-sgd finds the mean of 1,000 numbers by gradient descent over all of them and by mini-batches of 32,
// 50 steps each at rate 0.1, and prints how many gradients of a single number each has taken when its error is first
// below some bounds.
package main

import (
	"fmt"
	"log"
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/stat"

	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/solvers"
	"github.com/fallline/fallline/vector"
)

func main() {
	rng, y := rand.New(rand.NewPCG(42, 0)), make([]float64, 1000)
	for i := range y {
		y[i] = 3 + rng.NormFloat64()
	}
	compare("batch", y, must(solvers.Cyclic(len(y), len(y))))
	compare("sgd", y, must(solvers.WithReplacement(len(y), 32, 42)))
}

// compare prints the error in the end, and the cost of each bound.
func compare(name string, y []float64, batches solvers.Sampler) {
	errors, cost := minimise(y, batches, 50)
	fmt.Printf("%-5s %4d gradients a step, error %.5f after 50 steps", name, cost, errors[49])
	for _, bound := range []float64{1, 0.3, 0.1, 0.01} {
		if k := slices.IndexFunc(errors, func(e float64) bool { return e < bound }); k >= 0 {
			fmt.Printf("; below %v: %d", bound, int64(k+1)*cost)
		}
	}
	fmt.Println()
}

// minimise takes steps on the mean of (theta - y_i)^2 from theta = 0. It returns the error |theta - mean(y)| after
// each, and the gradients of a number that a step takes.
func minimise(y []float64, batches solvers.Sampler, steps int) (errors []float64, cost int64) {
	f := must(solvers.NewFiniteSum(len(y), func(w, g []float64, i int) float64 {
		if g != nil {
			g[0] += 2 * (w[0] - y[i])
		}
		return (w[0] - y[i]) * (w[0] - y[i])
	}, vector.Param{Name: "theta", Shape: []int{1}}))
	solver := must(solvers.New(solvers.SGD{}, solvers.Rate(schedules.Constant(0.1))))
	run := must(solver.Open(f, f.NewVector(), batches))
	for range steps {
		cost = must(run.Next()).Gradients
		errors = append(errors, math.Abs(run.Weights().At(0)-stat.Mean(y, nil)))
	}
	return errors, cost
}

// must ends the program on an error.
func must[T any](v T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return v
}
