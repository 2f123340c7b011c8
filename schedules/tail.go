package schedules

import "math"

// Tail is how the values of a schedule behave in the long run, by its closed form. The zero Tail says that it isn't
// known.
type Tail struct {
	Known bool

	// Power is p where the values are of the order of t^−p: 0 where they stay between two bounds above 0, +Inf where
	// they fall faster than any power or are 0 from some time on, −Inf where they grow.
	Power float64

	// Waves says that they return to that order in every cycle, for a share of it that doesn't shrink, and may be
	// nearer to 0 in between.
	Waves bool
}

// Tailer is an optional interface of Schedule: one that knows its long run. Every schedule of this package does.
type Tailer interface {
	Tail() Tail
}

// TailOf returns a schedule's long run, and the zero Tail for one that is no Tailer.
func TailOf(s Schedule) Tail {
	if t, ok := s.(Tailer); ok {
		return t.Tail()
	}
	return Tail{}
}

// level is the long run of values that end at a. Nothing is said of those below 0.
func level(a float64) Tail {
	switch {
	case a > 0:
		return Tail{Known: true}
	case a == 0:
		return Tail{Known: true, Power: math.Inf(1)}
	}
	return Tail{}
}

// geometric is the long run of a·factorᵏ.
func geometric(a, factor float64) Tail {
	t := level(a)
	switch {
	case !t.Known || a == 0 || factor == 1:
		return t
	case factor < 1:
		return level(0)
	}
	return Tail{Known: true, Power: math.Inf(-1)}
}

// power is the long run of a·t^−p.
func power(a, p float64) Tail {
	t := level(a)
	if a > 0 {
		t.Power = p
	}
	return t
}

// wave is the long run of values that go to and fro between a and b.
func wave(a, b float64) Tail {
	low, high := min(a, b), max(a, b)
	if low == 0 && high > 0 {
		return Tail{Known: true, Waves: true}
	}
	return level(low)
}
