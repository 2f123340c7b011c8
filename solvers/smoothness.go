package solvers

import (
	"math"
	"math/rand/v2"

	"github.com/fallline/fallline/batch"
	"github.com/fallline/fallline/vector"
	"github.com/pkg/errors"
)

// Probe says how Smoothness looks for an objective's constants.
type Probe struct {
	Iterations int // products with a Hessian for each of them, at least 1; 20 is plenty for most
	// how many examples the greatest curvature of an fᵢ is looked for among, from 1; more than n means all
	Examples int
	Seed     uint64 // of the choice of examples and of the first direction
	Draw     uint64 // of augmentation and dropout
}

// Smoothness estimates the constants of an objective at the weights w, as the greatest absolute eigenvalue of a
// Hessian: Full from the Hessian of f, and Max as the greatest among some examples'. It finds them by power iteration,
// and takes a product with a Hessian as a central difference of gradients,
//
//	H v ≈ (∇f(w + h v) − ∇f(w − h v)) / 2h,  h = ∛ε max(1, ‖w‖) for ‖v‖ = 1 and the element type's ε
//
// Both come from below, and hold near w alone: for the logistic and the softmax loss w = 0 is the worst place, for a
// deep net every place is its own. Mu is left 0. gradients is how many component gradients it took: at most
// 2·Iterations·(n + Examples).
//
// w is as it was when Smoothness returns.
func Smoothness(obj Objective, w *vector.Vector, p Probe) (c Constants, gradients int64, err error) {
	switch {
	case obj == nil || w == nil:
		return c, 0, errors.New("solvers: smoothness of an objective or at weights that are nil")
	case p.Iterations < 1 || p.Examples < 1:
		return c, 0, errors.Errorf("solvers: smoothness from %d iterations and %d examples, want at least 1 of each", p.Iterations, p.Examples)
	case obj.Len() < 1:
		return c, 0, errors.Errorf("solvers: objective of %d examples, want at least 1", obj.Len())
	}
	h := &hessian{obj: obj, w: w, at: obj.NewVector(), v: obj.NewVector(), up: obj.NewVector(), down: obj.NewVector(), probe: p}
	if err := h.v.Check(w); err != nil {
		return c, 0, errors.Wrap(err, "solvers: weights do not fit the objective")
	}
	c.N = obj.Len()
	if least := minBatch(obj); least > 1 {
		return c, 0, errors.Errorf("solvers: smoothness of single examples of an objective that takes batches of at least %d: under batch norm they have none", least)
	}
	whole := newPieces(obj, passLen)
	if c.Full, err = h.largest(whole.Gradient, everyExample(c.N)); err != nil {
		return c, h.gradients, errors.Wrap(err, "solvers: smoothness")
	}
	for _, i := range choose(c.N, p.Examples, p.Seed) {
		l, err := h.largest(obj.Gradient, []int32{i})
		if err != nil {
			return c, h.gradients, errors.Wrapf(err, "solvers: smoothness of example %d", i)
		}
		c.Max = max(c.Max, l)
	}
	c.Max = max(c.Max, c.Full)
	return c, h.gradients, nil
}

func everyExample(n int) []int32 { return newOrder(n).index }

// choose returns some of n examples, all different.
func choose(n, some int, seed uint64) []int32 {
	index := everyExample(n)
	var pcg rand.PCG
	stream(&pcg, seed, 0)
	for i := range min(some, n) {
		j := i + int(below(&pcg, uint64(n-i)))
		index[i], index[j] = index[j], index[i]
	}
	return index[:min(some, n)]
}

// hessian multiplies by Hessians at w.
type hessian struct {
	obj       Objective
	probe     Probe
	w, v      *vector.Vector
	at        *vector.Vector // w ± h v
	up, down  *vector.Vector // the gradients there
	gradients int64
}

// smoothEnough is the relative change at which power iteration ends.
const smoothEnough = 1e-4

// largest is the greatest absolute eigenvalue of the Hessian over some examples.
func (h *hessian) largest(gradient func(w, g *vector.Vector, b batch.Batch) (float64, error), index []int32) (float64, error) {
	b := batch.Batch{Index: index, Draw: h.probe.Draw}
	h.start()
	last := 0.0
	for range h.probe.Iterations {
		step := h.step()
		for _, side := range []struct {
			sign float64
			g    *vector.Vector
		}{{1, h.up}, {-1, h.down}} {
			h.at.Copy(h.w)
			h.at.Axpy(side.sign*step, h.v)
			if _, err := gradient(h.at, side.g, b); err != nil {
				return 0, err
			}
			h.gradients += int64(len(index))
		}
		h.up.Axpy(-1, h.down)
		h.up.Scale(1 / (2 * step))
		now := h.up.Norm()
		if math.IsNaN(now) || math.IsInf(now, 0) {
			return 0, errors.Errorf("a curvature of %v", now)
		}
		if now == 0 || math.Abs(now-last) <= smoothEnough*now {
			return now, nil
		}
		last = now
		h.v.Copy(h.up)
		h.v.Scale(1 / now)
	}
	return last, nil
}

// step is how far from w the gradients are taken.
func (h *hessian) step() float64 {
	return math.Cbrt(h.w.Type().Epsilon()) * max(1, h.w.Norm())
}

// start sets v to a random direction of norm 1.
func (h *hessian) start() {
	var pcg rand.PCG
	stream(&pcg, h.probe.Seed, 1)
	for _, r := range h.v.Ranges {
		for i := r.Lo; i < r.Hi; i++ {
			h.v.Set(i, float64(int64(pcg.Uint64()))/(1<<63))
		}
	}
	h.v.Scale(1 / h.v.Norm())
}
