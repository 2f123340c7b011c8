package schedules

import "math"

// Triangular2 is Triangular whose height halves with every cycle.
//
//	η(t) = low + (high−low) · h / 2ᵏ    k = ⌊t/(up+down)⌋ and h as for Triangular
//
// Smith 2017; PyTorch's CyclicLR with mode triangular2.
func Triangular2[L Length](low, high float64, up, down L) Schedule {
	return triangular2{low, high, cycle{lengthOf(up), lengthOf(down)}}
}

type triangular2 struct {
	low, high float64
	cycle
}

func (s triangular2) At(t Time) float64 {
	k, height := s.at(t)
	return mix(height*math.Exp2(-k), s.low, s.high)
}

func (s triangular2) String() string {
	return "triangular2(" + text(s.low) + "," + text(s.high) + "," + s.cycle.String() + ")"
}

func (s triangular2) Validate() error {
	return firstOf(finite("triangular2", "low", s.low), finite("triangular2", "high", s.high), s.validate("triangular2"))
}

func (s triangular2) Tail() Tail { return level(s.low) }
