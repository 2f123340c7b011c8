package kernel

import "github.com/fallline/fallline/internal/kernel/threads"

// SoftmaxRows turns each row of x (rows × classes) into probabilities: y_rj = exp(x_rj − max x_r) / Σ_k exp(x_rk − max x_r). A row with
// a NaN or +∞ becomes NaN. The arithmetic is in float64; y may be x.
func SoftmaxRows[T Float](rows, classes int, x, y []T) {
	runSoftmaxRows(softmaxRowsJob[T]{rows: rows, classes: classes, x: x, y: y})
}

// SoftmaxRowsGrad is the gradient of SoftmaxRows by its result y: dx_rj = y_rj (dy_rj − Σ_k dy_rk y_rk). dx may be dy.
func SoftmaxRowsGrad[T Float](rows, classes int, y, dy, dx []T) {
	runSoftmaxRows(softmaxRowsJob[T]{rows: rows, classes: classes, x: y, dy: dy, y: dx})
}

// softmaxRowsJob does parts of high rows: with dy the gradient.
type softmaxRowsJob[T Float] struct {
	rows, classes, high int
	x, dy, y            []T
}

var softmaxRowsJobs stashes[softmaxRowsJob[float32], softmaxRowsJob[float64]]

func runSoftmaxRows[T Float](job softmaxRowsJob[T]) {
	if job.rows == 0 {
		return
	}
	block := softmaxBlock(job.classes)
	job.high = block * max(1, threads.PartHeavy/(block*job.classes))
	if job.rows <= job.high {
		job.part(0, job.rows)
		return
	}
	s := stashOf[T, softmaxRowsJob[T]](&softmaxRowsJobs)
	j := s.get()
	*j = job
	threads.Parallel((j.rows+j.high-1)/j.high, j)
	*j = softmaxRowsJob[T]{}
	s.put(j)
}

// Run does part i.
func (j *softmaxRowsJob[T]) Run(i int) { j.part(i*j.high, min((i+1)*j.high, j.rows)) }

func (j *softmaxRowsJob[T]) part(lo, hi int) {
	if j.dy != nil {
		for r := lo; r < hi; r++ {
			j.grad(r*j.classes, (r+1)*j.classes)
		}
		return
	}
	s := softmaxScratches.get()
	block := softmaxBlock(j.classes)
	s.exp = resize(s.exp, min(block, hi-lo)*j.classes+softmaxRoom)
	for r := lo; r < hi; r += block {
		end := min(r+block, hi)
		j.block(s, end-r, j.x[r*j.classes:end*j.classes], j.y[r*j.classes:end*j.classes])
	}
	softmaxScratches.put(s)
}

// block does some rows by the routines of the cross-entropy, with class 0 for the label: its probability, which they write less 1, is
// written again.
func (j *softmaxRowsJob[T]) block(s *softmaxScratch, rows int, x, y []T) {
	k, labels, sums := routinesOf[T](), s.labels[:rows], s.sums[:rows]
	k.softmaxShift(j.classes, x, labels, s.exp)
	k.softmaxExp(s.exp[:len(x)])
	k.softmaxScale(j.classes, s.exp, labels, y, sums, 1)
	for r, sum := range sums {
		y[r*j.classes] = T(s.exp[r*j.classes] * (1 / sum))
	}
}

// grad does the row of elements lo to hi−1.
func (j *softmaxRowsJob[T]) grad(lo, hi int) {
	y, dy, dx := j.x[lo:hi], j.dy[lo:hi], j.y[lo:hi]
	mean := T(reducePart(y, dy))
	for i, p := range y {
		dx[i] = p * (dy[i] - mean)
	}
}
