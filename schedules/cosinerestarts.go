package schedules

import (
	"math"

	"github.com/pkg/errors"
)

// CosineRestarts falls from a to b along half a cosine over length n, jumps back, and does so again and again; each
// fall takes mult times as long as the one before, and each peak is nearer to b by decay.
//
//	η(t) = b + (a−b) · decayᵏ/2 · (1 + cos(π (t−Rₖ)/(Rₖ₊₁−Rₖ)))    Rₖ ≤ t < Rₖ₊₁
//	Rₖ   = n · (1 + mult + ... + multᵏ⁻¹), rounded to a whole number, halves up
//
// The restarts Rₖ are whole numbers of iterations, or of examples where n is in epochs, for any mult of at least 1,
// whole or not, and no logarithm is taken to find k: the value at every restart is the peak b + (a−b)·decayᵏ, however
// far. Sums are kept to 106 bits, and mult is the float64 that stands for it. Runs are taken to be shorter than 2⁶¹
// iterations.
//
// Loshchilov & Hutter 2017 (SGDR), with decay 1. PyTorch's CosineAnnealingWarmRestarts agrees where it counts its own
// steps; asked for a step, as at a resume, its closed form takes a floating-point logarithm and, for mult 3 and n = 10,
// gives b for the peak at step 1,210.
func CosineRestarts[L Length](a, b float64, n L, mult, decay float64) Schedule {
	return cosineRestarts{a, b, lengthOf(n), mult, decay}
}

type cosineRestarts struct {
	a, b float64
	Span
	mult, decay float64
}

func (s cosineRestarts) At(t Time) float64 {
	now := t.Step
	if s.inEp {
		now = t.Seen
	}
	r := restarts{first: s.first(t.N), mult: max(s.mult, 1)}
	k := r.before(now)
	from, to := r.at(k), r.at(k+1)
	x := float64(now-from) / float64(to-from)
	return mix((1+math.Cos(math.Pi*x))/2*math.Pow(s.decay, float64(k)), s.b, s.a)
}

// first is the length of the first fall in iterations or in examples, at least 1.
func (s cosineRestarts) first(n int64) twofold {
	first := twofoldOf(s.steps)
	if s.inEp {
		first = twofoldOf(n).times(twofold{hi: s.epochs})
	}
	if !(first.hi >= 1) {
		return twofold{hi: 1}
	}
	return first
}

func (s cosineRestarts) String() string {
	return "cosinerestarts(" + text(s.a) + "," + text(s.b) + "," + s.Span.String() + "," + text(s.mult) + "," + text(s.decay) + ")"
}

func (s cosineRestarts) Validate() error {
	const name = "cosinerestarts"
	if !(s.mult >= 1) || math.IsInf(s.mult, 0) {
		return errors.Errorf("schedules: %s: multiple %v, want a finite number of at least 1", name, s.mult)
	}
	return firstOf(finite(name, "start", s.a), finite(name, "end", s.b), s.validate(name, "length"),
		positive(name, "decay", s.decay), within(name, "decay", s.decay, 0, 1))
}

// Tail follows from the falls' lengths, which grow as multᵏ, while the peaks fall as decayᵏ.
func (s cosineRestarts) Tail() Tail {
	switch tail := wave(s.a, s.b); {
	case s.decay == 1 || !tail.Known:
		return tail
	case s.b > 0 || s.a == 0 || s.mult == 1:
		return level(s.b)
	case s.mult*s.decay == 1:
		tail.Power = 1
		return tail
	default:
		tail.Power = -math.Log(s.decay) / math.Log(s.mult)
		if half := math.Round(2*tail.Power) / 2; math.Abs(tail.Power-half) < 1e-12 {
			tail.Power = half // the verdict hangs on it, and a decay such as 1/7 is rounded
		}
		return tail
	}
}
