package main

import (
	"math/rand/v2"
	"slices"
	"time"

	"github.com/fallline/fallline/batch"
	"github.com/fallline/fallline/nn"
	"github.com/fallline/fallline/nn/models"
	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/solvers"
	"github.com/fallline/fallline/vector"
)

// network is a model to measure.
type network struct {
	name  string
	shape []int
	net   nn.Layer
}

const classes = 10

var networks = []network{
	{"logreg", []int{784}, models.MLP(classes)},
	{"mlp", []int{784}, models.MLP(classes, 512, 512)},
	{"lenet", []int{28, 28, 1}, models.LeNet(classes)},
	{"resnet9", []int{32, 32, 3}, models.ResNet9(classes)},
}

const (
	warmUp   = 3 // steps that don't count
	minSteps = 5
)

// median takes steps on one random batch for as long as limit says, and returns their median time.
func (n network) median(batch int, limit time.Duration) (time.Duration, error) {
	run, err := n.open(batch)
	if err != nil {
		return 0, err
	}
	for range warmUp {
		if _, err := run.Next(); err != nil {
			return 0, err
		}
	}
	var times []time.Duration
	for start := time.Now(); len(times) < minSteps || time.Since(start) < limit; {
		t := time.Now()
		if _, err := run.Next(); err != nil {
			return 0, err
		}
		times = append(times, time.Since(t))
	}
	slices.Sort(times)
	return times[len(times)/2], nil
}

// open begins a training on a random batch.
func (n network) open(batch int) (*solvers.Run, error) {
	model, err := nn.Build(n.net, n.shape, nn.SoftmaxCrossEntropy, nn.Seed(1))
	if err != nil {
		return nil, err
	}
	solver, err := solvers.New(solvers.NAG{Momentum: 0.9}, solvers.Rate(schedules.Constant(0.01)))
	if err != nil {
		return nil, err
	}
	sampler, err := solvers.Cyclic(batch, batch)
	if err != nil {
		return nil, err
	}
	return solver.Open(&fixed{model, randomBatch(n.shape, batch)}, model.Weights(), sampler)
}

func randomBatch(shape []int, n int) batch.Batch {
	r := rand.New(rand.NewPCG(1, 1))
	size := n
	for _, d := range shape {
		size *= d
	}
	b := batch.Batch{X: make([]float32, size), Labels: make([]int, n)}
	for i := range b.X {
		b.X[i] = r.Float32()
	}
	for i := range b.Labels {
		b.Labels[i] = r.IntN(classes)
	}
	return b
}

// fixed is a model's loss on one batch as a solvers.Objective.
type fixed struct {
	model *nn.Model
	batch batch.Batch
}

func (f *fixed) Len() int { return len(f.batch.Labels) }

func (f *fixed) NewVector() *vector.Vector { return f.model.Weights().Like() }

func (f *fixed) Gradient(w, g *vector.Vector, _ batch.Batch) (float64, error) {
	return f.model.Gradient(w, g, f.batch)
}

func (f *fixed) Loss(w *vector.Vector, _ batch.Batch) (float64, error) {
	return f.model.Gradient(w, nil, f.batch)
}
