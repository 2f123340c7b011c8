package schedules

import (
	"math"
	"math/bits"

	"github.com/pkg/errors"
)

// Epochs is a length of time in epochs, which need not be whole: Epochs(0.5) is half an epoch.
type Epochs float64

// Length is a length of time: in iterations, when it is an integer, or in epochs.
type Length interface{ int | int64 | Epochs }

// span is a Length with its unit.
type span struct {
	steps  int64
	epochs float64
	inEp   bool
}

func lengthOf[L Length](n L) span {
	switch n := any(n).(type) {
	case Epochs:
		return span{epochs: float64(n), inEp: true}
	case int64:
		return span{steps: n}
	default:
		return span{steps: int64(n.(int))}
	}
}

// size is the length in its unit.
func (n span) size() float64 {
	if n.inEp {
		return n.epochs
	}
	return float64(n.steps)
}

// at is how much time has passed, in the unit of n.
func (n span) at(t Time) float64 {
	if n.inEp {
		return t.Epoch()
	}
	return float64(t.Step)
}

func (n span) String() string {
	if n.inEp {
		return text(n.epochs) + "ep"
	}
	return text(float64(n.steps))
}

// CountsEpochs says whether the unit is the epoch.
func (n span) CountsEpochs() bool { return n.inEp }

// validate returns an error unless the length is above 0.
func (n span) validate(schedule, quantity string) error {
	switch {
	case !n.inEp && n.steps < 1:
		return errors.Errorf("schedules: %s: %s of %d iterations, want at least 1", schedule, quantity, n.steps)
	case n.inEp && (!(n.epochs > 0) || math.IsInf(n.epochs, 0)):
		return errors.Errorf("schedules: %s: %s of %v epochs, want above 0", schedule, quantity, n.epochs)
	}
	return nil
}

// after is the time since n had passed, and whether it has.
//
// The clock of n's unit is moved back exactly. The other one is moved back in proportion, which is exact as long as every
// iteration so far has taken the same number of examples.
func (n span) after(t Time) (Time, bool) {
	if n.inEp {
		if t.Epoch() < n.epochs || t.N <= 0 {
			return Time{N: t.N}, false
		}
		seen := min(int64(math.Ceil(n.epochs*float64(t.N))), t.Seen)
		return Time{Step: t.Step - share(t.Step, seen, t.Seen), Seen: t.Seen - seen, N: t.N}, true
	}
	if t.Step < n.steps {
		return Time{N: t.N}, false
	}
	return Time{Step: t.Step - n.steps, Seen: t.Seen - share(t.Seen, n.steps, t.Step), N: t.N}, true
}

// share is x·part/whole, rounded down, for 0 ≤ part ≤ whole; it is 0 where whole is.
func share(x, part, whole int64) int64 {
	if whole <= 0 || x <= 0 || part <= 0 {
		return 0
	}
	hi, lo := bits.Mul64(uint64(x), uint64(part))
	q, _ := bits.Div64(hi, lo, uint64(whole)) // part ≤ whole, so that the quotient is at most x
	return int64(q)
}
