package schedules

// OneCycleMomentum is the momentum that goes with OneCycle: high while the rate is low. It falls from high to low over
// a part of length n, rises to high over the rest of it, both along half a cosine, and holds that.
//
// Take the rise and the length of the rate; usual are 0.95 and 0.85. Smith & Topin 2018, PyTorch's OneCycleLR with
// cycle_momentum.
func OneCycleMomentum[L Length](high, low, rise float64, n L) Schedule {
	return oneCycleMomentum{oneCycle{"onecyclemomentum", high, low, high, rise, lengthOf(n), halfCosine}}
}

// OneCycleMomentumLinear is OneCycleMomentum in straight lines, to go with OneCycleLinear.
func OneCycleMomentumLinear[L Length](high, low, rise float64, n L) Schedule {
	return oneCycleMomentum{oneCycle{"onecyclemomentumlinear", high, low, high, rise, lengthOf(n), mix}}
}

type oneCycleMomentum struct{ oneCycle }

func (s oneCycleMomentum) String() string {
	return s.kind + "(" + text(s.start) + "," + text(s.peak) + "," + text(s.rise) + "," + s.Span.String() + ")"
}

func (s oneCycleMomentum) Validate() error {
	return firstOf(finite(s.kind, "high", s.start), finite(s.kind, "low", s.peak), between(s.kind, "rise", s.rise),
		s.validate(s.kind, "length"))
}
