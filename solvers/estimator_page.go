package solvers

import (
	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/vector"
)

// PAGE is the probabilistic gradient estimator: a coin decides in each iteration whether to compute the full gradient,
// or to correct the last estimate by how much the gradient of a batch has changed with the last step:
//
//	g = ∇f(w) with probability p, and at the first iteration
//	g = g' + ∇f_B(w) − ∇f_B(w') else, with the last estimate g' and the weights w' it was made at
//
// The estimate is biased. PAGE is optimal for smooth functions that needn't be convex: with SGD and the constant step η
// = 1/(L (1 + √((1−p)/(pb)))) it finds a point of ‖∇f‖ ≤ ε in O(n + √n/ε²) component gradients, and converges linearly
// where f satisfies the Polyak–Łojasiewicz inequality. StepPAGE gives that step.
//
// An iteration takes n component gradients with probability p, and counts as n examples seen then, else 2b. Random
// numbers repeat from one full gradient to the next. Memory: three more gradients.
//
// Li, Bao, Zhang & Richtárik 2021, algorithm 1 with the large batch b = n and p = b'/(n+b').
type PAGE struct {
	P    float64 // probability of the full gradient, in (0, 1]; 0 stands for b/(n+b) with batches of b
	Seed uint64  // of the coin
}

// Validate returns an error for an illegal probability.
func (s PAGE) Validate() error { return checkProbability("PAGE", s.P) }

// Memory is that of three gradients.
func (PAGE) Memory(obj Objective, _ int) int64 { return recursiveVectors * obj.NewVector().Bytes() }

// Open begins a run.
func (s PAGE) Open(obj Objective, sampler Sampler) (Source, error) {
	return &page{restarting: newRestarting(obj, sampler), coin: coin{p: s.probability(sampler), seed: s.Seed}}, nil
}

// probability is P, or what 0 stands for.
func (s PAGE) probability(sampler Sampler) float64 {
	if s.P != 0 {
		return s.P
	}
	b := float64(sampler.Batch())
	return b / (float64(sampler.Len()) + b)
}

type page struct {
	restarting
	coin
}

func (s *page) Next(w, g *vector.Vector, _ schedules.Time) (info Info, err error) {
	then := s.shows(s.tosses[0] + 1)
	if s.tosses[0] == 0 || s.heads() {
		info, err = s.restart(w, g, then)
	} else {
		info, err = s.correct(w, g, then)
	}
	if err == nil {
		s.toss()
	}
	return info, err
}

// Visit shows the estimate with its weights, and the counters of the coin and the sampler.
func (s *page) Visit(visit func(name string, array any)) {
	visit("page.tosses", s.tosses[:])
	s.visit("page", visit)
}

// Wholes says where the coin, a function of the seed, has an iteration be over all examples.
func (s PAGE) Wholes(_ Objective, sampler Sampler) (func(int64) bool, bool) {
	c := coin{p: s.probability(sampler), seed: s.Seed}
	return func(i int64) bool { return i == 0 || c.shows(i) }, true
}
