package solvers

import (
	"github.com/fallline/fallline/batch"
	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/vector"
)

// MiniBatch is the mean gradient of one batch, the default estimator.
//
//	g = 1/|B| Σ_B ∇fᵢ(w)
//
// Drawn with replacement it is an unbiased estimate of the full gradient, and its variance is σ²/|B|; a batch of
// different examples has (n−|B|)/(n−1) of that. Reshuffled, a batch depends on those before it in the epoch, which w
// has seen. A short last batch is averaged over its own examples, and its step is a step like any other. An iteration
// takes |B| component gradients, and no memory. Robbins & Monro 1951.
type MiniBatch struct{}

// defaultEstimator is that of a solver without From.
var defaultEstimator Estimator = MiniBatch{}

// Memory is 0.
func (MiniBatch) Memory(Objective, int) int64 { return 0 }

// BatchGradient says that the estimate is the gradient of the batch.
func (MiniBatch) BatchGradient() {}

// Open begins a run.
func (MiniBatch) Open(obj Objective, sampler Sampler) (Source, error) {
	return &miniBatch{feeder: newFeeder(obj, sampler)}, nil
}

type miniBatch struct {
	feeder
	last batch.Batch
}

func (m *miniBatch) Next(w, g *vector.Vector, _ schedules.Time) (Info, error) {
	b := m.next()
	m.last = b
	b.MoveStats = true
	loss, err := m.obj.Gradient(w, g, b)
	return Info{Loss: loss, Examples: len(b.Index), Gradients: int64(len(b.Index))}, err
}

// Loss is that of the last batch.
func (m *miniBatch) Loss(w *vector.Vector) (float64, int, error) {
	loss, err := m.obj.Loss(w, m.last)
	return loss, len(m.last.Index), err
}

// feeder draws batches for a source and has the objective read ahead.
type feeder struct {
	obj     Objective
	sampler Sampler
	ahead   Prefetcher // nil where the objective doesn't
}

func newFeeder(obj Objective, sampler Sampler) feeder {
	ahead, _ := obj.(Prefetcher)
	return feeder{obj, sampler, ahead}
}

// next draws the batch of this iteration and announces that of the next.
func (f *feeder) next() batch.Batch {
	b := f.sampler.Next()
	f.announce(f.sampler.Peek())
	return b
}

// announce has the objective read a batch ahead.
func (f *feeder) announce(b batch.Batch) {
	if f.ahead != nil {
		f.ahead.Prefetch(b)
	}
}

// Visit shows the sampler's counter.
func (f *feeder) Visit(visit func(name string, array any)) { f.sampler.Visit(visit) }

// Preview of MiniBatch is the batch's gradient.
func (m *miniBatch) Preview(w, plain, estimate *vector.Vector, b batch.Batch) (int64, error) {
	_, err := m.obj.Gradient(w, plain, b)
	estimate.Copy(plain)
	return int64(len(b.Index)), err
}

// AnyBatch says that batches may change in size.
func (MiniBatch) AnyBatch() {}
