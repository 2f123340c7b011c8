package schedules

import "math"

// WarmupExponential rises by equal factors from a share of where s begins to all of it, over length n, and then runs s, whose time
// begins at the end of the warmup.
//
//	η(t) = s(0) · share^(1 − t/n)    t < n
//	η(t) = s(t − n)                  after that
//
// The share is above 0, since factors never leave 0.
func WarmupExponential[L Length](share float64, n L, s Schedule) Schedule {
	return warmupExponential{shared{leadIn{lengthOf(n), s}, "warmupexponential", share, func(x, share float64) float64 { return math.Pow(share, 1-x) }}}
}

type warmupExponential struct{ shared }

func (s warmupExponential) Validate() error {
	return firstOf(positive(s.kind, "share", s.share), s.shared.Validate())
}
