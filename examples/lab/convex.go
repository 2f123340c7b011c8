package main

import (
	"math"

	"github.com/fallline/fallline/datasets"
	"github.com/fallline/fallline/linear"
	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/solvers"
	"github.com/fallline/fallline/vector"
	"github.com/pkg/errors"
)

// contender is a method with the step that theory gives for it.
type contender struct {
	name  string
	from  solvers.Estimator
	rate  schedules.Schedule
	batch int // 0: all examples
}

// convex is a regularised linear problem with its lowest loss.
type convex struct {
	f      *linear.Objective
	lambda float64
	lowest float64
}

// gap is how far weights are above the lowest loss.
func (c convex) gap(run *solvers.Run) (float64, error) {
	w := run.Weights()
	loss, err := c.f.Loss(w, everything(c.f.Len()))
	return loss + c.lambda/2*w.Dot(w) - c.lowest, err
}

// openTwoClasses reads the file of -data.
func openTwoClasses(path string) (*datasets.Sparse, error) {
	file, err := datasets.OpenLIBSVM(path)
	if err == nil && file.Classes() != 2 {
		err = errors.Errorf("-data %s: labels of %d classes, want 2", path, file.Classes())
	}
	return file, err
}

// evenOrOdd is the problem on digits, or on the file of -data.
func (l *lab) evenOrOdd(n int, lambda float64, seed uint64) (c convex, err error) {
	c.lambda = lambda
	m := linear.Model{Loss: linear.Logistic, Type: vector.Float64}
	if l.data != "" {
		file, err := openTwoClasses(l.data)
		if err != nil {
			return c, err
		}
		m.Rows = linear.CSR(file.X)
		for i := range file.X.Rows {
			m.Labels = append(m.Labels, float64(2*file.Class(i)-1))
		}
	} else {
		rows, labels, err := l.pixels(n, seed)
		if err != nil {
			return c, err
		}
		m.Rows = linear.Dense{Rows: n, Cols: len(rows) / n, F64: centred(rows, n)}
		for _, class := range labels {
			m.Labels = append(m.Labels, 2*math.Mod(class, 2)-1)
		}
	}
	c.f, err = linear.New(m)
	return c, err
}

// centred takes the mean row off n rows, in place, which would else dominate the curvature.
func centred(rows []float64, n int) []float64 {
	d := len(rows) / n
	middle := make([]float64, d)
	for i, v := range rows {
		middle[i%d] += v / float64(n)
	}
	for i := range rows {
		rows[i] -= middle[i%d]
	}
	return rows
}

// contenders are the methods, SAGA first.
func contenders(c convex, batch int, seed uint64) ([]contender, error) {
	largest, mean := c.f.Smoothness()
	whole, err := c.f.FullSmoothness(50)
	if err != nil {
		return nil, err
	}
	n := c.f.Len()
	k := solvers.Constants{Full: min(whole, mean) + c.lambda, Max: largest + c.lambda, Mu: c.lambda, N: n}
	l := k.Batch(batch)
	return []contender{
		{"SAGA", solvers.SAGA{Seed: seed}, schedules.Constant(solvers.StepSAGA(l, c.lambda, (n+batch-1)/batch)), batch},
		{"SVRG", solvers.SVRG{Passes: 2}, schedules.Constant(solvers.StepSVRG(l)), batch},
		{"SGD, constant rate", solvers.MiniBatch{}, schedules.Constant(1 / (2 * l)), batch},
		{"SGD, rate falling as 1/t", solvers.MiniBatch{}, schedules.InverseTime(1/(2*l), max(1, int(2*l/c.lambda))), batch},
		{"gradient descent", solvers.FullBatch{}, schedules.Constant(1 / k.Full), 0},
	}, nil
}

// open begins a method on the problem.
func (c convex) open(m contender, seed uint64) (*solvers.Run, error) {
	return descent{of: c.f, batch: m.batch, seed: seed, sample: solvers.Reshuffled, rate: m.rate, options: []solvers.Option{solvers.From(m.from), solvers.L2(c.lambda)}}.open()
}

// lowestLoss is the loss where SAGA no longer moves.
func lowestLoss(l *lab, c convex, saga contender, seed uint64) (float64, error) {
	run, err := c.open(saga, seed+1)
	if err != nil {
		return 0, err
	}
	pass := (c.f.Len() + saga.batch - 1) / saga.batch
	for k := range pick(l, 600, 400, 300) {
		if err := l.say("seed %d, search for the lowest loss, pass %d", seed, k); err != nil {
			return 0, err
		}
		if _, err := run.Advance(pass); err != nil {
			return 0, err
		}
	}
	return c.gap(run)
}
