package schedules

import "math"

// InverseSqrt falls as one over the root of time, from a at the start to a half of it after 3n.
//
//	η(t) = a / √(1 + t/n)
//
// The sum of its squares diverges, as a logarithm does, so that it just misses Robbins and Monro's conditions.
// Warmup(n, InverseSqrt(a, n)) is the rate of Vaswani et al. 2017, section 5.3: it rises to a over n iterations, and is
// a·√(n/t) after them, with t counted from the start of the run.
func InverseSqrt[L Length](a float64, n L) Schedule { return inverseSqrt{a, lengthOf(n)} }

type inverseSqrt struct {
	a float64
	Span
}

func (s inverseSqrt) At(t Time) float64 { return s.a / math.Sqrt(1+s.Passed(t)) }

func (s inverseSqrt) String() string { return "inversesqrt(" + text(s.a) + "," + s.Span.String() + ")" }

func (s inverseSqrt) Validate() error {
	return firstOf(finite("inversesqrt", "start", s.a), s.validate("inversesqrt", "length"))
}

func (s inverseSqrt) Tail() Tail { return power(s.a, 0.5) }
