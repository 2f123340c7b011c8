package schedules

// leadIn is what all warmups have in common: a length, and the schedule that follows it.
type leadIn struct {
	Span
	then Schedule
}

func (s leadIn) Tail() Tail { return TailOf(s.then) }

// Inner is what the warmup is in front of.
func (s leadIn) Inner() []Schedule { return []Schedule{s.then} }

// shared is a warmup from a share of where its successor begins.
type shared struct {
	leadIn
	kind  string
	share float64
	rise  func(x, share float64) float64 // the share after a part x of the length, in [0, 1)
}

func (s shared) At(t Time) float64 {
	local, done := s.after(t)
	if done {
		return s.then.At(local)
	}
	return s.then.At(local) * s.rise(s.Passed(t), s.share)
}

func (s shared) String() string {
	return s.kind + "(" + text(s.share) + "," + s.Span.String() + ")+" + name(s.then)
}

func (s shared) Validate() error {
	return firstOf(within(s.kind, "share", s.share, 0, 1), s.validate(s.kind, "length"))
}
