package schedules

// leadIn is what all warmups have in common: a length, and the schedule that follows it.
type leadIn struct {
	Span
	then Schedule
}

func (s leadIn) Tail() Tail { return TailOf(s.then) }

// Inner is what the warmup is in front of.
func (s leadIn) Inner() []Schedule { return []Schedule{s.then} }

// ramp is a warmup from a part of where its successor begins.
type ramp struct {
	leadIn
	kind  string
	start float64
	rise  func(x, start float64) float64 // the factor after a part x of the length, in [0, 1)
}

func (s ramp) At(t Time) float64 {
	local, done := s.after(t)
	if done {
		return s.then.At(local)
	}
	return s.then.At(local) * s.rise(s.Passed(t), s.start)
}

func (s ramp) String() string {
	return s.kind + "(" + text(s.start) + "," + s.Span.String() + ")+" + name(s.then)
}

func (s ramp) Validate() error {
	return firstOf(within(s.kind, "start", s.start, 0, 1), s.validate(s.kind, "length"))
}
