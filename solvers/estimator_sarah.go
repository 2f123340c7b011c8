package solvers

import (
	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/vector"
	"github.com/pkg/errors"
)

// SARAH is the stochastic recursive gradient: it begins each period with the full gradient, and then corrects its last
// estimate by how much the gradient of a batch has changed with the last step:
//
//	v₀ = ∇f(w₀)
//	vₜ = vₜ₋₁ + ∇f_B(wₜ) − ∇f_B(wₜ₋₁)
//
// The estimate is biased: only over a whole period is it right in the mean. With SGD and a constant step it converges
// linearly on a mean of L-smooth convex functions that is μ-strongly convex: a period of m steps takes ‖∇f‖² in the
// mean by 1/(μη(m+1)) + ηL/(2−ηL), for η < 1/L. StepSARAH gives 1/(2L).
//
// A period is an iteration with the full gradient, which counts as n examples seen and draws no batch, and then m =
// ⌈Passes·n/b⌉ with batches. It takes n + 2bm component gradients. Random numbers repeat within a period. Memory: three
// more gradients.
//
// Nguyen, Liu, Scheinberg & Takáč 2017, algorithm 1, begun anew from the last weights of a period, where the paper's
// theory takes a random inner point. With Stop it is their algorithm 2, SARAH+.
type SARAH struct {
	Passes float64 // length of a period in passes over the data, above 0; 2 is usual

	// Stop ends a period as soon as ‖vₜ‖² ≤ Stop ‖v₀‖², the γ of SARAH+, in [0, 1); 1/8 is the paper's. 0 never does.
	Stop float64
}

// Validate returns an error for an illegal length or an illegal Stop.
func (s SARAH) Validate() error {
	if legal := HalfOpen(0, 1); !legal.Has(s.Stop) {
		return errors.Errorf("solvers: SARAH: stop %v outside %v", s.Stop, legal)
	}
	return checkPasses("SARAH", s.Passes)
}

// Memory is that of three gradients.
func (SARAH) Memory(obj Objective, _ int) int64 { return recursiveVectors * obj.NewVector().Bytes() }

// Open begins a run.
func (s SARAH) Open(obj Objective, sampler Sampler) (Source, error) {
	p, err := newPeriods(s.Passes, sampler)
	if err != nil {
		return nil, err
	}
	return &sarah{restarting: newRestarting(obj, sampler), length: p.length, stop: s.Stop}, nil
}

type sarah struct {
	restarting
	length int64
	stop   float64
	left   [1]int64   // iterations with batches left of the period; 0 where the full gradient is due
	first  [1]float64 // ‖v₀‖²
}

func (s *sarah) Next(w, g *vector.Vector, _ schedules.Time) (Info, error) {
	if s.left[0] == 0 {
		info, err := s.restart(w, g, false)
		if err != nil {
			return info, err
		}
		s.left[0], s.first[0] = s.length, g.Dot(g)
		return info, nil
	}
	info, err := s.correct(w, g, s.left[0] == 1)
	if err != nil {
		return info, err
	}
	s.left[0]--
	if s.stop > 0 && g.Dot(g) <= s.stop*s.first[0] {
		s.left[0] = 0
	}
	return info, nil
}

// Visit shows the estimate with its weights, what is left of the period, and the sampler's counter.
func (s *sarah) Visit(visit func(name string, array any)) {
	visit("sarah.left", s.left[:])
	visit("sarah.first", s.first[:])
	s.visit("sarah", visit)
}

// Wholes says that a period begins with an iteration over all examples. Where Stop ends periods early, nobody can tell
// beforehand.
func (s SARAH) Wholes(_ Objective, sampler Sampler) (func(int64) bool, bool) {
	p, err := newPeriods(s.Passes, sampler)
	return func(i int64) bool { return i%(p.length+1) == 0 }, err == nil && s.Stop == 0
}
