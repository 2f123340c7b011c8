package solvers

import "github.com/fallline/fallline/vector"

// passLen is how many examples a pass over all of them takes at a time, at least: a large batch costs less for an example, and
// what it takes in memory for activations is bounded.
const passLen = 512

// pass evaluates the gradient over all examples of an objective.
type pass struct {
	obj *pieces
	all []int32
}

// newPass makes a pass in pieces of passLen examples, or of a batch of the sampler where that is more. scratch holds the gradient of
// a piece.
func newPass(obj Objective, sampler Sampler, scratch *vector.Vector) pass {
	p := &pieces{Objective: obj, limit: max(passLen, sampler.Batch()), part: scratch}
	if ahead, ok := obj.(Prefetcher); ok {
		p.begin = func(b Batch, i int) {
			if i+p.limit < len(b.Index) {
				ahead.Prefetch(p.piece(b, i+p.limit))
			}
		}
	}
	return pass{p, newOrder(obj.Len()).index}
}

// gradient writes the full gradient at w into g and returns the loss. It moves no running statistics.
func (p *pass) gradient(w, g *vector.Vector, draw uint64) (float64, error) {
	return p.obj.Gradient(w, g, Batch{Index: p.all, Draw: draw})
}
