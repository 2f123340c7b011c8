package solvers

import (
	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/pointwise"
	"github.com/fallline/fallline/internal/kernel/step"
)

// NAG is Nesterov's accelerated gradient: momentum whose gradient is taken at the look-ahead point p = θ + μ v, where
// the velocity is about to carry the parameter θ. As two points the method reads
//
//	v ← μₜ v − ηₜ g(θ + μₜ v)
//	θ ← θ + v
//
// The weights that the model sees, and whose gradient it gives, are p. Run.Solution writes θ to another buffer. In
// terms of p, Textbook's form equals the two-point method for any schedules of η and μ:
//
//	v ← μₜ v − ηₜ g(p)
//	p ← p + μₜ₊₁ v − ηₜ g(p)
//	θ = p − μₜ₊₁ v
//
// PyTorch's form, the default, is that of torch.optim.SGD with nesterov=True, and equal to it for constant η and μ:
//
//	v ← μ v + g(p)
//	p ← p − η (g(p) + μ v)
//	θ = p + η μ v
//
// L2 uses p. Nesterov 1983; Sutskever, Martens, Dahl & Hinton 2013, section 2. It keeps one array: velocity, or
// displacement in Textbook's form.
type NAG struct {
	Momentum float64 // μ, in [0, 1)
	Form     Form
}

// Spec names the velocity and the momentum.
func (n NAG) Spec() Spec {
	return Spec{
		State: []string{n.Form.velocity()},
		Hyper: []Hyper{{Field: "Momentum", Legal: HalfOpen(0, 1)}},
	}
}

// Validate returns an error for an unknown form.
func (n NAG) Validate() error { return n.Form.validate() }

// Update takes a step over float64.
func (n NAG) Update(s *Step, w, g []float64, state [][]float64) { stepNAG(n, s, w, g, state[0]) }

// Update32 takes a step over float32.
func (n NAG) Update32(s *Step, w, g []float32, state [][]float32) { stepNAG(n, s, w, g, state[0]) }

func stepNAG[T kernel.Float](n NAG, s *Step, w, g, v []T) {
	if n.Form == Textbook {
		step.NesterovTextbook(w, g, v, T(s.Rate), T(n.Momentum), T(s.Next[0]))
		return
	}
	step.Nesterov(w, g, v, T(s.Rate), T(n.Momentum))
}

// Theta turns the look-ahead point into θ.
func (n NAG) Theta(s *Step, theta []float64, state [][]float64) {
	c := -n.Momentum
	if n.Form == PyTorch {
		c = s.Rate * n.Momentum
	}
	pointwise.Axpy(c, state[0], theta)
}
