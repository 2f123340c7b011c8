package schedules

import "math"

// OneCycle rises from start to peak over a part of length n, falls to end over the rest of it, both along half a
// cosine, and holds the end.
//
//	η(t) = peak + (start−peak)/2 · (1 + cos(π t/(rise·n)))            t < rise·n
//	η(t) = end + (peak−end)/2 · (1 + cos(π (t/n − rise)/(1 − rise)))  rise·n ≤ t < n
//	η(t) = end                                                         after that
//
// Usual are a rise of 0.3, a start of peak/25 and an end of peak/250,000. Smith & Topin 2018 (super-convergence).
// PyTorch's OneCycleLR of k steps reaches its peak after pct_start·k − 1 steps and its end after k − 1: it is this with
// n = k − 1 and rise = (pct_start·k − 1)/(k − 1).
func OneCycle[L Length](start, peak, end, rise float64, n L) Schedule {
	return oneCycle{"onecycle", start, peak, end, rise, lengthOf(n), halfCosine}
}

// OneCycleLinear is OneCycle in straight lines, as in Smith & Topin 2018.
func OneCycleLinear[L Length](start, peak, end, rise float64, n L) Schedule {
	return oneCycle{"onecyclelinear", start, peak, end, rise, lengthOf(n), mix}
}

type oneCycle struct {
	kind                   string
	start, peak, end, rise float64
	Span
	curve func(x, a, b float64) float64
}

func (s oneCycle) At(t Time) float64 {
	x := s.Passed(t)
	if x < s.rise {
		return s.curve(x/s.rise, s.start, s.peak)
	}
	return s.curve((x-s.rise)/(1-s.rise), s.peak, s.end)
}

func (s oneCycle) String() string {
	return s.kind + "(" + text(s.start) + "," + text(s.peak) + "," + text(s.end) + "," + text(s.rise) + "," + s.Span.String() + ")"
}

func (s oneCycle) Validate() error {
	return firstOf(finite(s.kind, "start", s.start), finite(s.kind, "peak", s.peak), finite(s.kind, "end", s.end),
		between(s.kind, "rise", s.rise), s.validate(s.kind, "length"))
}

func (s oneCycle) Tail() Tail { return level(s.end) }

// halfCosine is the way from a to b along half a cosine; it is a for x ≤ 0 and b for x ≥ 1 to the last bit.
func halfCosine(x, a, b float64) float64 {
	x = min(max(x, 0), 1)
	return mix((1+math.Cos(math.Pi*x))/2, b, a)
}
