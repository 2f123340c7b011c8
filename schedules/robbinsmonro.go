package schedules

import "fmt"

// Answer is yes, no or unknown.
type Answer int

// The answers.
const (
	Unknown Answer = iota
	No
	Yes
)

func (a Answer) String() string {
	switch a {
	case No:
		return "no"
	case Yes:
		return "yes"
	}
	return "unknown"
}

// RobbinsMonro says whether a schedule, taken as a learning rate, meets the conditions of Robbins & Monro 1951 for
// stochastic gradient descent to converge, and why.
//
//	Σ η(t) = ∞     it gets to the minimum however far that is
//	Σ η(t)² < ∞    the noise of its steps dies out
//
// It is told by closed form, not by adding up: by what TailOf says of the long run. Values of the order of t^−p meet
// both for ½ < p ≤ 1. The conditions are about an endless run, so that most schedules for a run of given length, which
// end at 0, don't meet them.
func RobbinsMonro(s Schedule) (Answer, string) {
	switch tail := TailOf(s); {
	case !tail.Known:
		return Unknown, "its long run isn't known"
	case tail.Power > 1:
		return No, "its sum is finite: it may stop short of the minimum"
	case tail.Power < 0:
		return No, "the sum of its squares is infinite: it grows"
	case tail.Power == 0:
		return No, "the sum of its squares is infinite: it doesn't vanish, and the noise stays"
	case tail.Power <= 0.5:
		return No, fmt.Sprintf("the sum of its squares is infinite: it vanishes as t^-%.4g, too slowly for the noise to die out", tail.Power)
	default:
		return Yes, fmt.Sprintf("it vanishes as t^-%.4g: its sum is infinite, that of its squares is finite", tail.Power)
	}
}
