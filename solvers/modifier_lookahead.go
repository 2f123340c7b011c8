package solvers

import (
	"slices"

	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/vector"
	"github.com/pkg/errors"
)

// Lookahead keeps a slow copy φ of the weights, which begins as they do. The rule moves the weights as ever; after
// every k-th step φ goes a share α of the way to them, and they go on from there:
//
//	φ ← φ + α (w − φ)
//	w ← φ               after steps k, 2k, 3k, ...
//
// It lets a rule take steps that are long for the noise in its gradients, which the slow copy averages away. α is in
// [0, 1]; with 1 nothing happens. Schedule knows it as "lookahead": a share that falls from 1 moves fast at first and
// averages much in the end. k = 5 to 10 with α = 0.5 to 0.8 are usual.
//
// The velocity and the rest of the rule's state stay as they are. Run.Solution gives φ for the parameters that it
// selects, from the first k steps on. A weight that the rule leaves alone stays as it is, to the bit. It takes the
// memory of one more vector.
//
// Zhang, Lucas, Hinton & Ba 2019, algorithm 1.
func Lookahead(k int, share float64, over ...Selection) Option {
	return func(s *Solver) error {
		if k < 1 {
			return errors.Errorf("solvers: lookahead: a pull every %d steps, want at least 1", k)
		}
		if err := checkSetting("lookahead", share, Closed(0, 1)); err != nil {
			return err
		}
		coefficient := quantity{name: "lookahead", schedule: schedules.Constant(share), legal: Closed(0, 1), fixed: true}
		return s.modifyBy(coefficient, modifier{name: "lookahead", kind: pulled, every: int64(k), over: over})
	}
}

// pulls says whether the solver has Lookahead on any parameter.
func (s *Solver) pulls() bool {
	for _, m := range s.modifiers {
		if m.kind == pulled {
			return true
		}
	}
	return false
}

// beginSlow makes the slow copy of a parameter of a Stepper, where it is to have one and hasn't.
func (p *parameter[T]) beginSlow() {
	if p.use[pulled] != nil && p.slow == nil {
		p.slow = slices.Clone(p.w)
	}
}

// slowly writes the slow weights of the parameters that have them into dst. Where they haven't moved yet, after less
// steps than it takes, they are no solution.
func (e *engine[T]) slowly(steps int64, ranges []vector.Range, dst []T) {
	for i, p := range e.parameters {
		if p.slow != nil && steps >= p.use[pulled].every {
			copy(dst[ranges[i].Lo:ranges[i].Hi], p.slow)
		}
	}
}

// pull moves the slow weights towards w, and w to where they are then. What is equal stays so.
func pull[T kernel.Float](slow, w []T, share T) {
	if share == 1 {
		copy(slow, w)
		return
	}
	w = w[:len(slow)]
	for i, x := range slow {
		x += share * (w[i] - x)
		slow[i], w[i] = x, x
	}
}
