package schedules

// Linear goes from a at the start to b after length n in a straight line, then holds b.
//
//	η(t) = a + (b−a) · t/n    t ≤ n
//
// In iterations it is PyTorch's LinearLR.
func Linear[L Length](a, b float64, n L) Schedule { return linear{a, b, lengthOf(n)} }

type linear struct {
	a, b float64
	Span
}

func (s linear) At(t Time) float64 { return mix(s.Passed(t), s.a, s.b) }

func (s linear) String() string {
	return "linear(" + text(s.a) + "," + text(s.b) + "," + s.Span.String() + ")"
}

func (s linear) Validate() error {
	return firstOf(finite("linear", "start", s.a), finite("linear", "end", s.b), s.validate("linear", "length"))
}

func (s linear) Tail() Tail { return level(s.b) }

// mix is the share x of the way from a to b; it is a for x ≤ 0 and b for x ≥ 1 to the last bit.
func mix(x, a, b float64) float64 {
	x = min(max(x, 0), 1)
	return (1-x)*a + x*b
}
