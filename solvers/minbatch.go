package solvers

import "github.com/pkg/errors"

// MinBatcher is an optional interface of Objective: it takes no batch of fewer than MinBatch examples, as that of a
// model with batch norm, in which one example alone has no variance.
//
// Solver.Open has samplers that are Joiners see to it, and blocks of tables, pieces of Accumulate and passes over all
// examples are cut by it. What can't be had is an error there.
type MinBatcher interface {
	// MinBatch is at least 1.
	MinBatch() int
}

// alone says why some batches are too small.
const alone = "one example alone has no answer, as under batch norm"

// minBatch is how many examples an objective wants in a batch.
func minBatch(obj Objective) int {
	if m, ok := obj.(MinBatcher); ok {
		return max(1, m.MinBatch())
	}
	return 1
}

// Joiner is an optional interface of Sampler: it can see to it that no batch is too small, as those of this package do.
type Joiner interface {
	// Join has what is left of an epoch join the batch before it where it is fewer than least examples, from the next
	// batch on.
	Join(least int)
}

// checkLeast has a sampler draw no batch that is too small for an objective.
func checkLeast(obj Objective, sampler Sampler) error {
	least := minBatch(obj)
	if least == 1 {
		return nil
	}
	if n := obj.Len(); n < least {
		return errors.Errorf("solvers: objective of %d examples, which takes batches of at least %d: %s", n, least, alone)
	}
	if b := sampler.Batch(); b < least {
		return errors.Errorf("solvers: batches of %d, want %d to %d: %s", b, least, obj.Len(), alone)
	}
	if j, ok := sampler.(Joiner); ok {
		j.Join(least)
	}
	return nil
}

// joined is where a batch of n examples that ends at end is to end, so that what is left of them isn't too little.
func joined(end, n, least int) int {
	if n-end < least {
		return n
	}
	return end
}
