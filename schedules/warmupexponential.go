package schedules

import "math"

// WarmupExponential rises by equal factors from a part of where s begins to all of it, over length n, and then runs s,
// whose time begins at the end of the warmup.
//
//	η(t) = s(0) · start^(1 − t/n)    t < n
//	η(t) = s(t − n)                  after that
//
// The start is above 0, since factors never leave 0.
func WarmupExponential[L Length](start float64, n L, s Schedule) Schedule {
	return warmupExponential{ramp{leadIn{lengthOf(n), s}, "warmupexponential", start, func(x, start float64) float64 { return math.Pow(start, 1-x) }}}
}

type warmupExponential struct{ ramp }

func (s warmupExponential) Validate() error {
	return firstOf(positive(s.kind, "start", s.start), s.ramp.Validate())
}
