package solvers

import (
	"github.com/fallline/fallline/batch"
	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/vector"
)

// blockTable keeps the last gradient of each block of a partition, and their mean. It serves SAGA and SAG on any
// objective.
//
// The sampler draws as ever, and the iteration works on the block of the first example drawn: a block comes with a
// probability that is its share of the examples, which is what makes the estimate unbiased where the last block is
// smaller.
type blockTable struct {
	feeder
	tableSettings
	parts  partition
	mean   *vector.Vector // Σ share_j t_j
	f32    []float32      // t_j, block after block
	f64    []float64
	filled [1]int64 // whether the first full pass was done

	// What the sweep over an iteration's vectors uses.
	sweep sweep
	g     *vector.Vector
	at    int // where the block's gradient begins in the table
	share float64
	keep  float64 // factor of ∇f_B(w) − t in the estimate
}

func newBlockTable(obj Objective, sampler Sampler, s tableSettings) *blockTable {
	mean := obj.NewVector()
	t := &blockTable{feeder: newFeeder(obj, sampler), tableSettings: s, mean: mean, parts: newPartition(obj.Len(), sampler.Batch(), minBatch(obj), s.seed)}
	if blocks := t.parts.count; mean.Type() == vector.Float64 {
		t.f64 = make([]float64, blocks*len(mean.F64))
	} else {
		t.f32 = make([]float32, blocks*len(mean.F32))
	}
	t.sweep = sweep{mean.Len(), t.revise}
	return t
}

// blockTableMemory is what it takes: the table, the mean, and the partition.
func blockTableMemory(obj Objective, batch int) int64 {
	n := obj.Len()
	return int64(1+blocksOf(n, batch, minBatch(obj)))*obj.NewVector().Bytes() + 8*int64(n)
}

func (t *blockTable) Next(w, g *vector.Vector, _ schedules.Time) (info Info, err error) {
	j := t.blockOf(t.sampler.Next())
	if t.fill && t.filled[0] == 0 {
		if err := t.first(w, g, t.block(j)); err != nil {
			return info, err
		}
		info.Gradients = int64(t.obj.Len())
	}
	b := t.block(j)
	t.announce(t.block(t.blockOf(t.sampler.Peek())))
	b.MoveStats = true
	if info.Loss, err = t.obj.Gradient(w, g, b); err != nil {
		return info, err
	}
	t.keep = 1
	if t.average {
		t.keep = t.parts.share(j)
	}
	t.put(j, g)
	info.Examples = len(b.Index)
	info.Gradients += int64(len(b.Index))
	return info, nil
}

// first fills the table at w; g is scratch memory. after is the batch that the objective is asked for next.
func (t *blockTable) first(w, g *vector.Vector, after batch.Batch) error {
	t.mean.Zero() // of a pass that failed
	clear(t.f32)
	clear(t.f64)
	for j := range t.parts.count {
		if j+1 < t.parts.count {
			t.announce(t.block(j + 1))
		} else {
			t.announce(after)
		}
		if _, err := t.obj.Gradient(w, g, t.block(j)); err != nil {
			return err
		}
		t.put(j, g)
	}
	t.filled[0] = 1
	return nil
}

// block is a block as a batch. Its draw is the same at all times: the table's gradients are of the same functions.
func (t *blockTable) block(j int) batch.Batch { return batch.Batch{Index: t.parts.batch(j)} }

func (t *blockTable) blockOf(b batch.Batch) int { return int(t.parts.block[b.Index[0]]) }

// put enters the gradient g of block j in the table and the mean, and makes g the estimate.
func (t *blockTable) put(j int, g *vector.Vector) {
	t.g, t.at, t.share = g, j*t.mean.Len(), t.parts.share(j)
	t.sweep.run()
}

// revise is put for elements lo to hi−1.
func (t *blockTable) revise(lo, hi int) {
	if t.mean.Type() == vector.Float64 {
		revise(t.g.F64[lo:hi], t.f64[t.at+lo:t.at+hi], t.mean.F64[lo:hi], t.keep, t.share)
		return
	}
	revise(t.g.F32[lo:hi], t.f32[t.at+lo:t.at+hi], t.mean.F32[lo:hi], float32(t.keep), float32(t.share))
}

// revise is, for each element: d = g − t, then g ← mean + keep d, t ← the g that was, and mean ← mean + share d.
func revise[T kernel.Float](g, table, mean []T, keep, share T) {
	table, mean = table[:len(g)], mean[:len(g)]
	for i, x := range g {
		d := x - table[i]
		table[i] = x
		g[i] = mean[i] + keep*d
		mean[i] += share * d
	}
}

// Visit shows the table, its mean, and the sampler's counter.
func (t *blockTable) Visit(visit func(name string, array any)) {
	visit("table.filled", t.filled[:])
	if t.mean.Type() == vector.Float64 {
		visit("table.gradients", t.f64)
	} else {
		visit("table.gradients", t.f32)
	}
	VisitVector("table.mean", t.mean, visit)
	t.sampler.Visit(visit)
}

// Preview of SAGA and SAG is of the block of the batch's first example.
func (t *blockTable) Preview(w, plain, estimate *vector.Vector, b batch.Batch) (int64, error) {
	j := t.blockOf(b)
	b = t.block(j)
	if _, err := t.obj.Gradient(w, plain, b); err != nil {
		return 0, err
	}
	keep := 1.0
	if t.average {
		keep = t.parts.share(j)
	}
	at := j * t.mean.Len()
	estimate.Copy(t.mean)
	for i := range estimate.F64 {
		estimate.F64[i] += keep * (plain.F64[i] - t.f64[at+i])
	}
	for i := range estimate.F32 {
		estimate.F32[i] += float32(keep) * (plain.F32[i] - t.f32[at+i])
	}
	return int64(len(b.Index)), nil
}
