package schedules

import "math"

// Exponential starts at a and falls (or rises) smoothly, by factor in every length n.
//
//	η(t) = a · factor^(t/n)
//
// With n = 1 iteration it is PyTorch's ExponentialLR.
func Exponential[L Length](a, factor float64, n L) Schedule {
	return exponential{a, factor, lengthOf(n)}
}

type exponential struct {
	a, factor float64
	Span
}

func (s exponential) At(t Time) float64 { return s.a * math.Pow(s.factor, s.at(t)/s.size()) }

func (s exponential) String() string {
	return "exponential(" + text(s.a) + "," + text(s.factor) + "," + s.Span.String() + ")"
}

func (s exponential) Validate() error {
	return firstOf(finite("exponential", "start", s.a), positive("exponential", "factor", s.factor),
		s.validate("exponential", "length"))
}

func (s exponential) Tail() Tail { return geometric(s.a, s.factor) }
