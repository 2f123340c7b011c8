package kernel

// AddBias adds bias (cols) to each row of x (rows × cols) and writes y; y may be x.
func AddBias[T Float](rows, cols int, x, bias, y []T) {
	runRows(&rowJob[T]{routine: rowBias, rows: rows, cols: cols, x: x, a: bias, out: y})
}

// rowRoutine is which of the routines a rowJob runs.
type rowRoutine int

const (
	rowBias rowRoutine = iota
	rowNorm
	rowNormRelu
	rowNormGrad
	rowNormGradRelu
)

// rowJob works on the rows of a matrix with operands by column.
type rowJob[T Float] struct {
	routine      rowRoutine
	rows, cols   int
	x, dy, out   []T // rows × cols
	scale, shift []T // cols, as the next
	mean         []T
	a, b, c      []T
	high         int // rows of a part
}

var rowJobs stashes[rowJob[float32], rowJob[float64]]

// runRows runs what job describes, in parts on the pool when there are at least two.
func runRows[T Float](job *rowJob[T]) {
	if job.rows*job.cols < 2*partLight {
		job.part(0, job.rows)
		return
	}
	s := stashOf[T, rowJob[T]](&rowJobs)
	j := s.get()
	*j = *job
	j.high = max(1, partLight/j.cols)
	Parallel((j.rows+j.high-1)/j.high, j)
	*j = rowJob[T]{}
	s.put(j)
}

// Run does part i.
func (j *rowJob[T]) Run(i int) { j.part(i*j.high, min((i+1)*j.high, j.rows)) }

// part does rows lo to hi−1.
func (j *rowJob[T]) part(lo, hi int) {
	rows := hi - lo
	lo, hi = lo*j.cols, hi*j.cols
	x, out := j.x[lo:hi], j.out[lo:hi]
	k := routinesOf[T]()
	switch j.routine {
	case rowBias:
		k.addBias(rows, j.cols, x, j.a, out)
	case rowNorm:
		k.normApply(rows, j.cols, x, j.scale, j.shift, out)
	case rowNormRelu:
		k.normApplyRelu(rows, j.cols, x, j.scale, j.shift, out)
	case rowNormGrad:
		k.normGradApply(rows, j.cols, x, j.dy[lo:hi], nil, nil, j.mean, j.a, j.b, j.c, out)
	case rowNormGradRelu:
		k.normGradApplyRelu(rows, j.cols, x, j.dy[lo:hi], j.scale, j.shift, j.mean, j.a, j.b, j.c, out)
	}
}

func addBiasGeneric[T Float](rows, cols int, x, bias, y []T) {
	bias = bias[:cols]
	for r := range rows {
		from, to := x[r*cols:(r+1)*cols], y[r*cols:(r+1)*cols]
		for j, b := range bias {
			to[j] = from[j] + b
		}
	}
}
