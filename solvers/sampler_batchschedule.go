package solvers

import (
	"math"

	"github.com/fallline/fallline/batch"
	"github.com/fallline/fallline/schedules"
	"github.com/pkg/errors"
)

// ScheduleBatch returns a sampler with batches of a size that changes over time: growing the batch in the place of the
// rate's decay takes fewer steps for the same accuracy (Smith, Kindermans, Ying & Le 2018).
//
//	b(t) = s(t), rounded to the next integer, in [1, n]
//
// The sampler must be a Resizer, as Reshuffled, Cyclic and WithReplacement are, and is used up by it. What is drawn,
// and in which order, is what sampler would draw: each epoch ends exactly, with a short batch where one is left. The
// size is a function of the run's time alone, so that a run that goes on after an interruption draws the same batches.
//
// A size outside [1, n] is an error of the iteration that would draw it, and one at the beginning is an error here.
// Estimators that aren't AnyBatch refuse the sampler in Solver.Open, unless s is known to be constant.
func ScheduleBatch(sampler Sampler, s schedules.Schedule) (Sampler, error) {
	if sampler == nil {
		return nil, errors.New("solvers: no sampler (nil) to schedule the batch of")
	}
	r, ok := sampler.(Resizer)
	if !ok {
		return nil, errors.Errorf("solvers: batches of %s have one size: it is no Resizer", typeName(sampler))
	}
	if err := schedules.Validate(s); err != nil {
		return nil, errors.Wrap(err, "solvers: batch")
	}
	b := &scheduledBatch{Resizer: r, schedule: s}
	return b, b.Begin(schedules.Time{N: int64(sampler.Len())})
}

// scheduledBatch is a sampler whose batches change in size.
type scheduledBatch struct {
	Resizer
	schedule schedules.Schedule
	now      schedules.Time
	least    int // examples in a batch; 0 stands for 1
}

// Begin sets the time.
func (s *scheduledBatch) Begin(t schedules.Time) error {
	s.now = t
	size := s.size()
	if n := s.Len(); !(size >= 1 && size <= float64(n)) {
		return errors.Errorf("solvers: batch %v outside [1, %d] at iteration %d (%v)", s.schedule.At(t), n, t.Step, s.schedule)
	}
	if size < float64(s.least) {
		return errors.Errorf("solvers: batch %v at iteration %d (%v), want at least %d: %s", s.schedule.At(t), t.Step, s.schedule, s.least, alone)
	}
	s.Resize(int(size))
	return nil
}

// Join has the sampler join short batches, and sizes below least be errors.
func (s *scheduledBatch) Join(least int) {
	s.least = least
	if j, ok := s.Resizer.(Joiner); ok {
		j.Join(least)
	}
}

// BatchSchedule is the schedule.
func (s *scheduledBatch) BatchSchedule() schedules.Schedule { return s.schedule }

// size is the number of examples that the schedule asks for.
func (s *scheduledBatch) size() float64 { return math.Round(s.schedule.At(s.now)) }

// Next draws a batch, with which an iteration goes by.
func (s *scheduledBatch) Next() batch.Batch {
	b := s.Resizer.Next()
	s.now.Step++
	s.now.Seen += int64(len(b.Index))
	if size := s.size(); size >= 1 { // an illegal one is for Begin to report
		s.Resize(int(min(size, float64(s.Len()))))
	}
	return b
}

// Rehearse returns the same schedule over a sampler of the same sizes, unless the schedule follows a metric.
func (s *scheduledBatch) Rehearse() (Sampler, bool) {
	inner, ok := rehearse(s.Resizer)
	if !ok || !schedules.Pure(s.schedule) {
		return nil, false
	}
	resizer, ok := inner.(Resizer)
	return &scheduledBatch{Resizer: resizer, schedule: s.schedule, least: s.least}, ok
}
