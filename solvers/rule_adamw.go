package solvers

import "github.com/fallline/fallline/internal/kernel/pointwise"

// AdamW is Adam with weights that decay apart from the gradient, as in torch.optim.AdamW:
//
//	w ← w − η λ w, and then the step of Adam
//
// The decay is that of all parameters. To decay some of them, as is usual, take Adam with the option Decay, which is
// the same:
//
//	solvers.New(solvers.DefaultAdam, solvers.Decay(0.01, solvers.Except("bias", "norm")), ...)
//
// Loshchilov & Hutter 2019, algorithm 2, with the schedule in η. It keeps two arrays.
type AdamW struct {
	Beta1   float64 // β₁, in [0, 1)
	Beta2   float64 // β₂, in [0, 1)
	Epsilon float64 // ε, above 0
	Decay   float64 // λ, in [0, Inf)
}

// DefaultAdamW has PyTorch's settings, whose rate is 0.001.
var DefaultAdamW = AdamW{Beta1: 0.9, Beta2: 0.999, Epsilon: 1e-8, Decay: 0.01}

func (a AdamW) adam() Adam { return Adam{Beta1: a.Beta1, Beta2: a.Beta2, Epsilon: a.Epsilon} }

// Spec is Adam's with the decay.
func (a AdamW) Spec() Spec {
	spec := a.adam().Spec()
	spec.Hyper = append(spec.Hyper, Hyper{Field: "Decay", Legal: AtLeast(0), Name: "weight decay"})
	return spec
}

// Prepare is Adam's.
func (a AdamW) Prepare(s *Step) { a.adam().Prepare(s) }

// Update takes a step over float64.
func (a AdamW) Update(s *Step, w, g []float64, state [][]float64) {
	pointwise.Scale(1-s.Rate*a.Decay, w)
	a.adam().Update(s, w, g, state)
}

// Update32 takes a step over float32.
func (a AdamW) Update32(s *Step, w, g []float32, state [][]float32) {
	pointwise.Scale(float32(1-s.Rate*a.Decay), w)
	a.adam().Update32(s, w, g, state)
}
