package schedules

import "github.com/pkg/errors"

// LinearScaling adapts s, which is right for batches of reference examples, to another batch size: the value grows in
// proportion, and gets there in a straight line over length n. The time of s is that of the whole run, so that its
// milestones stay where they are.
//
//	η(t) = s(t) · (1 + (k−1) · t/n)    t < n, k = batch/reference
//	η(t) = s(t) · k                    after that
//
// Where k is at most 1 there is nothing to warm up for, and it is k at once. Goyal et al. 2017, section 2: n is 5
// epochs there, and s Milestones(0.1, 0.1, Epochs(30), Epochs(60), Epochs(80)) for a reference of 256.
func LinearScaling[L Length](s Schedule, batch, reference int, n L) Schedule {
	return linearScaling{s, int64(batch), int64(reference), lengthOf(n)}
}

type linearScaling struct {
	s                Schedule
	batch, reference int64
	Span
}

func (s linearScaling) At(t Time) float64 {
	k := float64(s.batch) / float64(s.reference)
	if k <= 1 {
		return k * s.s.At(t)
	}
	return mix(s.Passed(t), 1, k) * s.s.At(t)
}

func (s linearScaling) String() string {
	return "linearscaling(" + name(s.s) + "," + Of(s.batch).String() + "," + Of(s.reference).String() + "," + s.Span.String() + ")"
}

func (s linearScaling) Validate() error {
	if s.batch < 1 || s.reference < 1 {
		return errors.Errorf("schedules: linearscaling: batch %d for a reference of %d, want both at least 1", s.batch, s.reference)
	}
	return s.validate("linearscaling", "length")
}

func (s linearScaling) Tail() Tail { return TailOf(s.s) }

// Inner is the schedule for the reference.
func (s linearScaling) Inner() []Schedule { return []Schedule{s.s} }
