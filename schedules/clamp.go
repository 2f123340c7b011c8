package schedules

import "github.com/pkg/errors"

// Clamp keeps a schedule within bounds.
//
//	η(t) = min(max(s(t), low), high)
func Clamp(low, high float64, s Schedule) Schedule { return clamp{low, high, s} }

type clamp struct {
	low, high float64
	s         Schedule
}

func (s clamp) At(t Time) float64 { return min(max(s.s.At(t), s.low), s.high) }

func (s clamp) String() string {
	return "clamp(" + text(s.low) + "," + text(s.high) + "," + name(s.s) + ")"
}

func (s clamp) Validate() error {
	if err := firstOf(finite("clamp", "low", s.low), finite("clamp", "high", s.high)); err != nil {
		return err
	}
	if s.low > s.high {
		return errors.Errorf("schedules: clamp: low %v above high %v", s.low, s.high)
	}
	return nil
}

func (s clamp) Tail() Tail {
	switch tail := TailOf(s.s); {
	case s.low > 0 || s.high <= 0: // between two bounds above 0, or never above it
		return level(min(max(s.low, 0), s.high))
	case tail.Known && tail.Power < 0: // in the end at the upper bound
		return level(s.high)
	default:
		return tail
	}
}

// Inner is what is kept within bounds.
func (s clamp) Inner() []Schedule { return []Schedule{s.s} }
