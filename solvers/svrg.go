package solvers

import (
	"math"

	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/vector"
	"github.com/pkg/errors"
)

// SVRG is the stochastic variance-reduced gradient. It takes a snapshot w̃ of the weights with its full gradient from time to
// time, and corrects the gradient of each batch by what the snapshot tells about that batch's error:
//
//	g = ∇f_B(w) − ∇f_B(w̃) + ∇f(w̃)
//
// The estimate is unbiased, and its variance falls to zero as w and w̃ approach the minimum. On an L-smooth function with
// μ-strong convexity SGD with a constant step converges linearly with it, for η < 1/(4L) and long enough periods.
//
// A snapshot is taken at the last weights of each period of m = ⌈Passes·n/b⌉ iterations with batches of b. A period takes n + 2bm
// component gradients. Random numbers repeat within a period: an example's loss is the same function at w and at w̃. Batch norm
// makes examples depend on each other, and voids the guarantees. It needs the memory of three more gradients.
//
// Johnson & Zhang 2013, option I; with batches, Konečný, Liu, Richtárik & Takáč 2016.
type SVRG struct {
	Passes float64 // length of a period in passes over the data, above 0; 2 is usual
}

// Validate returns an error for an illegal length.
func (s SVRG) Validate() error {
	if legal := Above(0); !legal.Has(s.Passes) {
		return errors.Errorf("solvers: SVRG: passes %v outside %v", s.Passes, legal)
	}
	return nil
}

// Memory is that of three gradients.
func (SVRG) Memory(obj Objective) int64 { return 3 * obj.NewVector().Bytes() }

// Open begins a run.
func (s SVRG) Open(obj Objective, sampler Sampler) (Source, error) {
	length := math.Ceil(s.Passes * float64(sampler.Len()) / float64(sampler.Batch()))
	if length > math.MaxInt64/2 {
		return nil, errors.Errorf("a period of %v iterations", length)
	}
	other := obj.NewVector()
	ahead, _ := obj.(Prefetcher)
	return &svrg{
		obj: obj, sampler: sampler, ahead: ahead,
		length: int64(max(length, 1)),
		full:   newPass(obj, sampler, other),
		anchor: obj.NewVector(), mean: obj.NewVector(), other: other,
	}, nil
}

type svrg struct {
	obj     Objective
	sampler Sampler
	ahead   Prefetcher
	length  int64 // iterations in a period
	full    pass
	anchor  *vector.Vector // w̃
	mean    *vector.Vector // ∇f(w̃)
	other   *vector.Vector // ∇f_B(w̃)
	done    [1]int64       // iterations done
}

func (s *svrg) Next(w, g *vector.Vector, _ schedules.Time) (info Info, err error) {
	draw := s.draw(s.done[0])
	b := s.sampler.Next()
	b.Draw = draw
	if s.snapshotAt(s.done[0]) {
		s.anchor.Copy(w)
		if _, err = s.full.gradient(s.anchor, s.mean, s.full.batch(draw), b); err != nil {
			return info, err
		}
		info.Gradients = int64(len(s.full.all))
	}
	s.announce(b)
	b.MoveStats = true
	if info.Loss, err = s.obj.Gradient(w, g, b); err != nil {
		return info, err
	}
	s.announce(s.coming())
	b.MoveStats = false
	if _, err = s.obj.Gradient(s.anchor, s.other, b); err != nil {
		return info, err
	}
	g.Axpy(-1, s.other)
	g.Axpy(1, s.mean)
	s.done[0]++
	info.Examples = len(b.Index)
	info.Gradients += 2 * int64(len(b.Index))
	return info, nil
}

// snapshotAt says whether an iteration begins a period.
func (s *svrg) snapshotAt(iteration int64) bool { return iteration%s.length == 0 }

// draw is that of an iteration's period.
func (s *svrg) draw(iteration int64) uint64 { return uint64(iteration / s.length) }

// coming is what the next iteration asks the objective for first.
func (s *svrg) coming() Batch {
	iteration := s.done[0] + 1
	if s.snapshotAt(iteration) {
		return s.full.first(s.draw(iteration))
	}
	b := s.sampler.Peek()
	b.Draw = s.draw(iteration)
	return b
}

func (s *svrg) announce(b Batch) {
	if s.ahead != nil {
		s.ahead.Prefetch(b)
	}
}

// Visit shows the iterations done, the snapshot and its gradient, and the sampler's counter.
func (s *svrg) Visit(visit func(name string, array any)) {
	visit("svrg.done", s.done[:])
	VisitVector("svrg.anchor", s.anchor, visit)
	VisitVector("svrg.mean", s.mean, visit)
	s.sampler.Visit(visit)
}
