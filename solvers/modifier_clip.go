package solvers

import (
	"github.com/fallline/fallline/schedules"
	"github.com/pkg/errors"
)

// ClipNorm scales the gradient of all parameters together down to a Euclidean norm of at most limit:
//
//	g ← g · min(1, limit/‖g‖)
//
// The limit is above 0; Schedule knows it as "clip norm". Pascanu, Mikolov & Bengio 2013. PyTorch's clip_grad_norm_
// divides by ‖g‖ + 10⁻⁶ instead.
func ClipNorm(limit float64) Option {
	return clip("clip norm", limit, func(s *Solver) *int { return &s.clipNorm })
}

// ClipValue limits each element of the gradient to [−limit, limit], after ClipNorm where both are given. The limit is
// above 0; Schedule knows it as "clip value".
func ClipValue(limit float64) Option {
	return clip("clip value", limit, func(s *Solver) *int { return &s.clipValue })
}

// clip adds a quantity for a limit and notes its place where field says.
func clip(name string, limit float64, field func(*Solver) *int) Option {
	return func(s *Solver) error {
		if *field(s) != 0 {
			return errors.Errorf("solvers: %s given twice", name)
		}
		*field(s) = len(s.quantities)
		k := quantity{name: name, schedule: schedules.Constant(limit), legal: Above(0), fixed: true}
		s.quantities = append(s.quantities, k)
		if !k.legal.Has(limit) {
			return errors.Errorf("solvers: %s %v outside %v", name, limit, k.legal)
		}
		return nil
	}
}
