package guide

import (
	"fmt"
	"log"
	"math/rand/v2"

	"github.com/fallline/fallline/batch"
	"github.com/fallline/fallline/linear"
	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/solvers"
	"github.com/fallline/fallline/vector"
)

// regression is least squares with n made examples of d features.
func regression(n, d int) *linear.Objective {
	rng := rand.New(rand.NewPCG(1, 2))
	x, y := make([]float64, n*d), make([]float64, n)
	for i := range y {
		for j := range d {
			x[i*d+j] = rng.NormFloat64()
			y[i] += x[i*d+j]
		}
		y[i] += rng.NormFloat64()
	}
	f, err := linear.New(linear.Model{
		Rows: linear.Dense{Rows: n, Cols: d, F64: x}, Labels: y, Loss: linear.Squared, Type: vector.Float64,
	})
	if err != nil {
		log.Fatal(err)
	}
	return f
}

// descend takes gradients of single examples from an estimator for so many passes over the data, and returns the loss
// that it gets to.
func descend(f *linear.Objective, from solvers.Estimator, rate float64, passes int) float64 {
	solver, err := solvers.New(solvers.SGD{}, solvers.From(from), solvers.Rate(schedules.Constant(rate)))
	if err != nil {
		log.Fatal(err)
	}
	sampler, err := solvers.WithReplacement(f.Len(), 1, 1)
	if err != nil {
		log.Fatal(err)
	}
	w := f.NewVector()
	run, err := solver.Open(f, w, sampler)
	if err != nil {
		log.Fatal(err)
	}
	for gradients := int64(0); gradients < int64(passes*f.Len()); {
		info, err := run.Next()
		if err != nil {
			log.Fatal(err)
		}
		gradients += info.Gradients
	}
	all := batch.Batch{Index: make([]int32, f.Len())}
	for i := range all.Index {
		all.Index[i] = int32(i)
	}
	loss, err := f.Loss(w, all)
	if err != nil {
		log.Fatal(err)
	}
	return loss
}

// How far above the lowest loss each estimator gets in 5, 10 and 20 passes over the data, all with the same rate.
func Example_reduced() {
	f := regression(1000, 10)
	const rate = 0.01
	lowest := descend(f, solvers.SAGA{}, rate, 200)
	for _, c := range []struct {
		name string
		from solvers.Estimator
	}{{"SGD", solvers.MiniBatch{}}, {"SVRG", solvers.SVRG{Passes: 2}}, {"SAGA", solvers.SAGA{}}} {
		fmt.Printf("%-4s", c.name)
		for _, passes := range []int{5, 10, 20} {
			fmt.Printf("  %.0e", descend(f, c.from, rate, passes)-lowest)
		}
		fmt.Println()
	}
	// Output:
	// SGD   1e-02  2e-02  1e-02
	// SVRG  2e-01  2e-03  1e-05
	// SAGA  2e-04  7e-07  1e-11
}
