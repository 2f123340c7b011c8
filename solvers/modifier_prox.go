package solvers

import "github.com/pkg/errors"

// Proximal is a regulariser R that takes part in the minimisation of F = f + R through its proximal operator, which is
// what sets weights to exact zeros where R is the 1-norm. It works on each element alone, and from several goroutines
// at once.
type Proximal interface {
	// Prox replaces each element of w by argmin_u (u−w)²/(2 step) + R(u).
	Prox(step float64, w []float64)
	// String names the regulariser with its strength.
	String() string
}

// Proximal32 is an optional interface of Proximal: it works on float32 models at their own width. One without still
// works on them, by conversion.
type Proximal32 interface {
	// Prox32 is Prox for float32.
	Prox32(step float64, w []float32)
}

// Thresholder is an optional interface of Proximal: the operator is that of l1 ‖w‖₁ + l2/2 ‖w‖², and a Method may apply
// it in a loop of its own.
type Thresholder interface{ Threshold() (l1, l2 float64) }

// Prox applies the proximal operator of p with the learning rate as its step, after the rule has moved the weights:
//
//	w ← prox_ηR(w)
//
// It belongs to SGD, and rests at the minimum of f + R with any estimator whose noise fades: −∇f is a subgradient of R
// where w = prox_ηR(w − η∇f). A rule that keeps state, as Momentum and Adam do, takes steps other than −η∇f and would
// rest elsewhere; one whose weights are a look-ahead point, as NAG's, would put the zeros there. New says so.
func Prox(p Proximal, over ...Selection) Option {
	return func(s *Solver) error {
		if p == nil {
			return errors.New("solvers: no proximal operator (nil)")
		}
		if _, ok := s.rule.(Shifted); ok {
			return errors.Errorf("solvers: %v doesn't go with %s, whose weights are a look-ahead point", p, s.Name())
		}
		if len(s.spec.State) > 0 {
			return errors.Errorf("solvers: %v doesn't go with %s, whose steps depend on past gradients: it would not rest at the minimum of both",
				p, s.Name())
		}
		if err := validate(p); err != nil {
			return err
		}
		return s.modify(modifier{name: p.String(), kind: proximal, prox: p, over: over})
	}
}
