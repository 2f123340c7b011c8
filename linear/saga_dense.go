package linear

import (
	"slices"

	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/gemm"
	"github.com/fallline/fallline/internal/kernel/norm"
	"github.com/fallline/fallline/internal/kernel/pointwise"
	"github.com/fallline/fallline/internal/kernel/threads"
	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/solvers"
	"github.com/fallline/fallline/vector"
	"github.com/pkg/errors"
)

// denseSAGA is SAGA with batches of dense rows. Each row comes from memory once: its outputs and its part in the
// gradient follow on each other while it is in cache, and the halves of a large batch go side by side.
type denseSAGA[T kernel.Float] struct {
	*solvers.ResidualTable
	model  *model[T]
	index  []int32
	weight []T
	bias   []T
	halves []denseHalf[T]
}

// halvedBatch is from how many examples on the halves of a batch are worth a thread each; a smaller batch is one piece.
const halvedBatch = 32

// denseHalf is what is known of one half of a batch, or of all of it.
type denseHalf[T kernel.Float] struct {
	part[T]
	change []T // Σ δ x, d×k, and k of the intercept
}

func newDenseSAGA[T kernel.Float](o *model[T], t *solvers.ResidualTable) *denseSAGA[T] {
	s := &denseSAGA[T]{ResidualTable: t, model: o, halves: make([]denseHalf[T], 1)}
	if t.Sampler.Batch() >= halvedBatch {
		s.halves = make([]denseHalf[T], 2)
	}
	for i := range s.halves {
		s.halves[i].change = make([]T, (o.d+1)*o.k)
	}
	return s
}

// Takes says whether the steps are plain ones with or without L2.
func (s *denseSAGA[T]) Takes(terms *solvers.Terms) (bool, error) {
	takes := terms.Plain()
	for _, t := range terms.Range {
		takes = takes && t.Prox == nil
	}
	return takes, nil
}

// Advance does all steps.
func (s *denseSAGA[T]) Advance(w *vector.Vector, terms *solvers.Terms, t schedules.Time, steps int) (info solvers.Info, err error) {
	if info.Gradients, err = s.Fill(w); err != nil {
		return info, err
	}
	s.weight, s.bias = split[T](w)
	for ; info.Steps < steps; info.Steps++ {
		s.index = s.Sampler.Next().Index
		threads.Parallel(len(s.halves), s)
		loss := s.halves[0].loss
		if len(s.halves) > 1 {
			loss += s.halves[1].loss
			pointwise.Axpy(1, s.halves[1].change, s.halves[0].change)
		}
		if loss-loss != 0 {
			return info, errors.WithStack(&solvers.Diverged{Quantity: solvers.Loss, Value: loss, Iteration: t.Step + int64(info.Steps)})
		}
		s.enter()
		s.move(terms)
		b := len(s.index)
		info.Add(solvers.Info{Loss: loss / float64(b), Examples: b, Gradients: int64(b)})
	}
	return info, nil
}

// rows are those of half i of the batch.
func (s *denseSAGA[T]) rows(i int) (lo, hi int) {
	n := len(s.index)
	return n * i / len(s.halves), n * (i + 1) / len(s.halves)
}

// Run computes the losses of a half, its residuals, which it leaves in the place of the outputs, and what they change.
func (s *denseSAGA[T]) Run(i int) {
	o, h := s.model, &s.halves[i]
	lo, hi := s.rows(i)
	index := s.index[lo:hi]
	h.loss = 0
	if len(index) == 0 {
		clear(h.change)
		return
	}
	h.z = slices.Grow(h.z[:0], 2*len(index)*o.k)[:2*len(index)*o.k]
	z, delta := h.z[:len(index)*o.k], h.z[len(index)*o.k:]
	x := o.take(&h.part, index)
	o.outputs(index, x, s.weight, s.bias, z)
	h.z = z
	h.loss = o.toResiduals(&h.part, index, true)
	for r, e := range index {
		for c, old := range s.Residuals[int(e)*o.k : (int(e)+1)*o.k] {
			delta[r*o.k+c] = T(float64(z[r*o.k+c]) - old)
		}
	}
	change := h.change[:o.d*o.k]
	gemm.Gemm(true, false, o.d, o.k, len(index), 1, x, o.d, delta, o.k, 0, change, o.k)
	if o.intercept {
		norm.ColSum(len(index), o.k, delta, h.change[o.d*o.k:])
	}
}

// enter writes the residuals into the table.
func (s *denseSAGA[T]) enter() {
	k := s.model.k
	for i := range s.halves {
		lo, hi := s.rows(i)
		for r, e := range s.index[lo:hi] {
			for c, v := range s.halves[i].z[r*k : (r+1)*k] {
				s.Residuals[int(e)*k+c] = float64(v)
			}
		}
	}
}

// move takes the step.
func (s *denseSAGA[T]) move(terms *solvers.Terms) {
	size := s.model.d * s.model.k
	weight, bias := split[T](s.Mean)
	change := s.halves[0].change
	s.moveRange(terms.Range[0], s.weight, weight, change[:size])
	if s.model.intercept {
		s.moveRange(terms.Range[1], s.bias, bias, change[size:])
	}
}

// moveRange takes the step of one range, with c = Σ δ x over the batch:
//
//	w ← (1 − ηλ) w − η (ḡ + c/|B|);  ḡ ← ḡ + c/n
func (s *denseSAGA[T]) moveRange(t solvers.Term, w, mean, c []T) {
	if t.L2+t.Decay != 0 {
		pointwise.Scale(T(1-t.Rate*(t.L2+t.Decay)), w)
	}
	pointwise.Axpy(T(-t.Rate), mean, w)
	pointwise.Axpy(T(-t.Rate/float64(len(s.index))), c, w)
	pointwise.Axpy(T(1/float64(s.model.examples())), c, mean)
}
