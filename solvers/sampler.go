package solvers

import (
	"math"
	"math/bits"
	"math/rand/v2"

	"github.com/fallline/fallline/batch"
	"github.com/fallline/fallline/schedules"
	"github.com/pkg/errors"
)

// Sampler draws the batches of a run. Its choice is a function of its seed and of how many batches it has drawn, so
// that all there is to save is a counter.
type Sampler interface {
	// Len is the number of examples to choose from.
	Len() int
	// Batch is the number of examples in a full batch.
	Batch() int
	// Next draws a batch. Its Index is valid until Next is called again.
	Next() batch.Batch
	// Peek is the batch that the next Next is going to return.
	Peek() batch.Batch
	// Visit shows the counter, as Source.Visit does.
	Visit(func(name string, array any))
}

// Ordered is an optional interface of Sampler: it goes through orders of all examples, so that none stands in a batch
// twice, and many batches can be drawn in one piece.
type Ordered interface {
	Sampler
	// Draw draws up to most examples, at least one and all of one epoch, as so many batches of one would be. The slice
	// is valid until the next call of Draw or Next.
	Draw(most int) []int32
}

// checkSampler validates what all samplers take.
func checkSampler(name string, n, batch int) error {
	switch {
	case n < 1 || n > math.MaxInt32:
		return errors.Errorf("solvers: %s sampler over %d examples, want 1 to %d", name, n, math.MaxInt32)
	case batch < 1 || batch > n:
		return errors.Errorf("solvers: %s sampler with batches of %d examples, want 1 to %d", name, batch, n)
	}
	return nil
}

// position is a sampler's counter.
type position [1]int64

func (p *position) value() int64 { return max(p[0], 0) }

// Visit shows the counter.
func (p *position) Visit(visit func(name string, array any)) { visit("sampler.position", p[:]) }

// stream sets pcg to the random numbers of one epoch or batch.
func stream(pcg *rand.PCG, seed uint64, of int64) {
	pcg.Seed(seed, (uint64(of)+1)*0x9e3779b97f4a7c15) // a multiple of 2⁶⁴/φ, so that neighbours are far apart
}

// below returns a random number in [0, n) without bias (Lemire 2019).
func below(pcg *rand.PCG, n uint64) uint64 {
	hi, lo := bits.Mul64(pcg.Uint64(), n)
	if lo < n {
		for floor := -n % n; lo < floor; {
			hi, lo = bits.Mul64(pcg.Uint64(), n)
		}
	}
	return hi
}

// Resizer is an optional interface of Sampler: its batches may change in size.
type Resizer interface {
	Sampler

	// Resize sets the number of examples in full batches from the next one on, in [1, Len]. A batch that was peeked at
	// is drawn anew in the new size.
	Resize(batch int)
}

// Timed is an optional interface of Sampler: its batches depend on the time, which a Run tells it before each
// iteration.
type Timed interface {
	// Begin says that the iteration that begins at t is next. An error ends the run before it.
	Begin(t schedules.Time) error
	// BatchSchedule is the number of examples in a batch over time. Estimators that aren't AnyBatch take only one that
	// is constant.
	BatchSchedule() schedules.Schedule
}

// checkBatch refuses a sampler whose batches change in size for an estimator that counts on one size.
func (s *Solver) checkBatch(sampler Sampler) error {
	t, ok := sampler.(Timed)
	if !ok || schedules.Fixed(t.BatchSchedule()) {
		return nil
	}
	if _, any := s.estimator.(AnyBatch); any {
		return nil
	}
	return errors.Errorf("solvers: %s wants batches of one size, on which its periods, table or odds depend, and the batch is scheduled as %v: MiniBatch and STORM take any",
		typeName(s.estimator), t.BatchSchedule())
}
