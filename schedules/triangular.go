package schedules

// Triangular rises in a straight line from low to high over length up, falls back over length down, and does so again
// and again.
//
//	η(t) = low + (high−low) · h    h = r/up where r < up, 1 − (r−up)/down after it, r = t mod (up+down)
//
// In iterations the cycles are counted in integers, so that every one of them begins at low however far. Smith 2017;
// PyTorch's CyclicLR with mode triangular.
func Triangular[L Length](low, high float64, up, down L) Schedule {
	return triangular{low, high, cycle{lengthOf(up), lengthOf(down)}}
}

type triangular struct {
	low, high float64
	cycle
}

func (s triangular) At(t Time) float64 {
	_, height := s.at(t)
	return mix(height, s.low, s.high)
}

func (s triangular) String() string {
	return "triangular(" + text(s.low) + "," + text(s.high) + "," + s.cycle.String() + ")"
}

func (s triangular) Validate() error {
	return firstOf(finite("triangular", "low", s.low), finite("triangular", "high", s.high), s.validate("triangular"))
}

func (s triangular) Tail() Tail { return wave(s.low, s.high) }
