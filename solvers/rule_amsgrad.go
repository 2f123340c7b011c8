package solvers

import "github.com/fallline/fallline/internal/kernel/step"

// AMSGrad is Adam whose scale never shrinks, which mends the convex problems that Adam fails on. This is
// torch.optim.Adam with amsgrad=True:
//
//	m ← β₁ m + (1−β₁) g
//	s ← β₂ s + (1−β₂) g²
//	ŝ ← max(ŝ, s)
//	w ← w − η m/(1−β₁ᵗ) / (√(ŝ/(1−β₂ᵗ)) + ε)
//
// Reddi, Kale & Kumar 2018, algorithm 2, but for the corrections, which the paper leaves out. It keeps three arrays.
type AMSGrad struct {
	Beta1   float64 // β₁, in [0, 1)
	Beta2   float64 // β₂, in [0, 1)
	Epsilon float64 // ε, above 0
}

// DefaultAMSGrad has PyTorch's settings, whose rate is 0.001.
var DefaultAMSGrad = AMSGrad{Beta1: 0.9, Beta2: 0.999, Epsilon: 1e-8}

// Spec is Adam's with the greatest mean square.
func (a AMSGrad) Spec() Spec {
	spec := Adam(a).Spec()
	spec.State = append(spec.State, "greatest-mean-square")
	return spec
}

// Prepare is Adam's.
func (a AMSGrad) Prepare(s *Step) { Adam(a).Prepare(s) }

// Update takes a step over float64.
func (a AMSGrad) Update(s *Step, w, g []float64, state [][]float64) {
	step.AMSGrad(w, g, state[0], state[1], state[2], adamTerms[float64](Adam(a), s))
}

// Update32 takes a step over float32.
func (a AMSGrad) Update32(s *Step, w, g []float32, state [][]float32) {
	step.AMSGrad(w, g, state[0], state[1], state[2], adamTerms[float32](Adam(a), s))
}
