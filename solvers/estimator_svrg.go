package solvers

import (
	"github.com/fallline/fallline/batch"
	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/vector"
	"github.com/pkg/errors"
)

// SVRG is the stochastic variance-reduced gradient. It takes a snapshot w̃ of the weights with its full gradient from
// time to time, and corrects the gradient of each batch by what the snapshot tells about that batch's error:
//
//	g = ∇f_B(w) − ∇f_B(w̃) + ∇f(w̃)
//
// The estimate is unbiased, and its variance falls to zero as w and w̃ approach the minimum. With SGD and a constant
// step it converges linearly on a mean of L-smooth convex functions that is μ-strongly convex: a period of m steps
// takes f−f* in the mean by 1/(μη(1−2Lη)m) + 2Lη/(1−2Lη), for η < 1/(4L) and m long enough. StepSVRG gives 1/(10L).
//
// A snapshot is taken at the last weights of each period of m = ⌈Passes·n/b⌉ iterations with batches of b. A period
// takes n + 2bm component gradients. Random numbers repeat within a period: an example's loss is the same function at w
// and at w̃. Batch norm makes examples depend on each other, and voids the guarantees. It needs the memory of three more
// gradients.
//
// Johnson & Zhang 2013, option I; with batches, Konečný, Liu, Richtárik & Takáč 2016. With Random, their option II.
type SVRG struct {
	Passes float64 // length of a period in passes over the data, above 0; 2 is usual

	// Random takes the snapshot at a random inner point of the period: uniformly one of those after its first, ...,
	// m-th step, and the weights go on from there. The point is drawn beforehand and the period ends there, at the same
	// weights as if all m steps were taken and those after the point then thrown away. A period has (m+1)/2 steps in
	// the mean (Konečný & Richtárik 2013, S2GD with ν = 0).
	Random bool
	Seed   uint64 // of Random's draws
}

// Validate returns an error for an illegal length.
func (s SVRG) Validate() error { return checkPasses("SVRG", s.Passes) }

func checkPasses(name string, passes float64) error {
	if legal := Above(0); !legal.Has(passes) {
		return errors.Errorf("solvers: %s: passes %v outside %v", name, passes, legal)
	}
	return nil
}

// Memory is that of three gradients.
func (SVRG) Memory(obj Objective, _ int) int64 { return anchoredVectors * obj.NewVector().Bytes() }

// Open begins a run.
func (s SVRG) Open(obj Objective, sampler Sampler) (Source, error) {
	p, err := newPeriods(s.Passes, sampler)
	if err != nil {
		return nil, err
	}
	p.random, p.seed = s.Random, s.Seed
	return &svrg{newAnchored(obj, sampler), p}, nil
}

type svrg struct {
	anchored
	periods
}

func (s *svrg) Next(w, g *vector.Vector, _ schedules.Time) (Info, error) {
	b, after, full, err := s.begin(&s.periods, w)
	if err != nil {
		return Info{}, err
	}
	info, err := s.estimate(w, g, b, after)
	info.Gradients += full
	return info, err
}

// begin takes a snapshot where a period begins. It returns the iteration's batch, the batch that the objective is asked
// for after it, and the component gradients used.
func (a *anchored) begin(p *periods, w *vector.Vector) (b, after batch.Batch, gradients int64, err error) {
	b = a.sampler.Next()
	if p.left[0] == 0 {
		b.Draw = a.nextDraw()
		if gradients, err = a.snapshot(w, b); err != nil {
			return b, after, 0, err
		}
		p.left[0] = p.lengthOf(a.taken[0])
	}
	b.Draw = a.draw()
	p.left[0]--
	if p.left[0] == 0 {
		return b, a.full.first(a.nextDraw()), gradients, nil
	}
	return b, a.following(b.Draw), gradients, nil
}

// Visit shows the snapshot with its gradient, what is left of the period, and the sampler's counter.
func (s *svrg) Visit(visit func(name string, array any)) {
	visit("svrg.left", s.left[:])
	s.visit("svrg", visit)
}

// Preview of SVRG is with the snapshot in force.
func (s *svrg) Preview(w, plain, estimate *vector.Vector, b batch.Batch) (int64, error) {
	return s.preview(w, plain, estimate, b)
}

// Wholes says that all iterations see the sampler's batch.
func (SVRG) Wholes(Objective, Sampler) (func(int64) bool, bool) { return nil, true }
