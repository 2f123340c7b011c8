package solvers

import (
	"math"

	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/vector"
	"github.com/pkg/errors"
)

// STORM is stochastic recursive momentum: it corrects its last estimate by how much the gradient of a batch has changed
// with the last step, and forgets a part of it for the batch's own gradient. It never computes a full gradient.
//
//	d₁ = ∇f_B(w₁)
//	dₜ = ∇f_B(wₜ) + (1−aₜ) (dₜ₋₁ − ∇f_B(wₜ₋₁))
//
// Without A, a and the step follow the paper from the norms of the batches' gradients, Gₜ = ‖∇f_B(wₜ)‖:
//
//	ηₜ = K / (W + Σᵢ₌₁ᵗ Gᵢ²)^⅓
//	aₜ₊₁ = C ηₜ², at most 1
//
// The learning rate is multiplied by η: give solvers.Rate(schedules.Constant(1)) for the paper's step. With A, aₜ is
// A's value, and the learning rate is the step alone: aₜ = 1 is MiniBatch, and 0 SARAH without restarts.
//
// The estimate is biased, and keeps a noise floor unless a and the step fall to zero. With the paper's rules, for
// smooth functions that needn't be convex, the mean of ‖∇f‖ after T steps is O(1/√T + σ^⅓/T^⅓). The theory takes W =
// max((4LK)³, 2G², (CK/(4L))³) and C = 28L² + G²/(7LK³) for gradients of at most G.
//
// An iteration takes 2b component gradients, the first b. Both points see the draw of the batch. Memory: three more
// gradients.
//
// Cutkosky & Orabona 2019, algorithm 1.
type STORM struct {
	K, W, C float64 // k, w and c, all above 0
	A       float64 // a, in (0, 1], in the place of K, W and C; a schedule may take it to 0
}

// given says whether a is A, and doesn't follow from K, W and C.
func (s STORM) given() bool { return s.K == 0 && s.W == 0 && s.C == 0 }

// Hyper is a, unless it follows from K, W and C.
func (s STORM) Hyper() []Hyper {
	if !s.given() {
		return nil
	}
	return []Hyper{{Field: "A", Legal: Closed(0, 1)}}
}

// Validate returns an error for illegal settings, none, or both forms.
func (s STORM) Validate() error {
	switch {
	case s.given() && s.A == 0:
		return errors.New("solvers: STORM: neither A nor K, W and C")
	case s.given():
		return nil
	case s.A != 0:
		return errors.New("solvers: STORM: both A, and K, W, C")
	}
	for _, c := range []Value{{"K", s.K}, {"W", s.W}, {"C", s.C}} {
		if legal := Above(0); !legal.Has(c.Value) {
			return errors.Errorf("solvers: STORM: %s %v outside %v", c.Name, c.Value, legal)
		}
	}
	return nil
}

// Memory is that of three gradients.
func (STORM) Memory(obj Objective, _ int) int64 { return recursiveVectors * obj.NewVector().Bytes() }

// Open begins a run.
func (s STORM) Open(obj Objective, sampler Sampler) (Source, error) {
	return &storm{recursive: newRecursive(obj, sampler), set: s, pace: 1}, nil
}

type storm struct {
	recursive
	set  STORM
	a    float64    // aₜ, where it is given
	pace float64    // ηₜ
	done [1]int64   // iterations
	sum  [1]float64 // Σ G²
}

// Tune sets a.
func (s *storm) Tune(values []float64) { s.a = values[0] }

func (s *storm) Next(w, g *vector.Vector, t schedules.Time) (info Info, err error) {
	a := s.coefficient()
	b := s.sampler.Next()
	if s.done[0] == 0 {
		s.announce(s.sampler.Peek())
		b.MoveStats = true
		info.Loss, err = s.obj.Gradient(w, g, b)
		info.Examples, info.Gradients = len(b.Index), int64(len(b.Index))
	} else {
		info, err = s.pair(w, g, b, s.sampler.Peek())
	}
	if err != nil {
		return info, err
	}
	if !s.set.given() {
		s.sum[0] += g.Dot(g)
		if s.sum[0]-s.sum[0] != 0 { // a step of 0 for good
			if err := finiteVector(Gradient, "", g, t.Step); err != nil {
				return info, err
			}
			return info, finiteNumbers("storm.sum", s.sum[:], t.Step)
		}
		s.pace = s.eta()
	}
	if s.done[0] > 0 {
		g.Axpy(a-1, s.other)
		g.Axpy(1-a, s.v)
	}
	s.keep(w, g)
	s.done[0]++
	return info, nil
}

// coefficient is a of the coming iteration.
func (s *storm) coefficient() float64 {
	if s.set.given() {
		return s.a
	}
	eta := s.eta() // that of the iteration before
	return min(s.set.C*eta*eta, 1)
}

func (s *storm) eta() float64 { return s.set.K / math.Cbrt(s.set.W+s.sum[0]) }

// Pace is η of the iteration.
func (s *storm) Pace() float64 { return s.pace }

// Visit shows the estimate with its weights, the sum of squares, and the counters.
func (s *storm) Visit(visit func(name string, array any)) {
	visit("storm.done", s.done[:])
	visit("storm.sum", s.sum[:])
	s.visit("storm", visit)
}

// AnyBatch says that batches may change in size.
func (STORM) AnyBatch() {}
