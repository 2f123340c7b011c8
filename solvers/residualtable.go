package solvers

import (
	"slices"

	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/vector"
)

// residualTable keeps the last residual ∂ℓᵢ/∂zᵢ of each example of a linear objective, k numbers, and the mean gradient that they
// amount to. It serves SAGA and SAG.
type residualTable struct {
	linear  LinearObjective
	sampler Sampler
	tableSettings
	k      int
	mean   *vector.Vector // 1/n Σ tᵢ xᵢ
	change *vector.Vector // Σ_B (rᵢ − tᵢ) xᵢ
	table  []float64      // tᵢ, n×k row-major
	filled [1]int64       // whether the first full pass was done
	r, s   []float64      // residuals of a batch
}

func newResidualTable(obj LinearObjective, sampler Sampler, s tableSettings) *residualTable {
	k, n := obj.Outputs(), obj.Len()
	return &residualTable{
		linear: obj, sampler: sampler, tableSettings: s, k: k,
		mean: obj.NewVector(), change: obj.NewVector(),
		table: make([]float64, n*k),
		r:     make([]float64, sampler.Batch()*k),
		s:     make([]float64, sampler.Batch()*k),
	}
}

// residualPiece is how many examples the first pass takes at a time.
func residualPiece(n, batch int) int { return min(max(passLen, batch), n) }

// residualTableMemory is what it takes: two vectors, the table, the residuals of a batch, and the index of a piece.
func residualTableMemory(obj LinearObjective, batch int) int64 {
	n := obj.Len()
	return 2*obj.NewVector().Bytes() + 8*int64(obj.Outputs())*int64(n+2*batch) + 4*int64(residualPiece(n, batch))
}

func (t *residualTable) Next(w, g *vector.Vector, _ schedules.Time) (info Info, err error) {
	b := t.sampler.Next()
	b.Draw, b.MoveStats = 0, true
	n := t.linear.Len()
	if t.fill && t.filled[0] == 0 {
		if err := t.first(w); err != nil {
			return info, err
		}
		info.Gradients = int64(n)
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
		row := t.table[int(i)*t.k:]
		for c := range t.k {
			s[j*t.k+c] = r[j*t.k+c] - row[c]
		}
	}
	t.change.Zero()
	if err = t.linear.AddOuter(t.change, b, s); err != nil {
		return info, err
	}
	g.Copy(t.mean)
	if !t.average {
		g.Axpy(1/size, t.change)
	}
	if t.enter(b, r) {
		t.change.Zero()
		if err = t.linear.AddOuter(t.change, b, r); err != nil {
			return info, err
		}
	}
	t.mean.Axpy(1/float64(n), t.change)
	if t.average {
		g.Copy(t.mean)
	}
	info.Examples = len(b.Index)
	info.Gradients += int64(len(b.Index))
	return info, nil
}

// announce has the objective read the next batch ahead, while this one, which was read already, is worked on.
func (t *residualTable) announce() {
	if ahead, ok := t.linear.(Prefetcher); ok {
		b := t.sampler.Peek()
		b.Draw = 0
		ahead.Prefetch(b)
	}
}

// enter writes the residuals of a batch into the table and turns them into what each place in the batch changed there: nothing
// for an example that stood in the batch before. It says whether there was one.
func (t *residualTable) enter(b Batch, r []float64) (twice bool) {
	for j, i := range b.Index {
		row := t.table[int(i)*t.k : (int(i)+1)*t.k]
		part := r[j*t.k : (j+1)*t.k]
		for c, x := range part {
			part[c] = x - row[c]
			row[c] = x
		}
		twice = twice || !slices.Equal(part, t.s[j*t.k:(j+1)*t.k])
	}
	return twice
}

// first fills the table at w.
func (t *residualTable) first(w *vector.Vector) error {
	n := t.linear.Len()
	piece := residualPiece(n, t.sampler.Batch())
	index := make([]int32, 0, piece)
	t.mean.Zero()
	for lo := 0; lo < n; lo += piece {
		index = index[:0]
		for i := lo; i < min(lo+piece, n); i++ {
			index = append(index, int32(i))
		}
		b := Batch{Index: index}
		r := t.table[lo*t.k : (lo+len(index))*t.k]
		if _, err := t.linear.Residuals(w, b, r); err != nil {
			return err
		}
		if err := t.linear.AddOuter(t.mean, b, r); err != nil {
			return err
		}
	}
	t.mean.Scale(1 / float64(n))
	t.filled[0] = 1
	return nil
}

// Visit shows the table, its mean, and the sampler's counter.
func (t *residualTable) Visit(visit func(name string, array any)) {
	visit("table.filled", t.filled[:])
	visit("table.residuals", t.table)
	VisitVector("table.mean", t.mean, visit)
	t.sampler.Visit(visit)
}
