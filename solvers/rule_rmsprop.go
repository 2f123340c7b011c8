package solvers

import (
	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/step"
)

// RMSProp divides the rate of each weight by the root of a running mean of its squared gradients. This is
// torch.optim.RMSprop:
//
//	s ← α s + (1−α) g²
//	w ← w − η g / (√s + ε)
//
// Centered, the gradient's running mean is taken off, so that it is scaled by its deviation (Graves 2013, eq. 38–45):
//
//	a ← α a + (1−α) g
//	w ← w − η g / (√max(s − a², 0) + ε)
//
// PyTorch has no max there, and gets a NaN where rounding makes the variance negative. With a Momentum above 0 the
// scaled gradients gather in a velocity, which then is what the weights move along:
//
//	v ← μ v + g / (√… + ε)
//	w ← w − η v
//
// All arrays are 0 at first and nothing corrects for it: the first steps are 1/√(1−α) times as large as later ones.
// Tieleman & Hinton 2012, lecture 6e. It keeps one array, one more if centered, and one more with momentum.
type RMSProp struct {
	Smoothing float64 // α, in [0, 1)
	Epsilon   float64 // ε, above 0
	Momentum  float64 // μ, in [0, 1); 0 is without velocity, and without a momentum to be scheduled
	Centered  bool
}

// DefaultRMSProp has PyTorch's settings.
var DefaultRMSProp = RMSProp{Smoothing: 0.99, Epsilon: 1e-8}

// Spec names the arrays that the settings ask for, α, ε, and μ where it isn't 0.
func (r RMSProp) Spec() Spec {
	spec := Spec{
		State: []string{"mean-square"},
		Hyper: []Hyper{
			{Field: "Smoothing", Legal: HalfOpen(0, 1)},
			{Field: "Epsilon", Legal: Above(0)},
		},
	}
	if r.Centered {
		spec.State = append(spec.State, "mean")
	}
	if r.Momentum != 0 {
		spec.State = append(spec.State, "scaled-velocity")
		spec.Hyper = append(spec.Hyper, Hyper{Field: "Momentum", Legal: HalfOpen(0, 1)})
	}
	return spec
}

// Update takes a step over float64.
func (r RMSProp) Update(s *Step, w, g []float64, state [][]float64) { stepRMSProp(r, s, w, g, state) }

// Update32 takes a step over float32.
func (r RMSProp) Update32(s *Step, w, g []float32, state [][]float32) { stepRMSProp(r, s, w, g, state) }

func stepRMSProp[T kernel.Float](r RMSProp, s *Step, w, g []T, state [][]T) {
	rate, eps, mu := T(s.Rate), T(r.Epsilon), T(r.Momentum)
	keep, fresh := T(r.Smoothing), T(1-r.Smoothing)
	switch velocity := len(state) > r.arrays(); { // there is one, too, where a schedule takes μ to 0
	case !velocity && !r.Centered:
		step.RMSProp(w, g, state[0], rate, keep, fresh, eps)
	case !velocity:
		step.RMSPropCentered(w, g, state[0], state[1], rate, keep, fresh, eps)
	case !r.Centered:
		step.RMSPropMomentum(w, g, state[0], state[1], rate, keep, fresh, eps, mu)
	default:
		step.RMSPropCenteredMomentum(w, g, state[0], state[1], state[2], rate, keep, fresh, eps, mu)
	}
}

// arrays is how many arrays it keeps without the velocity.
func (r RMSProp) arrays() int {
	if r.Centered {
		return 2
	}
	return 1
}
