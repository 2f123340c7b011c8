package solvers

import (
	"github.com/fallline/fallline/batch"
	"github.com/fallline/fallline/vector"
)

// recursive is what the estimators share that correct their last estimate by how much a batch's gradient has changed
// since: they evaluate each batch at w and at the weights before the last step. Those are copied each iteration,
// because a rule moves the weights in place.
type recursive struct {
	feeder
	last  *vector.Vector // the weights before the last step
	v     *vector.Vector // the last estimate
	other *vector.Vector // ∇f_B at last
}

// recursiveVectors is how many vectors it keeps.
const recursiveVectors = 3

func newRecursive(obj Objective, sampler Sampler) recursive {
	return recursive{newFeeder(obj, sampler), obj.NewVector(), obj.NewVector(), obj.NewVector()}
}

// pair writes ∇f_B(w) into g and ∇f_B(last) into other, and returns the loss at w. after is the batch that the
// objective is asked for next.
func (r *recursive) pair(w, g *vector.Vector, b, after batch.Batch) (info Info, err error) {
	r.announce(b)
	b.MoveStats = true
	if info.Loss, err = r.obj.Gradient(w, g, b); err != nil {
		return info, err
	}
	r.announce(after)
	b.MoveStats = false
	if _, err = r.obj.Gradient(r.last, r.other, b); err != nil {
		return info, err
	}
	info.Examples = len(b.Index)
	info.Gradients = 2 * int64(len(b.Index))
	return info, nil
}

// keep notes the estimate and where it was made.
func (r *recursive) keep(w, g *vector.Vector) {
	r.v.Copy(g)
	r.last.Copy(w)
}

// visit shows the last estimate and where it was made, and the sampler's counter.
func (r *recursive) visit(prefix string, visit func(name string, array any)) {
	VisitVector(prefix+".last", r.last, visit)
	VisitVector(prefix+".estimate", r.v, visit)
	r.sampler.Visit(visit)
}

// restarting is recursive with a full gradient from time to time. Draw is the number of full gradients, so that an
// example's loss is the same function from one to the next.
type restarting struct {
	recursive
	full  pass
	taken [1]int64 // full gradients taken
}

func newRestarting(obj Objective, sampler Sampler) restarting {
	r := newRecursive(obj, sampler)
	return restarting{recursive: r, full: newPass(obj, sampler, r.other)}
}

// nextDraw is that of the full gradient to be taken next.
func (r *restarting) nextDraw() uint64 { return uint64(r.taken[0]) }

// restart makes the full gradient the estimate. full says whether another comes after it.
func (r *restarting) restart(w, g *vector.Vector, full bool) (info Info, err error) {
	b := r.full.batch(r.nextDraw())
	b.MoveStats = true
	after := r.sampler.Peek()
	after.Draw = b.Draw
	if full {
		after = r.full.first(b.Draw + 1)
	}
	if info.Loss, err = r.full.gradient(w, g, b, after); err != nil {
		return info, err
	}
	r.taken[0]++
	r.keep(w, g)
	info.Examples = len(b.Index)
	info.Gradients = int64(len(b.Index))
	return info, nil
}

// correct makes v + ∇f_B(w) − ∇f_B(last) the estimate. full says whether a full gradient comes after it.
func (r *restarting) correct(w, g *vector.Vector, full bool) (Info, error) {
	b := r.sampler.Next()
	b.Draw = r.nextDraw() - 1
	after := r.sampler.Peek()
	after.Draw = b.Draw
	if full {
		after = r.full.first(r.nextDraw())
	}
	info, err := r.pair(w, g, b, after)
	if err != nil {
		return info, err
	}
	g.Axpy(-1, r.other)
	g.Axpy(1, r.v)
	r.keep(w, g)
	return info, nil
}

func (r *restarting) visit(prefix string, visit func(name string, array any)) {
	visit(prefix+".taken", r.taken[:])
	r.recursive.visit(prefix, visit)
}

// Preview of SARAH and PAGE is with a batch.
func (r *restarting) Preview(w, plain, estimate *vector.Vector, b batch.Batch) (int64, error) {
	b.Draw = r.nextDraw() - 1
	if _, err := r.obj.Gradient(w, plain, b); err != nil {
		return 0, err
	}
	if _, err := r.obj.Gradient(r.last, r.other, b); err != nil {
		return 0, err
	}
	estimate.Copy(plain)
	estimate.Axpy(-1, r.other)
	estimate.Axpy(1, r.v)
	return 2 * int64(len(b.Index)), nil
}
