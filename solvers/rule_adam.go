package solvers

import (
	"math"

	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/step"
)

// Adam moves each weight by a running mean of its gradients, over the root of a running mean of their squares. Both
// start at 0, and are divided by the weights that they have gathered by a parameter's t-th step. This is
// torch.optim.Adam:
//
//	m ← β₁ m + (1−β₁) g
//	s ← β₂ s + (1−β₂) g²
//	w ← w − η m/(1−β₁ᵗ) / (√(s/(1−β₂ᵗ)) + ε)
//
// A step moves a weight by about η at most, whatever the scale of the loss. L2 passes through m and s, and so hardly
// shrinks weights with large gradients: AdamW decays weights apart. The corrections take β at the time of the step for
// that of all steps before, should it be scheduled. Kingma & Ba 2015, algorithm 1, where ε is outside the root. It
// keeps two arrays.
type Adam struct {
	Beta1   float64 // β₁, in [0, 1)
	Beta2   float64 // β₂, in [0, 1)
	Epsilon float64 // ε, above 0
}

// DefaultAdam has the settings of the paper and of PyTorch, whose rate is 0.001.
var DefaultAdam = Adam{Beta1: 0.9, Beta2: 0.999, Epsilon: 1e-8}

// What Prepare of Adam and its kin writes into Step.Memo.
const (
	adamRate = iota // η/(1−β₁ᵗ)
	adamRoot        // 1/√(1−β₂ᵗ)
)

// Spec names the mean, the mean square, β₁, β₂ and ε.
func (a Adam) Spec() Spec {
	return Spec{
		State: []string{"mean", "mean-square"},
		Hyper: []Hyper{
			{Field: "Beta1", Legal: HalfOpen(0, 1)},
			{Field: "Beta2", Legal: HalfOpen(0, 1)},
			{Field: "Epsilon", Legal: Above(0)},
		},
	}
}

// Prepare works out the corrections.
func (a Adam) Prepare(s *Step) {
	t := float64(s.Updates + 1)
	s.Memo[adamRate] = s.Rate / (1 - math.Pow(a.Beta1, t))
	s.Memo[adamRoot] = 1 / math.Sqrt(1-math.Pow(a.Beta2, t))
}

// Update takes a step over float64.
func (a Adam) Update(s *Step, w, g []float64, state [][]float64) {
	step.Adam(w, g, state[0], state[1], adamTerms[float64](a, s))
}

// Update32 takes a step over float32.
func (a Adam) Update32(s *Step, w, g []float32, state [][]float32) {
	step.Adam(w, g, state[0], state[1], adamTerms[float32](a, s))
}

func adamTerms[T kernel.Float](a Adam, s *Step) step.AdamTerms[T] {
	return step.AdamTerms[T]{
		Rate: T(s.Memo[adamRate]), Root: T(s.Memo[adamRoot]), Eps: T(a.Epsilon),
		Keep1: T(a.Beta1), Fresh1: T(1 - a.Beta1), Keep2: T(a.Beta2), Fresh2: T(1 - a.Beta2),
	}
}
