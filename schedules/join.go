package schedules

import (
	"slices"
	"strings"

	"github.com/pkg/errors"
)

// Join runs schedules one after the other: first from the start of the run, each of the others from its boundary on,
// where its time begins. The boundaries rise, and are all in iterations or all in epochs, from the start of the run.
//
//	η(t) = first(t)        t < n₁
//	η(t) = sᵢ(t − nᵢ)      nᵢ ≤ t < nᵢ₊₁
//
// For example Join(Constant(0.1), From(500, Cosine(0.1, 0, 2000)), From(2500, Constant(0.001))). It is PyTorch's
// SequentialLR. Then is the one to take for two, or where a length is counted from the boundary before.
func Join(first Schedule, parts ...Part) Schedule { return join{first, parts} }

// Part is a schedule from a boundary on, for Join. From makes one.
type Part struct {
	at Span
	s  Schedule
}

// From is what Join runs from length n after its start on.
func From[L Length](n L, s Schedule) Part { return Part{lengthOf(n), s} }

type join struct {
	first Schedule
	parts []Part
}

func (s join) At(t Time) float64 {
	for _, p := range slices.Backward(s.parts) {
		if local, done := p.at.after(t); done {
			return p.s.At(local)
		}
	}
	return s.first.At(t)
}

func (s join) String() string {
	var b strings.Builder
	b.WriteString("join(" + name(s.first))
	for _, p := range s.parts {
		b.WriteString("," + p.at.String() + "," + name(p.s))
	}
	return b.String() + ")"
}

// CountsEpochs says whether the boundaries are in epochs.
func (s join) CountsEpochs() bool {
	return slices.ContainsFunc(s.parts, func(p Part) bool { return p.at.inEp })
}

func (s join) Validate() error {
	if len(s.parts) == 0 {
		return errors.New("schedules: join: no boundaries, want at least 1")
	}
	var times []Span
	for _, p := range s.parts {
		times = append(times, p.at)
	}
	return rising("join", "boundary", times)
}

func (s join) Tail() Tail {
	if len(s.parts) == 0 {
		return TailOf(s.first)
	}
	return TailOf(s.parts[len(s.parts)-1].s)
}

// Inner is all of them in order.
func (s join) Inner() []Schedule {
	all := []Schedule{s.first}
	for _, p := range s.parts {
		all = append(all, p.s)
	}
	return all
}
