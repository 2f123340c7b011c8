package main

import (
	"math/rand/v2"

	"github.com/fallline/fallline/batch"
	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/solvers"
	"github.com/fallline/fallline/train"
	"github.com/fallline/fallline/vector"
)

// sum is the objective 1/n Σ f_i over d numbers.
func sum(n, d int, f func(w, g []float64, i int) float64) (*solvers.FiniteSum, error) {
	return solvers.NewFiniteSum(n, f, vector.Param{Name: "w", Shape: []int{d}})
}

// descent is a minimisation to begin: what isn't set is plain SGD over reshuffled batches from weights of 0.
type descent struct {
	of      solvers.Objective
	from    *vector.Vector // changed in place; nil: 0
	sample  train.Sampler
	batch   int // 0: all examples
	seed    uint64
	rule    solvers.Rule
	rate    schedules.Schedule
	options []solvers.Option
}

// open begins it.
func (d descent) open() (*solvers.Run, error) {
	if d.from == nil {
		d.from = d.of.NewVector()
	}
	if d.sample == nil {
		d.sample = solvers.Reshuffled
	}
	if d.rule == nil {
		d.rule = solvers.SGD{}
	}
	options := append([]solvers.Option{solvers.Rate(d.rate)}, d.options...)
	if d.batch == 0 {
		d.batch = d.of.Len()
	}
	solver, err := solvers.New(d.rule, options...)
	if err != nil {
		return nil, err
	}
	sampler, err := d.sample(d.of.Len(), d.batch, d.seed)
	if err != nil {
		return nil, err
	}
	return solver.Open(d.of, d.from, sampler)
}

// start makes weights of the given numbers, for an objective with one parameter.
func start(of solvers.Objective, w ...float64) *vector.Vector {
	v := of.NewVector()
	copy(v.F64[v.Ranges[0].Lo:], w)
	return v
}

// everything is the batch of all n examples.
func everything(n int) batch.Batch {
	index := make([]int32, n)
	for i := range index {
		index[i] = int32(i)
	}
	return batch.Batch{Index: index}
}

// random is a source of random numbers that is a function of a seed and of what it is for.
func random(seed, use uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, use)) }

// normals are n numbers from N(mean, deviation²).
func normals(r *rand.Rand, n int, mean, deviation float64) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = mean + deviation*r.NormFloat64()
	}
	return x
}
