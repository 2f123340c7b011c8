package solvers

import "github.com/pkg/errors"

// SAGA keeps the last gradient of every part of the data in a table, and corrects the gradient of each batch by what
// the table tells about that batch's error:
//
//	g = ∇f_B(w) − t_B + mean(t), then t_B ← ∇f_B(w)
//
// The estimate is unbiased, and its variance falls to zero. With SGD and a constant step η = 1/(3L), or 1/(2(μn+L)), it
// converges linearly on a mean of n L-smooth convex functions that is μ-strongly convex: ‖w−w*‖² falls by min(1/(4n),
// μ/(3L)), or μ/(2(μn+L)), an iteration, in the mean. StepSAGA gives either. With a proximal operator it keeps these
// rates.
//
// On any objective the table holds a gradient for each block of a fixed partition of the data in ⌈n/b⌉ blocks: n and L
// are then the number of blocks and their smoothness. It takes as many vectors as there are blocks. On a
// LinearObjective it holds the n×k residuals of the examples, and batches are drawn as by any estimator. An iteration
// takes b component gradients. Memory says what that comes to, and a run that is over its limit isn't opened.
//
// Defazio, Bach & Lacoste-Julien 2014, equation 1 and section 3; with batches, Gazagnadou, Gower & Salmon 2019.
type SAGA struct {
	Fill bool // fills the table at the first weights, in a pass of n component gradients; else it begins with zeros
	// data with random numbers, as of augmentation and dropout: keep each example's first ones for the whole run
	Lock bool
	Seed uint64 // of the partition into blocks
}

// Memory is that of the table, the table's mean, and working space.
func (SAGA) Memory(obj Objective, batch int) int64 { return tableMemory(obj, batch) }

// Open begins a run. Data that is drawn anew each time is an error unless Lock is set: the table would be of other
// functions.
func (s SAGA) Open(obj Objective, sampler Sampler) (Source, error) {
	return openTable(obj, sampler, tableSettings{fill: s.Fill, lock: s.Lock, seed: s.Seed})
}

// tableSettings are what SAGA and SAG are told.
type tableSettings struct {
	fill, lock bool
	seed       uint64
	average    bool // the estimate is the table's mean, as in SAG
}

// openTable chooses the table that suits an objective.
func openTable(obj Objective, sampler Sampler, s tableSettings) (Source, error) {
	if r, ok := obj.(Random); ok && r.Random() && !s.lock {
		return nil, errors.New("a table of gradients doesn't go with examples that are drawn anew each time, as by augmentation or dropout: set Lock to keep their first draw")
	}
	if linear, ok := asLinear(obj); ok {
		t := newResidualTable(linear, sampler, s)
		if o, ok := linear.(SAGAStepper); ok && !s.average {
			return o.SAGA(t), nil
		}
		return t, nil
	}
	return newBlockTable(obj, sampler, s), nil
}

func tableMemory(obj Objective, batch int) int64 {
	if linear, ok := asLinear(obj); ok {
		return residualTableMemory(linear, batch)
	}
	return blockTableMemory(obj, batch)
}

// Wholes says that all iterations see the sampler's batch, where the table's blocks are of its size.
func (SAGA) Wholes(o Objective, s Sampler) (func(int64) bool, bool) { return nil, tablePlanned(o, s) }

// tablePlanned says whether the iterations of a table all see the sampler's batch, or as many examples: its blocks are
// of one size.
func tablePlanned(o Objective, s Sampler) bool {
	if _, ok := asLinear(o); ok {
		return true
	}
	return o.Len()%s.Batch() == 0
}
