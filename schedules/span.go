package schedules

import (
	"math"
	"math/bits"
	"strconv"

	"github.com/pkg/errors"
)

// Epochs is a length of time in epochs, which need not be whole: Epochs(0.5) is half an epoch.
type Epochs float64

// Length is a length of time: in iterations, when it is an integer, in epochs, or in the unit that a Span has.
type Length interface{ int | int64 | Epochs | Span }

// Span is a length of time with its unit, for lengths that a program reads (ParseSpan) instead of having them written
// in it.
type Span struct {
	steps  int64
	epochs float64
	inEp   bool
}

// Of is n as a Span.
func Of[L Length](n L) Span { return lengthOf(n) }

func lengthOf[L Length](n L) Span {
	switch n := any(n).(type) {
	case Epochs:
		return Span{epochs: float64(n), inEp: true}
	case int64:
		return Span{steps: n}
	case Span:
		return n
	default:
		return Span{steps: int64(n.(int))}
	}
}

// size is the length in its unit.
func (n Span) size() float64 {
	if n.inEp {
		return n.epochs
	}
	return float64(n.steps)
}

// at is how much time has passed, in the unit of n.
func (n Span) at(t Time) float64 {
	if n.inEp {
		return t.Epoch()
	}
	return float64(t.Step)
}

// Passed is how often the length has passed, as a fraction: t/n. It is what a closed form takes.
func (n Span) Passed(t Time) float64 { return n.at(t) / n.size() }

// count is how many whole lengths have passed. In epochs it is that of the fraction which was meant, such as 3 at epoch
// 0.3 for lengths of 0.1, though 0.3/0.1 is less than 3 in floating point: three roundings make the quotient less by at
// most 3 parts in 2⁵³.
func (n Span) count(t Time) float64 {
	if !n.inEp {
		return float64(t.Step / max(n.steps, 1))
	}
	x := n.Passed(t)
	return math.Floor(x + x*0x1p-51)
}

// String is the text form: 500 for iterations, 1.5ep for epochs.
func (n Span) String() string {
	if n.inEp {
		return text(n.epochs) + "ep"
	}
	return strconv.FormatInt(n.steps, 10)
}

// CountsEpochs says whether the unit is the epoch.
func (n Span) CountsEpochs() bool { return n.inEp }

// validate returns an error unless the length is above 0.
func (n Span) validate(schedule, quantity string) error {
	switch {
	case !n.inEp && n.steps < 1:
		return errors.Errorf("schedules: %s: %s of %d iterations, want at least 1", schedule, quantity, n.steps)
	case n.inEp && (!(n.epochs > 0) || math.IsInf(n.epochs, 0)):
		return errors.Errorf("schedules: %s: %s of %v epochs, want above 0", schedule, quantity, n.epochs)
	}
	return nil
}

// Validate returns an error unless the length is above 0 and finite.
func (n Span) Validate() error { return n.validate("span", "length") }

// orNone returns an error if the length is below 0.
func (n Span) orNone(schedule, quantity string) error {
	if n == (Span{inEp: n.inEp}) {
		return nil
	}
	if !n.inEp && n.steps < 0 {
		return errors.Errorf("schedules: %s: %s of %d iterations, want at least 0", schedule, quantity, n.steps)
	}
	if n.inEp && !(n.epochs > 0 && !math.IsInf(n.epochs, 0)) {
		return errors.Errorf("schedules: %s: %s of %v epochs, want at least 0", schedule, quantity, n.epochs)
	}
	return nil
}

// after is the time since n had passed, and whether it has.
//
// The clock of n's unit is moved back exactly. The other one is moved back in proportion, which is exact as long as
// every iteration so far has taken the same number of examples.
func (n Span) after(t Time) (Time, bool) {
	if n.inEp {
		if !n.reached(t.Seen, t.N) {
			return Time{N: t.N}, false
		}
		seen := min(n.examples(t.N), t.Seen)
		return Time{Step: t.Step - portion(t.Step, seen, t.Seen), Seen: t.Seen - seen, N: t.N}, true
	}
	if t.Step < n.steps {
		return Time{N: t.N}, false
	}
	return Time{Step: t.Step - n.steps, Seen: t.Seen - portion(t.Seen, n.steps, t.Step), N: t.N}, true
}

// reached says whether a length in epochs is over when some examples were seen of those in an epoch.
func (n Span) reached(seen, of int64) bool {
	return of > 0 && (Time{Seen: seen, N: of}).Epoch() >= n.epochs
}

// examples is the least number of them with which a length in epochs is over. The product is that number, or one off by
// its rounding: for 0.07 epochs of 100 examples it is a little above 7.
func (n Span) examples(of int64) int64 {
	seen := int64(math.Ceil(n.epochs * float64(of)))
	switch {
	case n.reached(seen-1, of):
		return seen - 1
	case n.reached(seen, of):
		return seen
	}
	return seen + 1
}

// portion is x·part/whole, rounded down, for 0 ≤ part ≤ whole; it is 0 where whole is.
func portion(x, part, whole int64) int64 {
	if whole <= 0 || x <= 0 || part <= 0 {
		return 0
	}
	hi, lo := bits.Mul64(uint64(x), uint64(part))
	q, _ := bits.Div64(hi, lo, uint64(whole)) // part ≤ whole, so that the quotient is at most x
	return int64(q)
}

// rising returns an error unless times are above 0, rise, and have one unit.
func rising(schedule, quantity string, times []Span) error {
	for i, n := range times {
		if err := n.validate(schedule, quantity); err != nil {
			return err
		}
		if i > 0 && n.inEp != times[i-1].inEp {
			return sameUnit(schedule, times[i-1], n)
		}
		if i > 0 && n.size() <= times[i-1].size() {
			return errors.Errorf("schedules: %s: %v after %v, want rising times", schedule, n, times[i-1])
		}
	}
	return nil
}

// sameUnit returns an error unless all lengths are in iterations or all in epochs.
func sameUnit(schedule string, first Span, others ...Span) error {
	for _, n := range others {
		if n.inEp != first.inEp {
			return errors.Errorf("schedules: %s: %v beside %v, want one unit, iterations or epochs", schedule, n, first)
		}
	}
	return nil
}
