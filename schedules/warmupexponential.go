package schedules

import "math"

// WarmupExponential rises by equal factors from a share of where s begins to all of it, over length n, and then runs s, whose time
// begins at the end of the warmup.
//
//	η(t) = s(0) · share^(1 − t/n)    t < n
//	η(t) = s(t − n)                  after that
//
// The share is above 0, since factors never leave 0.
func WarmupExponential[L Length](share float64, n L, s Schedule) Schedule {
	return warmupExponential{lengthOf(n), share, s}
}

type warmupExponential struct {
	Span
	share float64
	then  Schedule
}

func (s warmupExponential) At(t Time) float64 {
	local, done := s.after(t)
	if done {
		return s.then.At(local)
	}
	return s.then.At(local) * math.Pow(s.share, 1-s.Passed(t))
}

func (s warmupExponential) String() string {
	return "warmupexponential(" + text(s.share) + "," + s.Span.String() + ")+" + name(s.then)
}

// CountsEpochs says whether the warmup or what follows it counts in epochs.
func (s warmupExponential) CountsEpochs() bool { return s.inEp || CountsEpochs(s.then) }

func (s warmupExponential) Validate() error {
	const name = "warmupexponential"
	return firstOf(positive(name, "share", s.share), within(name, "share", s.share, 0, 1), s.validate(name, "length"), Validate(s.then))
}

func (s warmupExponential) Tail() Tail { return TailOf(s.then) }

// Inner is what the warmup is in front of.
func (s warmupExponential) Inner() []Schedule { return []Schedule{s.then} }
