package solvers

import "github.com/pkg/errors"

// Proximal is a regulariser R that takes part in the minimisation of F = f + R through its proximal operator, which is what sets
// weights to exact zeros where R is the 1-norm. It works on each element alone, and from several goroutines at once.
type Proximal interface {
	// Prox replaces each element of w by argmin_u (u−w)²/(2 step) + R(u).
	Prox(step float64, w []float64)
	// String names the regulariser with its strength.
	String() string
}

// Prox applies the proximal operator of p with the learning rate as its step, after the rule has moved the weights:
//
//	w ← prox_ηR(w)
//
// A rule whose weights are a look-ahead point, such as NAG, doesn't go with it: New says so.
func Prox(p Proximal, over ...Selection) Option {
	return func(s *Solver) error {
		if p == nil {
			return errors.New("solvers: no proximal operator (nil)")
		}
		if _, ok := s.rule.(Shifted); ok {
			return errors.Errorf("solvers: %v doesn't go with %s, whose weights are a look-ahead point", p, s.Name())
		}
		if err := validate(p); err != nil {
			return err
		}
		return s.modify(modifier{name: p.String(), kind: proximal, prox: p, over: over})
	}
}
