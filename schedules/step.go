package schedules

import (
	"math"
	"strings"

	"github.com/pkg/errors"
)

// Step starts at a and is multiplied by factor after every length n, all at once.
//
//	η(t) = a · factor^⌊t/n⌋
//
// In iterations it is PyTorch's StepLR.
func Step[L Length](a, factor float64, n L) Schedule { return step{a, factor, lengthOf(n)} }

type step struct {
	a, factor float64
	Span
}

func (s step) At(t Time) float64 { return s.a * math.Pow(s.factor, s.count(t)) }

func (s step) String() string {
	return "step(" + text(s.a) + "," + text(s.factor) + "," + s.Span.String() + ")"
}

func (s step) Validate() error {
	return firstOf(finite("step", "start", s.a), positive("step", "factor", s.factor), s.validate("step", "interval"))
}

func (s step) Tail() Tail { return geometric(s.a, s.factor) }

// Milestones starts at a and is multiplied by factor at each of the given times, which must rise.
//
//	η(t) = a · factor^(number of milestones ≤ t)
//
// In iterations it is PyTorch's MultiStepLR. Dividing by ten at epochs 30, 60 and 90 is
// Milestones(0.1, 0.1, Epochs(30), Epochs(60), Epochs(90)).
func Milestones[L Length](a, factor float64, at ...L) Schedule {
	s := milestones{a: a, factor: factor}
	for _, n := range at {
		s.times = append(s.times, lengthOf(n))
	}
	return s
}

type milestones struct {
	a, factor float64
	times     []Span
}

func (s milestones) At(t Time) float64 {
	passed := 0
	for _, n := range s.times {
		if n.at(t) >= n.size() {
			passed++
		}
	}
	return s.a * math.Pow(s.factor, float64(passed))
}

func (s milestones) String() string {
	var b strings.Builder
	b.WriteString("milestones(" + text(s.a) + "," + text(s.factor))
	for _, n := range s.times {
		b.WriteString("," + n.String())
	}
	return b.String() + ")"
}

// CountsEpochs says whether the milestones are in epochs.
func (s milestones) CountsEpochs() bool { return len(s.times) > 0 && s.times[0].inEp }

func (s milestones) Validate() error {
	if len(s.times) == 0 {
		return errors.New("schedules: milestones: none given, want at least 1")
	}
	return firstOf(rising("milestones", "milestone", s.times),
		finite("milestones", "start", s.a), positive("milestones", "factor", s.factor))
}

func (s milestones) Tail() Tail { return level(s.a) }
