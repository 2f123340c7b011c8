package schedules

import "math"

// Scale is a schedule times a number.
//
//	η(t) = factor · s(t)
func Scale(factor float64, s Schedule) Schedule { return scale{factor, s} }

type scale struct {
	factor float64
	s      Schedule
}

func (s scale) At(t Time) float64 { return s.factor * s.s.At(t) }

func (s scale) String() string { return "scale(" + text(s.factor) + "," + name(s.s) + ")" }

func (s scale) Validate() error { return finite("scale", "factor", s.factor) }

func (s scale) Tail() Tail { return TailOf(s.s).times(level(s.factor)) }

// Inner is what is scaled.
func (s scale) Inner() []Schedule { return []Schedule{s.s} }

// times is the long run of a product.
func (a Tail) times(b Tail) Tail {
	zero := math.Inf(1)
	switch {
	case !a.Known || !b.Known || a.Waves && b.Waves:
		return Tail{}
	case a.Power == -b.Power && math.IsInf(a.Power, 0): // something that vanishes times something that grows
		return Tail{}
	case a.Power == zero || b.Power == zero:
		return level(0)
	}
	return Tail{Known: true, Power: a.Power + b.Power, Waves: a.Waves || b.Waves}
}
