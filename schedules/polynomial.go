package schedules

import "math"

// Polynomial falls (or rises) from a at the start to b after length n along a power of the time left, then holds b.
//
//	η(t) = b + (a−b) · (1 − t/n)^power    t ≤ n
//
// Power 1 is a straight line; above 1 it falls fast at first, below 1 late. In iterations, with b = 0, it is PyTorch's
// PolynomialLR.
func Polynomial[L Length](a, b, power float64, n L) Schedule {
	return polynomial{a, b, power, lengthOf(n)}
}

type polynomial struct {
	a, b, power float64
	Span
}

func (s polynomial) At(t Time) float64 {
	left := math.Pow(max(1-s.Passed(t), 0), s.power)
	return mix(left, s.b, s.a)
}

func (s polynomial) String() string {
	return "polynomial(" + text(s.a) + "," + text(s.b) + "," + text(s.power) + "," + s.Span.String() + ")"
}

func (s polynomial) Validate() error {
	return firstOf(finite("polynomial", "start", s.a), finite("polynomial", "end", s.b),
		positive("polynomial", "power", s.power), s.validate("polynomial", "length"))
}

func (s polynomial) Tail() Tail { return level(s.b) }
