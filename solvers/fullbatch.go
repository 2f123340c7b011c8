package solvers

import (
	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/vector"
)

// FullBatch is the exact gradient over all examples, which makes the solver a deterministic method.
//
//	g = 1/n Σ ∇fᵢ(w)
//
// It has no variance. An iteration takes n component gradients and is an epoch. The sum is evaluated in pieces of at least 512
// examples, and needs the memory of one more gradient. Batch norm's running statistics move with the first piece.
type FullBatch struct{}

// Memory is that of a gradient.
func (FullBatch) Memory(obj Objective, _ int) int64 { return obj.NewVector().Bytes() }

// Open begins a run.
func (FullBatch) Open(obj Objective, sampler Sampler) (Source, error) {
	return &fullBatch{newPass(obj, sampler, obj.NewVector()), sampler}, nil
}

type fullBatch struct {
	pass    pass
	sampler Sampler
}

func (f *fullBatch) Next(w, g *vector.Vector, t schedules.Time) (Info, error) {
	n := len(f.pass.all)
	b := f.pass.batch(uint64(t.Step))
	b.MoveStats = true
	loss, err := f.pass.gradient(w, g, b, f.pass.batch(b.Draw+1))
	return Info{Loss: loss, Examples: n, Gradients: int64(n)}, err
}

// Visit shows the sampler's counter, which stands still.
func (f *fullBatch) Visit(visit func(name string, array any)) { f.sampler.Visit(visit) }
