package norm

import (
	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/threads"
	"github.com/fallline/fallline/internal/memory"
)

// rowRoutine is which of the routines a rowJob runs.
type rowRoutine int

const (
	rowNorm rowRoutine = iota
	rowNormGrad
)

// operandsByColumn are the operands of a rowJob that have one element for each column; those not needed are nil.
type operandsByColumn[T kernel.Float] struct{ a, b, c, scale, shift, mean []T }

// all lists them.
func (o *operandsByColumn[T]) all() [6]*[]T {
	return [...]*[]T{&o.a, &o.b, &o.c, &o.scale, &o.shift, &o.mean}
}

// rowJob works on the rows of a matrix with operands by column.
type rowJob[T kernel.Float] struct {
	routine    rowRoutine
	then       Activation // of rowNorm
	slopes     slopes[T]  // of rowNormGrad
	rows, cols int
	x, out     []T // rows × cols
	by         operandsByColumn[T]
	high       int // rows of a part
	scratch    []T
}

var rowJobs kernel.Stashes[rowJob[float32], rowJob[float64]]

// runRows runs what job describes with its rows bundled, in parts on the threads when there are at least two.
func runRows[T kernel.Float](job *rowJob[T]) {
	n, together := job.slopes.bundle(job.rows, job.cols)
	if n == 1 && job.rows*job.cols < 2*threads.PartLight {
		job.do(0, job.rows, job.cols)
		return
	}
	s := kernel.StashOf[T, rowJob[T]](&rowJobs)
	j := s.Get()
	job.scratch = j.scratch
	*j = *job
	rest := j.bundle(n)
	if j.rows*j.cols < 2*threads.PartLight {
		j.do(0, j.rows, j.cols)
	} else {
		j.high = max(1, threads.PartLight/(j.cols*together)) * together
		threads.Parallel((j.rows+j.high-1)/j.high, j)
	}
	if rest > 0 {
		j.do(j.rows*j.cols, 1, rest)
	}
	*j = rowJob[T]{scratch: j.scratch}
	s.Put(j)
}

// bundle takes n rows as one, and returns how many elements of the last rows make no bundle.
func (j *rowJob[T]) bundle(n int) (rest int) {
	if n == 1 {
		return 0
	}
	cols := j.cols
	rest = j.rows % n * cols
	j.rows, j.cols = j.rows/n, n*cols
	j.scratch = memory.Resize(j.scratch, len(j.by.all())*j.cols)
	for i, o := range j.by.all() {
		if *o != nil {
			*o = widened(j.scratch[i*j.cols:(i+1)*j.cols], *o, cols)
		}
	}
	return rest
}

// Run does part i.
func (j *rowJob[T]) Run(i int) {
	lo := i * j.high
	j.do(lo*j.cols, min(j.high, j.rows-lo), j.cols)
}

// do works on rows × cols elements, the first at the place at, which is the beginning of a row.
func (j *rowJob[T]) do(at, rows, cols int) {
	end := at + rows*cols
	x, out := j.x[at:end], j.out[at:end]
	if o := &j.by; j.routine == rowNorm {
		apply(j.then, rows, cols, x, o.scale, o.shift, out)
	} else {
		j.slopes.apply(at, rows, cols, x, out, o)
	}
}
