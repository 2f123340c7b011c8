package solvers

import (
	"github.com/fallline/fallline/batch"
	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/vector"
	"github.com/pkg/errors"
)

// LSVRG is SVRG without its outer loop: a coin decides after each iteration whether to take a new snapshot.
//
//	g = ∇f_B(w) − ∇f_B(w̃) + ∇f(w̃)
//	w̃ ← w with probability p: the w at which g was taken, before the step
//
// The estimate is unbiased. With SGD, a constant step η ≤ 1/(6L) and p = 1/n it takes O((n + L/μ) log 1/ε) component
// gradients to the distance ε on a mean of L-smooth convex functions that is μ-strongly convex, and μ needn't be known.
// StepLSVRG gives 1/(6L).
//
// An iteration takes 2b component gradients, and n more where a snapshot is taken: 3b in the mean for p = b/n.
// Random numbers repeat from snapshot to snapshot. Memory: four more gradients.
//
// Kovalev, Horváth & Richtárik 2020, algorithm 1; the first from Hofmann, Lucchi, Lacoste-Julien & McWilliams 2015.
type LSVRG struct {
	P    float64 // probability of a snapshot, in (0, 1]; 0 stands for b/n with batches of b
	Seed uint64  // of the coin
}

// Validate returns an error for an illegal probability.
func (s LSVRG) Validate() error { return checkProbability("LSVRG", s.P) }

func checkProbability(name string, p float64) error {
	if legal := Closed(0, 1); !legal.Has(p) {
		return errors.Errorf("solvers: %s: probability %v outside %v", name, p, legal)
	}
	return nil
}

// Memory is that of four gradients.
func (LSVRG) Memory(obj Objective, _ int) int64 {
	return (anchoredVectors + 1) * obj.NewVector().Bytes()
}

// Open begins a run.
func (s LSVRG) Open(obj Objective, sampler Sampler) (Source, error) {
	if s.P == 0 {
		s.P = float64(sampler.Batch()) / float64(sampler.Len())
	}
	return &lsvrg{anchored: newAnchored(obj, sampler), coin: coin{p: s.P, seed: s.Seed}, fresh: obj.NewVector()}, nil
}

type lsvrg struct {
	anchored
	coin
	fresh *vector.Vector // the full gradient at w, while the snapshot in force may be needed yet
}

func (s *lsvrg) Next(w, g *vector.Vector, _ schedules.Time) (info Info, err error) {
	b := s.sampler.Next()
	var first int64
	if s.taken[0] == 0 {
		b.Draw = s.nextDraw()
		if first, err = s.snapshot(w, b); err != nil {
			return info, err
		}
	}
	b.Draw = s.draw()
	heads := s.heads()
	after := s.following(b.Draw)
	if heads {
		after = s.full.first(s.nextDraw())
	}
	if info, err = s.estimate(w, g, b, after); err != nil {
		return info, err
	}
	info.Gradients += first
	if heads {
		if _, err := s.full.gradient(w, s.fresh, s.full.batch(s.nextDraw()), s.following(s.nextDraw())); err != nil {
			return info, err
		}
		s.anchor.Copy(w)
		s.mean.Copy(s.fresh)
		s.taken[0]++
		info.Gradients += int64(len(s.full.all))
	}
	s.toss()
	return info, nil
}

// Visit shows the snapshot with its gradient, and the counters of the coin and the sampler.
func (s *lsvrg) Visit(visit func(name string, array any)) {
	visit("lsvrg.tosses", s.tosses[:])
	s.visit("lsvrg", visit)
}

// coin is tossed once an iteration. What it shows is a function of the seed and the number of the toss.
type coin struct {
	p      float64
	seed   uint64
	tosses [1]int64
}

// heads says what the coming toss shows.
func (c *coin) heads() bool { return c.shows(c.tosses[0]) }

func (c *coin) shows(toss int64) bool { return chance(c.seed, toss) < c.p }

func (c *coin) toss() { c.tosses[0]++ }

// Preview of LSVRG is with the snapshot in force.
func (s *lsvrg) Preview(w, plain, estimate *vector.Vector, b batch.Batch) (int64, error) {
	return s.preview(w, plain, estimate, b)
}

// Wholes says that all iterations see the sampler's batch.
func (LSVRG) Wholes(Objective, Sampler) (func(int64) bool, bool) { return nil, true }
