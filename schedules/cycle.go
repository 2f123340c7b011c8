package schedules

import "math"

// cycle is a triangle that repeats: up over one length, down over another of the same unit.
type cycle struct{ up, down Span }

// at returns the number of whole cycles passed and the height within the present one: 0 at its ends, 1 at its peak.
func (c cycle) at(t Time) (k, height float64) {
	var passed float64 // since the cycle began
	if c.up.inEp {
		now := t.Epoch()
		passed = math.Mod(now, c.size())
		k = math.Round((now - passed) / c.size())
	} else {
		length := max(c.up.steps, 1)
		length += min(max(c.down.steps, 0), math.MaxInt64-length)
		k, passed = float64(t.Step/length), float64(t.Step%length)
	}
	if up := c.up.size(); passed < up {
		return k, passed / up
	}
	return k, 1 - (passed-c.up.size())/c.down.size()
}

func (c cycle) size() float64 { return c.up.size() + c.down.size() }

func (c cycle) String() string { return c.up.String() + "," + c.down.String() }

// CountsEpochs says whether the lengths are in epochs.
func (c cycle) CountsEpochs() bool { return c.up.inEp }

func (c cycle) validate(schedule string) error {
	return firstOf(c.up.validate(schedule, "rise"), c.down.validate(schedule, "fall"), sameUnit(schedule, c.up, c.down))
}
