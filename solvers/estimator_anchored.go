package solvers

import (
	"github.com/fallline/fallline/batch"
	"github.com/fallline/fallline/vector"
)

// anchored is what the estimators with a snapshot w̃ share: they evaluate each batch at w and at w̃, and the full
// gradient at w̃ once in a while. Draw is the number of the snapshot in force, so that an example's loss is the same
// function at both points.
type anchored struct {
	feeder
	full   pass
	anchor *vector.Vector // w̃
	mean   *vector.Vector // ∇f(w̃)
	other  *vector.Vector // ∇f_B(w̃)
	taken  [1]int64       // snapshots taken
}

// anchoredVectors is how many vectors it keeps.
const anchoredVectors = 3

func newAnchored(obj Objective, sampler Sampler) anchored {
	other := obj.NewVector()
	return anchored{
		feeder: newFeeder(obj, sampler),
		full:   newPass(obj, sampler, other),
		anchor: obj.NewVector(), mean: obj.NewVector(), other: other,
	}
}

// draw is that of the snapshot in force.
func (a *anchored) draw() uint64 { return uint64(a.taken[0] - 1) }

// nextDraw is that of the snapshot to be taken next.
func (a *anchored) nextDraw() uint64 { return uint64(a.taken[0]) }

// snapshot takes one at w and returns the component gradients used. after is the batch that the objective is asked for
// next.
func (a *anchored) snapshot(w *vector.Vector, after batch.Batch) (int64, error) {
	a.anchor.Copy(w)
	if _, err := a.full.gradient(a.anchor, a.mean, a.full.batch(a.nextDraw()), after); err != nil {
		return 0, err
	}
	a.taken[0]++
	return int64(len(a.full.all)), nil
}

// pair writes ∇f_B(w) into g and ∇f_B(w̃) into other, and returns the loss at w. after is the batch that the objective
// is asked for next.
func (a *anchored) pair(w, g *vector.Vector, b, after batch.Batch) (loss float64, err error) {
	a.announce(b)
	b.MoveStats = true
	if loss, err = a.obj.Gradient(w, g, b); err != nil {
		return 0, err
	}
	a.announce(after)
	b.MoveStats = false
	_, err = a.obj.Gradient(a.anchor, a.other, b)
	return loss, err
}

// estimate is pair, then g ← ∇f_B(w) − ∇f_B(w̃) + ∇f(w̃), with what an iteration used.
func (a *anchored) estimate(w, g *vector.Vector, b, after batch.Batch) (Info, error) {
	loss, err := a.pair(w, g, b, after)
	if err != nil {
		return Info{}, err
	}
	g.Axpy(-1, a.other)
	g.Axpy(1, a.mean)
	return Info{Loss: loss, Examples: len(b.Index), Gradients: 2 * int64(len(b.Index))}, nil
}

// following is the batch after this one, with a draw.
func (a *anchored) following(draw uint64) batch.Batch {
	b := a.sampler.Peek()
	b.Draw = draw
	return b
}

// visit shows the snapshot under a prefix, and the sampler's counter.
func (a *anchored) visit(prefix string, visit func(name string, array any)) {
	visit(prefix+".taken", a.taken[:])
	VisitVector(prefix+".anchor", a.anchor, visit)
	VisitVector(prefix+".mean", a.mean, visit)
	a.sampler.Visit(visit)
}

// preview is with the snapshot in force.
func (a *anchored) preview(w, plain, estimate *vector.Vector, b batch.Batch) (int64, error) {
	b.Draw = a.draw()
	if _, err := a.obj.Gradient(w, plain, b); err != nil {
		return 0, err
	}
	if _, err := a.obj.Gradient(a.anchor, a.other, b); err != nil {
		return 0, err
	}
	estimate.Copy(plain)
	estimate.Axpy(-1, a.other)
	estimate.Axpy(1, a.mean)
	return 2 * int64(len(b.Index)), nil
}
