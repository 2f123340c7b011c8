package solvers

import (
	"github.com/fallline/fallline/batch"
	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/vector"
)

// FullBatch is the exact gradient over all examples, which makes the solver a deterministic method.
//
//	g = 1/n Σ ∇fᵢ(w)
//
// It has no variance. An iteration takes n component gradients and is an epoch. The sum is evaluated in pieces of at
// least 512 examples, and needs the memory of one more gradient. Batch norm's running statistics move with the first
// piece.
type FullBatch struct{}

// Memory is that of a gradient.
func (FullBatch) Memory(obj Objective, _ int) int64 { return obj.NewVector().Bytes() }

// Open begins a run.
func (FullBatch) Open(obj Objective, sampler Sampler) (Source, error) {
	return &fullBatch{pass: newPass(obj, sampler, obj.NewVector()), sampler: sampler}, nil
}

type fullBatch struct {
	pass    pass
	sampler Sampler
	last    batch.Batch
}

func (f *fullBatch) Next(w, g *vector.Vector, t schedules.Time) (Info, error) {
	n := len(f.pass.all)
	b := f.pass.batch(uint64(t.Step))
	f.last = b
	b.MoveStats = true
	loss, err := f.pass.gradient(w, g, b, f.pass.batch(b.Draw+1))
	return Info{Loss: loss, Examples: n, Gradients: int64(n)}, err
}

// Loss is that over all examples.
func (f *fullBatch) Loss(w *vector.Vector) (float64, int, error) {
	loss, err := f.pass.obj.Loss(w, f.last)
	return loss, len(f.last.Index), err
}

// Visit shows the sampler's counter, which stands still.
func (f *fullBatch) Visit(visit func(name string, array any)) { f.sampler.Visit(visit) }

// Wholes says that all iterations are over all examples.
func (FullBatch) Wholes(Objective, Sampler) (func(int64) bool, bool) {
	return func(int64) bool { return true }, true
}
