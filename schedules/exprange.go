package schedules

import "math"

// ExpRange is Triangular whose height falls smoothly, by factor in every cycle.
//
//	η(t) = low + (high−low) · h · factor^(t/(up+down))    h as for Triangular
//
// Smith 2017; PyTorch's CyclicLR with mode exp_range, whose gamma is a factor an iteration: factor = gamma^(up+down).
func ExpRange[L Length](low, high, factor float64, up, down L) Schedule {
	return expRange{low, high, factor, cycle{lengthOf(up), lengthOf(down)}}
}

type expRange struct {
	low, high, factor float64
	cycle
}

func (s expRange) At(t Time) float64 {
	_, height := s.at(t)
	return mix(height*math.Pow(s.factor, s.up.at(t)/s.size()), s.low, s.high)
}

func (s expRange) String() string {
	return "exprange(" + text(s.low) + "," + text(s.high) + "," + text(s.factor) + "," + s.cycle.String() + ")"
}

func (s expRange) Validate() error {
	const name = "exprange"
	return firstOf(finite(name, "low", s.low), finite(name, "high", s.high), positive(name, "factor", s.factor),
		within(name, "factor", s.factor, 0, 1), s.validate(name))
}

func (s expRange) Tail() Tail {
	if s.factor < 1 {
		return level(s.low)
	}
	return wave(s.low, s.high)
}
