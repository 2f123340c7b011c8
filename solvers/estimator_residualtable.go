package solvers

import (
	"slices"

	"github.com/fallline/fallline/batch"
	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/vector"
)

// ResidualTable is the Source of SAGA and SAG on a linear objective. It keeps the last residual ∂ℓᵢ/∂zᵢ of each
// example, k numbers, and the mean gradient that they amount to.
type ResidualTable struct {
	Residuals []float64      // tᵢ, n×k row-major
	Mean      *vector.Vector // 1/n Σ tᵢ xᵢ
	Sampler   Sampler

	linear LinearObjective
	tableSettings
	k      int
	change *vector.Vector // Σ_B (rᵢ − tᵢ) xᵢ
	filled [1]int64       // whether the first full pass was done
	r, s   []float64      // residuals of a batch
}

// SAGAStepper is an optional interface of LinearObjective: a loop of its own takes the steps of SAGA at less than a
// gradient, a rule and a table cost apart.
type SAGAStepper interface {
	LinearObjective
	// SAGA returns a Source over the table that is also a Method, or the table itself where there is no such loop for
	// it.
	SAGA(t *ResidualTable) Source
}

func newResidualTable(obj LinearObjective, sampler Sampler, s tableSettings) *ResidualTable {
	k, n := obj.Outputs(), obj.Len()
	most := sampler.Batch() + minBatch(obj) - 1 // examples in a batch
	return &ResidualTable{
		linear: obj, Sampler: sampler, tableSettings: s, k: k,
		Mean: obj.NewVector(), change: obj.NewVector(),
		Residuals: make([]float64, n*k),
		r:         make([]float64, most*k),
		s:         make([]float64, most*k),
	}
}

// residualPiece is how many examples the first pass takes at a time.
func residualPiece(n, batch int) int { return min(max(passLen, batch), n) }

// residualTableMemory is what it takes: two vectors, the table, the residuals of a batch, and the index of a piece.
func residualTableMemory(obj LinearObjective, batch int) int64 {
	n := obj.Len()
	return 2*obj.NewVector().Bytes() + 8*int64(obj.Outputs())*int64(n+2*batch) + 4*int64(residualPiece(n, batch))
}

// Next estimates the gradient, and puts the batch's residuals into the table.
func (t *ResidualTable) Next(w, g *vector.Vector, _ schedules.Time) (info Info, err error) {
	b := t.Sampler.Next()
	b.Draw, b.MoveStats = 0, true
	n := t.linear.Len()
	if info.Gradients, err = t.Fill(w); err != nil {
		return info, err
	}
	t.announce()
	r := t.r[:len(b.Index)*t.k]
	if info.Loss, err = t.linear.Residuals(w, b, r); err != nil {
		return info, err
	}
	size := float64(len(b.Index))
	// Each example's share in the estimate is that of all its places in the batch, and in the table it changes once.
	s := t.s[:len(r)]
	for j, i := range b.Index {
		row := t.Residuals[int(i)*t.k:]
		for c := range t.k {
			s[j*t.k+c] = r[j*t.k+c] - row[c]
		}
	}
	t.change.Zero()
	if err = t.linear.AddOuter(t.change, b, s); err != nil {
		return info, err
	}
	g.Copy(t.Mean)
	if !t.average {
		g.Axpy(1/size, t.change)
	}
	if t.enter(b, r) {
		t.change.Zero()
		if err = t.linear.AddOuter(t.change, b, r); err != nil {
			return info, err
		}
	}
	t.Mean.Axpy(1/float64(n), t.change)
	if t.average {
		g.Copy(t.Mean)
	}
	info.Examples = len(b.Index)
	info.Gradients += int64(len(b.Index))
	return info, nil
}

// announce has the objective read the next batch ahead, while this one, which was read already, is worked on.
func (t *ResidualTable) announce() {
	if ahead, ok := t.linear.(Prefetcher); ok {
		b := t.Sampler.Peek()
		b.Draw = 0
		ahead.Prefetch(b)
	}
}

// enter writes the residuals of a batch into the table and turns them into what each place in the batch changed there:
// nothing for an example that stood in the batch before. It says whether there was one.
func (t *ResidualTable) enter(b batch.Batch, r []float64) (twice bool) {
	for j, i := range b.Index {
		row := t.Residuals[int(i)*t.k : (int(i)+1)*t.k]
		part := r[j*t.k : (j+1)*t.k]
		for c, x := range part {
			part[c] = x - row[c]
			row[c] = x
		}
		twice = twice || !slices.Equal(part, t.s[j*t.k:(j+1)*t.k])
	}
	return twice
}

// Fill fills the table at w where that was asked for and is yet to be done, and returns the component gradients that it
// took.
func (t *ResidualTable) Fill(w *vector.Vector) (gradients int64, err error) {
	if !t.fill || t.filled[0] != 0 {
		return 0, nil
	}
	n := t.linear.Len()
	piece := residualPiece(n, t.Sampler.Batch())
	index := make([]int32, 0, piece)
	t.Mean.Zero()
	for lo := 0; lo < n; lo += piece {
		index = index[:0]
		for i := lo; i < min(lo+piece, n); i++ {
			index = append(index, int32(i))
		}
		b := batch.Batch{Index: index}
		r := t.Residuals[lo*t.k : (lo+len(index))*t.k]
		if _, err := t.linear.Residuals(w, b, r); err != nil {
			return 0, err
		}
		if err := t.linear.AddOuter(t.Mean, b, r); err != nil {
			return 0, err
		}
	}
	t.Mean.Scale(1 / float64(n))
	t.filled[0] = 1
	return int64(n), nil
}

// Visit shows the table, its mean, and the sampler's counter.
func (t *ResidualTable) Visit(visit func(name string, array any)) {
	visit("table.filled", t.filled[:])
	visit("table.residuals", t.Residuals)
	VisitVector("table.mean", t.Mean, visit)
	t.Sampler.Visit(visit)
}

// Preview of SAGA and SAG on a linear objective.
func (t *ResidualTable) Preview(w, plain, estimate *vector.Vector, b batch.Batch) (int64, error) {
	b.Draw = 0
	size := float64(len(b.Index))
	r := t.r[:len(b.Index)*t.k]
	if _, err := t.linear.Residuals(w, b, r); err != nil {
		return 0, err
	}
	plain.Zero()
	if err := t.linear.AddOuter(plain, b, r); err != nil {
		return 0, err
	}
	plain.Scale(1 / size)
	for j, i := range b.Index {
		for c := range t.k {
			r[j*t.k+c] -= t.Residuals[int(i)*t.k+c]
		}
	}
	t.change.Zero()
	if err := t.linear.AddOuter(t.change, b, r); err != nil {
		return 0, err
	}
	estimate.Copy(t.Mean)
	share := 1 / size
	if t.average {
		share = 1 / float64(t.linear.Len())
	}
	estimate.Axpy(share, t.change)
	return int64(len(b.Index)), nil
}
