package solvers

import (
	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/step"
)

// AdaGrad divides the rate of each weight by the root of the sum of its squared gradients, so that weights which rarely
// have one move far when they do. This is torch.optim.Adagrad without lr_decay, for which schedules are there:
//
//	s ← s + g²             s = Initial at first
//	w ← w − η g / (√s + ε)
//
// The sum only grows: the steps shrink as 1/√t by themselves. Duchi, Hazan & Singer 2011, the diagonal form. It keeps
// one array.
type AdaGrad struct {
	Epsilon float64 // ε, above 0
	Initial float64 // s before a parameter's first step, in [0, Inf)
}

// DefaultAdaGrad has PyTorch's settings.
var DefaultAdaGrad = AdaGrad{Epsilon: 1e-10}

// Spec names the sum of squares and ε.
func (a AdaGrad) Spec() Spec {
	return Spec{
		State: []string{"sum-of-squares"},
		Hyper: []Hyper{{Field: "Epsilon", Legal: Above(0)}},
	}
}

// Validate returns an error for an illegal initial sum.
func (a AdaGrad) Validate() error { return checkSetting("initial sum", a.Initial, AtLeast(0)) }

// Update takes a step over float64.
func (a AdaGrad) Update(s *Step, w, g []float64, state [][]float64) {
	stepAdaGrad(a, s, w, g, state[0])
}

// Update32 takes a step over float32.
func (a AdaGrad) Update32(s *Step, w, g []float32, state [][]float32) {
	stepAdaGrad(a, s, w, g, state[0])
}

func stepAdaGrad[T kernel.Float](a AdaGrad, s *Step, w, g, sum []T) {
	if s.Updates == 0 && a.Initial != 0 {
		for i := range sum {
			sum[i] = T(a.Initial)
		}
	}
	step.AdaGrad(w, g, sum, T(s.Rate), T(a.Epsilon))
}
