package schedules

// Warmup rises linearly to where s begins, over length n, and then runs s, whose time begins at the end of the warmup.
//
//	η(t) = s(0) · (t+1)/n    t < n, in iterations
//	η(t) = s(0) · t/n        t < n, in epochs
//	η(t) = s(t − n)          after that
//
// In iterations even the first step moves; in epochs the first iteration has the value 0, because it alone doesn't know
// how long an iteration is. Where s counts in the other unit its clock is moved back in proportion to the examples that
// an iteration has had on average. Goyal et al. 2017, section 2.2 (gradual warmup).
func Warmup[L Length](n L, s Schedule) Schedule { return warmup{leadIn{lengthOf(n), s}} }

type warmup struct{ leadIn }

func (s warmup) At(t Time) float64 {
	local, done := s.after(t)
	if done {
		return s.then.At(local)
	}
	passed := s.at(t)
	if !s.inEp {
		passed++
	}
	return s.then.At(local) * passed / s.size()
}

func (s warmup) String() string { return "warmup(" + s.Span.String() + ")+" + name(s.then) }

func (s warmup) Validate() error { return s.validate("warmup", "length") }
