package schedules

import "math"

// Cosine falls (or rises) from a at the start to b after length n, then holds b.
//
//	η(t) = b + (a−b)/2 · (1 + cos(π t/n))    t ≤ n
//
// It is a at t = 0 and b from t = n on to the last bit. Loshchilov & Hutter 2017, eq. 5, one cycle; up to n it is
// PyTorch's CosineAnnealingLR, which rises again after that.
func Cosine[L Length](a, b float64, n L) Schedule { return cosine{a, b, lengthOf(n)} }

type cosine struct {
	a, b float64
	Span
}

func (s cosine) At(t Time) float64 {
	if s.at(t) >= s.size() {
		return s.b
	}
	height := (1 + math.Cos(math.Pi*s.at(t)/s.size())) / 2
	return height*s.a + (1-height)*s.b
}

func (s cosine) String() string {
	return "cosine(" + text(s.a) + "," + text(s.b) + "," + s.Span.String() + ")"
}

func (s cosine) Validate() error {
	return firstOf(finite("cosine", "start", s.a), finite("cosine", "end", s.b), s.validate("cosine", "length"))
}

func (s cosine) Tail() Tail { return level(s.b) }
