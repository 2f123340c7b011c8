package solvers

import "github.com/fallline/fallline/batch"

// Wrapped is an Objective that is wrapped by another one, which embeds it: it answers for the optional interfaces of
// the one inside. A method of the outer one takes the place of Wrapped's.
type Wrapped struct{ Objective }

// Prefetch has the objective read a batch ahead where it does.
func (o Wrapped) Prefetch(b batch.Batch) {
	if ahead, ok := o.Objective.(Prefetcher); ok {
		ahead.Prefetch(b)
	}
}

// MinBatch is the objective's: 1 of one that isn't a MinBatcher.
func (o Wrapped) MinBatch() int { return minBatch(o.Objective) }

// Random says whether the objective's examples change with the draw.
func (o Wrapped) Random() bool {
	r, ok := o.Objective.(Random)
	return ok && r.Random()
}

// Linear is the objective as a linear one where it is.
func (o Wrapped) Linear() (LinearObjective, bool) { return asLinear(o.Objective) }
