package kernel

import "math"

// SoftmaxCrossEntropy is the sum over the rows of −log softmax(logits)[label], and writes the gradient of the mean:
//
//	loss       = Σ_r log Σ_j exp(x_rj − x_r,label)
//	dlogits_rj = (softmax(x_r)_j − [j = label_r]) / rows
//
// logits and dlogits are rows × classes, row-major; labels holds rows classes, 0 to classes−1, already checked. A nil dlogits
// is not wanted; dlogits may be logits. The maximum of a row is subtracted first, so any finite logits are right; a NaN makes
// the loss and its row NaN. The arithmetic is in float64.
func SoftmaxCrossEntropy[T Float](rows, classes int, logits []T, labels []int, dlogits []T) (loss float64) {
	if rows == 0 {
		return 0
	}
	job := softmaxJob[T]{rows: rows, classes: classes, x: logits, labels: labels[:rows], d: dlogits}
	job.high = softmaxBlock * max(1, partHeavy/(softmaxBlock*classes))
	if rows <= job.high {
		return job.part(0, rows)
	}
	n := (rows + job.high - 1) / job.high
	s := stashOf[T, softmaxJob[T]](&softmaxJobs)
	j := s.get()
	job.losses = resize(j.losses, n)
	*j = job
	Parallel(n, j)
	for _, v := range j.losses {
		loss += v
	}
	*j = softmaxJob[T]{losses: j.losses}
	s.put(j)
	return loss
}

// softmaxBlock is how many rows share one logarithm: Σ log s = log Π s. Each s is from 1 to the number of classes, so that the
// product of 32 can't overflow for fewer than 2³² classes.
const softmaxBlock = 32

// softmaxJob does parts of high rows.
type softmaxJob[T Float] struct {
	rows, classes, high int
	x, d                []T
	labels              []int
	losses              []float64 // by part
}

// softmaxScratch is what a part needs: the exponentials of a row, and the sum of them for each row of a block.
type softmaxScratch struct {
	exp  []float64
	sums [softmaxBlock]float64
}

var (
	softmaxJobs      stashes[softmaxJob[float32], softmaxJob[float64]]
	softmaxScratches stash[softmaxScratch]
)

// Run does part i.
func (j *softmaxJob[T]) Run(i int) { j.losses[i] = j.part(i*j.high, min((i+1)*j.high, j.rows)) }

// part does rows lo to hi−1 and returns their loss.
func (j *softmaxJob[T]) part(lo, hi int) (loss float64) {
	s := softmaxScratches.get()
	s.exp = resize(s.exp, (j.classes+7)&^7)
	k := routinesOf[T]()
	for r := lo; r < hi; r += softmaxBlock {
		end := min(r+softmaxBlock, hi)
		from, to := r*j.classes, end*j.classes
		sums := s.sums[:end-r]
		margin := k.softmaxRows(j.classes, j.x[from:to], j.labels[r:end], cut(j.d, from, to), s.exp, sums, 1/float64(j.rows))
		product := 1.0
		for _, v := range sums {
			product *= v
		}
		loss += math.Log(product) - margin
	}
	softmaxScratches.put(s)
	return loss
}

// softmaxRowsGeneric does a row for each label: the sum of e^(x − max) in eight running sums into sums, and unless d is nil
// the exponentials times scale/sum into d, less scale at the label. It returns Σ x_label − max. scratch holds the exponentials
// of a row, in a multiple of eight.
func softmaxRowsGeneric[T Float](classes int, x []T, labels []int, d []T, scratch, sums []float64, scale float64) (margin float64) {
	for r, label := range labels {
		row := x[r*classes : (r+1)*classes]
		top := math.Inf(-1)
		for _, v := range row {
			if u := float64(v); u > top {
				top = u
			}
		}
		var lanes [8]float64
		for j, v := range row {
			e := expOf[T](float64(v) - top)
			scratch[j] = e
			lanes[j%8] += e
		}
		sums[r] = fold(lanes[:])
		margin += float64(row[label]) - top
		if d == nil {
			continue
		}
		factor := scale / sums[r]
		out := d[r*classes : (r+1)*classes]
		for j, e := range scratch[:classes] {
			out[j] = T(e * factor)
		}
		out[label] = T(float64(scratch[label]*factor) - scale)
	}
	return margin
}
