package solvers

import (
	"github.com/fallline/fallline/batch"
	"github.com/fallline/fallline/vector"
)

// passLen is how many examples a pass over all of them takes at a time, at least: a large batch costs less for an
// example, and what it takes in memory for activations is bounded.
const passLen = 512

// pass evaluates the gradient over all examples of an objective.
type pass struct {
	obj *pieces
	all []int32
}

// newPass makes a pass in pieces of passLen examples, or of a batch of the sampler where that is more. scratch holds
// the gradient of a piece.
func newPass(obj Objective, sampler Sampler, scratch *vector.Vector) pass {
	limit := max(passLen, sampler.Batch())
	full := pass{obj: newPieces(obj, limit), all: newOrder(obj.Len()).index}
	full.obj.part = scratch
	return full
}

// batch is all examples.
func (p *pass) batch(draw uint64) batch.Batch { return batch.Batch{Index: p.all, Draw: draw} }

// first is the batch that a pass begins with.
func (p *pass) first(draw uint64) batch.Batch {
	return p.obj.piece(p.batch(draw), 0)
}

// gradient writes the gradient over b, all examples, at w into g and returns the loss. after is the batch that the
// objective is asked for next.
func (p *pass) gradient(w, g *vector.Vector, b, after batch.Batch) (float64, error) {
	p.obj.Prefetch(after)
	return p.obj.Gradient(w, g, b)
}
