package schedules

import "github.com/pkg/errors"

// Trapezoid rises in a straight line from start to peak over length up, holds the peak for length hold, falls in a
// straight line to end over length down, and holds the end.
//
//	η(t) = start + (peak−start) · t/up          t < up
//	η(t) = peak                                 up ≤ t < up+hold
//	η(t) = peak + (end−peak) · (t−up−hold)/down up+hold ≤ t < up+hold+down
//	η(t) = end                                  after that
//
// Any of the three lengths may be 0, though not all of them: with hold 0 it is a triangle, such as Trapezoid(0.2, 1,
// 0.07, 230, 0, 770). It is also known as warmup-stable-decay. Zhai et al. 2022, section 3.5; Hu et al. 2024 (MiniCPM).
func Trapezoid[L Length](start, peak, end float64, up, hold, down L) Schedule {
	s := trapezoid{start, peak, end, lengthOf(up), lengthOf(hold), lengthOf(down)}
	epochs := s.up.inEp || s.hold.inEp || s.down.inEp
	for _, n := range []*Span{&s.up, &s.hold, &s.down} {
		if *n == (Span{}) { // nothing is the same in either unit
			n.inEp = epochs
		}
	}
	return s
}

type trapezoid struct {
	start, peak, end float64
	up, hold, down   Span
}

func (s trapezoid) At(t Time) float64 {
	passed := s.up.at(t)
	if passed < s.up.size() {
		return mix(passed/s.up.size(), s.start, s.peak)
	}
	if passed -= s.up.size(); passed < s.hold.size() {
		return s.peak
	}
	if passed -= s.hold.size(); passed < s.down.size() {
		return mix(passed/s.down.size(), s.peak, s.end)
	}
	return s.end
}

func (s trapezoid) String() string {
	return "trapezoid(" + text(s.start) + "," + text(s.peak) + "," + text(s.end) + "," +
		s.up.String() + "," + s.hold.String() + "," + s.down.String() + ")"
}

// CountsEpochs says whether the lengths are in epochs.
func (s trapezoid) CountsEpochs() bool { return s.up.inEp }

func (s trapezoid) Validate() error {
	const name = "trapezoid"
	if err := firstOf(finite(name, "start", s.start), finite(name, "peak", s.peak), finite(name, "end", s.end),
		s.up.orNone(name, "rise"), s.hold.orNone(name, "hold"), s.down.orNone(name, "fall"),
		sameUnit(name, s.up, s.hold, s.down)); err != nil {
		return err
	}
	if s.up.size()+s.hold.size()+s.down.size() == 0 {
		return errors.Errorf("schedules: %s: lengths of rise, hold and fall all 0, want one above 0", name)
	}
	return nil
}

func (s trapezoid) Tail() Tail { return level(s.end) }
