package schedules

// WarmupFrom rises in a straight line from a share of where s begins to all of it, over length n, and then runs s, whose time begins at
// the end of the warmup.
//
//	η(t) = s(0) · (share + (1−share) · t/n)    t < n
//	η(t) = s(t − n)                            after that
//
// Warmup is the one to take where there is no reason for a certain share. In iterations it is PyTorch's LinearLR in front of another
// schedule.
func WarmupFrom[L Length](share float64, n L, s Schedule) Schedule {
	return warmupFrom{lengthOf(n), share, s}
}

type warmupFrom struct {
	Span
	share float64
	then  Schedule
}

func (s warmupFrom) At(t Time) float64 {
	local, done := s.after(t)
	if done {
		return s.then.At(local)
	}
	return s.then.At(local) * mix(s.Passed(t), s.share, 1)
}

func (s warmupFrom) String() string {
	return "warmupfrom(" + text(s.share) + "," + s.Span.String() + ")+" + name(s.then)
}

// CountsEpochs says whether the warmup or what follows it counts in epochs.
func (s warmupFrom) CountsEpochs() bool { return s.inEp || CountsEpochs(s.then) }

func (s warmupFrom) Validate() error {
	return firstOf(within("warmupfrom", "share", s.share, 0, 1), s.validate("warmupfrom", "length"), Validate(s.then))
}

func (s warmupFrom) Tail() Tail { return TailOf(s.then) }

// Inner is what the warmup is in front of.
func (s warmupFrom) Inner() []Schedule { return []Schedule{s.then} }
