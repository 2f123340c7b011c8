package schedules

// WarmupConstant holds a share of where s begins for length n, and then runs s, whose time begins at the end of the warmup.
//
//	η(t) = s(0) · share    t < n
//	η(t) = s(t − n)        after that
//
// In iterations it is PyTorch's ConstantLR in front of another schedule. He et al. 2016, section 4.2, train their deepest network so;
// Goyal et al. 2017, section 2.2, call it constant warmup.
func WarmupConstant[L Length](share float64, n L, s Schedule) Schedule {
	return warmupConstant{lengthOf(n), share, s}
}

type warmupConstant struct {
	Span
	share float64
	then  Schedule
}

func (s warmupConstant) At(t Time) float64 {
	local, done := s.after(t)
	if done {
		return s.then.At(local)
	}
	return s.then.At(local) * s.share
}

func (s warmupConstant) String() string {
	return "warmupconstant(" + text(s.share) + "," + s.Span.String() + ")+" + name(s.then)
}

// CountsEpochs says whether the warmup or what follows it counts in epochs.
func (s warmupConstant) CountsEpochs() bool { return s.inEp || CountsEpochs(s.then) }

func (s warmupConstant) Validate() error {
	return firstOf(within("warmupconstant", "share", s.share, 0, 1), s.validate("warmupconstant", "length"), Validate(s.then))
}

func (s warmupConstant) Tail() Tail { return TailOf(s.then) }

// Inner is what the warmup is in front of.
func (s warmupConstant) Inner() []Schedule { return []Schedule{s.then} }
