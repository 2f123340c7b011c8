package schedules

// Constant is the same value for ever.
//
//	η(t) = a
func Constant(a float64) Schedule { return constant{a} }

type constant struct{ a float64 }

func (s constant) At(Time) float64 { return s.a }

func (s constant) String() string { return "constant(" + text(s.a) + ")" }

func (s constant) Validate() error { return finite("constant", "value", s.a) }

func (s constant) Tail() Tail { return level(s.a) }
