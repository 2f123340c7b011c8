package schedules

// InverseTime falls as one over time, from a at the start to a half of it after length n, a third after 2n, and so on.
//
//	η(t) = a / (1 + t/n)
//
// It meets Robbins and Monro's conditions: its sum diverges, so that it reaches any point however far, and the sum of
// its squares doesn't, so that the noise of its steps dies out. With n = 1/(aλ) it is the rate of Bottou 2010 for a
// λ-strongly convex function; Robbins & Monro 1951.
func InverseTime[L Length](a float64, n L) Schedule { return inverseTime{a, lengthOf(n)} }

type inverseTime struct {
	a float64
	Span
}

func (s inverseTime) At(t Time) float64 { return s.a / (1 + s.Passed(t)) }

func (s inverseTime) String() string { return "inversetime(" + text(s.a) + "," + s.Span.String() + ")" }

func (s inverseTime) Validate() error {
	return firstOf(finite("inversetime", "start", s.a), s.validate("inversetime", "length"))
}

func (s inverseTime) Tail() Tail { return power(s.a, 1) }
