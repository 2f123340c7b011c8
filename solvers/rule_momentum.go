package solvers

import (
	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/step"
)

// Momentum is gradient descent with a velocity, the heavy ball. PyTorch's form, the default, is that of
// torch.optim.SGD:
//
//	v ← μ v + (1−d) g      v ← g at a parameter's first step
//	w ← w − η v
//
// Textbook's form is Polyak's:
//
//	v ← μ v − (1−d) η g    v = 0 at first
//	w ← w + v
//
// The two differ as soon as η changes: after η has fallen, PyTorch's form goes on at once with the new rate, Textbook's
// still moves at the old one for about 1/(1−μ) steps. In a direction where gradients agree a step tends to η
// (1−d)/(1−μ) g.
//
// Polyak 1964; Sutskever, Martens, Dahl & Hinton 2013. It keeps one array: velocity, or displacement in Textbook's
// form.
type Momentum struct {
	Momentum  float64 // μ, in [0, 1)
	Dampening float64 // d, in [0, 1)
	Form      Form
}

// Spec names the velocity, the momentum and the dampening.
func (m Momentum) Spec() Spec {
	return Spec{
		State: []string{m.Form.velocity()},
		Hyper: []Hyper{
			{Field: "Momentum", Legal: HalfOpen(0, 1)},
			{Field: "Dampening", Legal: HalfOpen(0, 1)},
		},
	}
}

// Validate returns an error for an unknown form.
func (m Momentum) Validate() error { return m.Form.validate() }

// Update takes a step over float64.
func (m Momentum) Update(s *Step, w, g []float64, state [][]float64) {
	stepMomentum(m, s, w, g, state[0])
}

// Update32 takes a step over float32.
func (m Momentum) Update32(s *Step, w, g []float32, state [][]float32) {
	stepMomentum(m, s, w, g, state[0])
}

func stepMomentum[T kernel.Float](m Momentum, s *Step, w, g, v []T) {
	switch {
	case m.Form == Textbook:
		step.MomentumTextbook(w, g, v, T(s.Rate*(1-m.Dampening)), T(m.Momentum))
	case s.Updates == 0:
		step.Momentum(w, g, v, T(s.Rate), T(m.Momentum), 0)
	default:
		step.Momentum(w, g, v, T(s.Rate), T(m.Momentum), T(m.Dampening))
	}
}
