// Command batch-vs-sgd finds the mean of 1,000 numbers by gradient descent over all of them and by mini-batches of 32, 50 steps each at
// rate 0.1, and prints how many gradients of a single number each had taken when its error first fell below some bounds.
package main

import (
	"fmt"
	"log"
	"math"
	"math/rand/v2"

	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/solvers"
	"github.com/fallline/fallline/vector"
)

// minimise takes steps on the mean of (theta - y_i)^2 with batches drawn with replacement, and returns the error |theta - mean(y)| after
// each step and the component gradients that a step took.
func minimise(y []float64, batch, steps int, from solvers.Estimator) (errs []float64, cost int64) {
	mean := 0.0
	for _, v := range y {
		mean += v / float64(len(y))
	}
	f := must(solvers.NewFiniteSum(len(y), func(w, g []float64, i int) float64 {
		if g != nil {
			g[0] += 2 * (w[0] - y[i])
		}
		return (w[0] - y[i]) * (w[0] - y[i])
	}, vector.Param{Name: "theta", Shape: []int{1}}))
	solver := must(solvers.New(solvers.SGD{}, solvers.From(from), solvers.Rate(schedules.Constant(0.1))))
	theta := f.NewVector() // 0
	run := must(solver.Open(f, theta, must(solvers.WithReplacement(len(y), batch, 42))))
	for range steps {
		cost = must(run.Next()).Gradients
		errs = append(errs, math.Abs(theta.At(0)-mean))
	}
	return errs, cost
}

func main() {
	rng, y := rand.New(rand.NewPCG(42, 0)), make([]float64, 1000)
	for i := range y {
		y[i] = 3 + rng.NormFloat64()
	}
	for _, c := range []struct {
		name  string
		batch int
		from  solvers.Estimator
	}{{"batch", len(y), solvers.FullBatch{}}, {"sgd", 32, solvers.MiniBatch{}}} {
		errs, cost := minimise(y, c.batch, 50, c.from)
		fmt.Printf("%-5s %4d gradients a step, error %.5f after 50 steps", c.name, cost, errs[49])
		for _, bound := range []float64{1, 0.3, 0.1, 0.01} {
			fmt.Printf("; below %v: %s", bound, reached(errs, bound, cost))
		}
		fmt.Println()
	}
}

// reached is the cost of the steps until the error was first below a bound.
func reached(errs []float64, bound float64, cost int64) string {
	for i, e := range errs {
		if e < bound {
			return fmt.Sprint(int64(i+1) * cost)
		}
	}
	return "never"
}

// must ends the program on an error.
func must[T any](v T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return v
}
