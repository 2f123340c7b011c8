package main

import "math"

// verdict is what a measurement says about a claim.
type verdict string

const (
	borneOut  verdict = "borne out"
	notBorne  verdict = "not borne out"
	undecided verdict = "undecided"
	unjudged  verdict = "quick run: no verdict"
)

// bounds are the values for which a claim holds, tolerance included.
type bounds struct {
	Low  number `json:"low"`
	High number `json:"high"`
}

func within(low, high float64) bounds { return bounds{number(low), number(high)} }
func atLeast(low float64) bounds      { return bounds{number(low), number(math.Inf(1))} }
func atMost(high float64) bounds      { return bounds{number(math.Inf(-1)), number(high)} }

// String is as in "at most 0.5" and "from 0.95 to 1.05".
func (b bounds) String() string {
	switch {
	case math.IsInf(float64(b.Low), -1):
		return "at most " + b.High.String()
	case math.IsInf(float64(b.High), 1):
		return "at least " + b.Low.String()
	}
	return "from " + b.Low.String() + " to " + b.High.String()
}

// finding is a claim with what was measured of it.
type finding struct {
	Claim    string   `json:"claim"`    // a sentence
	Quantity string   `json:"quantity"` // what was measured
	Value    interval `json:"value"`
	Want     bounds   `json:"want"` // where the quantity lies if the claim holds
	Verdict  verdict  `json:"verdict"`
}

// judge is borne out where all of the interval lies within the bounds, not borne out where none of it does, and
// undecided where some does or where the measurement came to nothing.
func judge(v interval, want bounds) verdict {
	switch {
	case math.IsNaN(float64(v.Low)) || math.IsNaN(float64(v.High)) || math.IsNaN(float64(v.Mean)):
		return undecided
	case v.Low >= want.Low && v.High <= want.High:
		return borneOut
	case v.High < want.Low || v.Low > want.High:
		return notBorne
	}
	return undecided
}

// together is the verdict on several findings: borne out if all are, and not borne out if one isn't.
func together(findings []finding) verdict {
	all := borneOut
	for _, f := range findings {
		switch f.Verdict {
		case unjudged, notBorne:
			return f.Verdict
		case undecided:
			all = undecided
		}
	}
	return all
}
