package schedules

// Then runs first for length n, and after that second, whose time begins there.
//
//	η(t) = first(t)         t < n
//	η(t) = second(t − n)    t ≥ n
//
// Where second counts in the other unit than n, its clock is moved back in proportion to the examples that an iteration
// has had on average. Chains nest: Then(a, 100, Then(b, 50, c)).
func Then[L Length](first Schedule, n L, second Schedule) Schedule {
	return then{lengthOf(n), first, second}
}

type then struct {
	Span
	first, second Schedule
}

func (s then) At(t Time) float64 {
	if local, done := s.after(t); done {
		return s.second.At(local)
	}
	return s.first.At(t)
}

func (s then) String() string {
	return "then(" + name(s.first) + "," + s.Span.String() + "," + name(s.second) + ")"
}

func (s then) Validate() error { return s.validate("then", "length") }

func (s then) Tail() Tail { return TailOf(s.second) }

// Inner is the two.
func (s then) Inner() []Schedule { return []Schedule{s.first, s.second} }

// name is a schedule's text, also of one that isn't there.
func name(s Schedule) string {
	if s == nil {
		return "nil"
	}
	return s.String()
}
