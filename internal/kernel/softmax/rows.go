package softmax

import (
	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/pointwise"
	"github.com/fallline/fallline/internal/kernel/threads"
	"github.com/fallline/fallline/internal/memory"
)

// Rows turns each row of x (rows × classes) into probabilities: y_rj = exp(x_rj − max x_r) / Σ_k exp(x_rk − max x_r). A
// row with a NaN or +∞ becomes NaN. The arithmetic is in float64; y may be x.
func Rows[T kernel.Float](rows, classes int, x, y []T) {
	runSoftmaxRows(rowsJob[T]{rows: rows, classes: classes, x: x, y: y})
}

// RowsGrad is the gradient of Rows by its result y: dx_rj = y_rj (dy_rj − Σ_k dy_rk y_rk). dx may be dy.
func RowsGrad[T kernel.Float](rows, classes int, y, dy, dx []T) {
	runSoftmaxRows(rowsJob[T]{rows: rows, classes: classes, x: y, dy: dy, y: dx})
}

// rowsJob does parts of high rows: with dy the gradient.
type rowsJob[T kernel.Float] struct {
	rows, classes, high int
	x, dy, y            []T
}

var rowsJobs kernel.Stashes[rowsJob[float32], rowsJob[float64]]

func runSoftmaxRows[T kernel.Float](job rowsJob[T]) {
	if job.rows == 0 {
		return
	}
	block := block(job.classes)
	job.high = block * max(1, threads.PartHeavy/(block*job.classes))
	if job.rows <= job.high {
		job.part(0, job.rows)
		return
	}
	s := kernel.StashOf[T, rowsJob[T]](&rowsJobs)
	j := s.Get()
	*j = job
	threads.Parallel((j.rows+j.high-1)/j.high, j)
	*j = rowsJob[T]{}
	s.Put(j)
}

// Run does part i.
func (j *rowsJob[T]) Run(i int) { j.part(i*j.high, min((i+1)*j.high, j.rows)) }

func (j *rowsJob[T]) part(lo, hi int) {
	if j.dy != nil {
		for r := lo; r < hi; r++ {
			j.grad(r*j.classes, (r+1)*j.classes)
		}
		return
	}
	s := scratches.Get()
	block := block(j.classes)
	s.exp = memory.Resize(s.exp, min(block, hi-lo)*j.classes+room)
	for r := lo; r < hi; r += block {
		end := min(r+block, hi)
		j.block(s, end-r, j.x[r*j.classes:end*j.classes], j.y[r*j.classes:end*j.classes])
	}
	scratches.Put(s)
}

// block does some rows by the routines of the cross-entropy, with class 0 for the label: its probability, which they
// write less 1, is written again.
func (j *rowsJob[T]) block(s *scratch, rows int, x, y []T) {
	k, labels, sums := inUse[T](), s.labels[:rows], s.sums[:rows]
	k.shift(j.classes, x, labels, s.exp)
	k.exp(s.exp[:len(x)])
	k.scale(j.classes, s.exp, labels, y, sums, 1)
	for r, sum := range sums {
		y[r*j.classes] = T(s.exp[r*j.classes] * (1 / sum))
	}
}

// grad does the row of elements lo to hi−1.
func (j *rowsJob[T]) grad(lo, hi int) {
	y, dy, dx := j.x[lo:hi], j.dy[lo:hi], j.y[lo:hi]
	mean := T(pointwise.ReducePart(y, dy))
	for i, p := range y {
		dx[i] = p * (dy[i] - mean)
	}
}
