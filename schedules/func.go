package schedules

import "github.com/pkg/errors"

// Func is any function of time, counted in lengths n.
//
//	η(t) = f(t/n)
//
// The function must be pure. The name is for logs; Parse can't read it back. One that needs more than t/n is a Schedule
// of its own.
func Func[L Length](name string, n L, f func(x float64) float64) Schedule {
	return function{name, lengthOf(n), f}
}

type function struct {
	name string
	Span
	f func(x float64) float64
}

func (s function) At(t Time) float64 { return s.f(s.Passed(t)) }

func (s function) String() string { return "func(" + s.name + "," + s.Span.String() + ")" }

func (s function) Validate() error {
	if s.f == nil {
		return errors.New("schedules: func: no function (nil)")
	}
	return s.validate("func", "length")
}

// Tail says that the long run isn't known: a function has no closed form to tell it from.
func (s function) Tail() Tail { return Tail{} }
