// Package softmax holds softmax over the rows of a matrix, its cross-entropy, and their gradients.
package softmax

import (
	"math"

	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/pointwise"
	"github.com/fallline/fallline/internal/kernel/threads"
	"github.com/fallline/fallline/internal/memory"
)

// CrossEntropy is the sum over the rows of −log softmax(logits)[label], and writes the gradient of the mean:
//
//	loss       = Σ_r log Σ_j exp(x_rj − x_r,label)
//	dlogits_rj = (softmax(x_r)_j − [j = label_r]) / rows
//
// logits and dlogits are rows × classes, row-major; labels holds rows classes, 0 to classes−1, already checked. A nil
// dlogits is not wanted; dlogits may be logits. The maximum of a row is subtracted first, so any finite logits are
// right; a NaN makes the loss and its row NaN. The arithmetic is in float64.
func CrossEntropy[T kernel.Float](rows, classes int, logits []T, labels []int, dlogits []T) (loss float64) {
	if rows == 0 {
		return 0
	}
	job := crossEntropyJob[T]{rows: rows, classes: classes, x: logits, labels: labels[:rows], d: dlogits}
	job.block = block(classes)
	job.high = job.block * max(1, threads.PartHeavy/(job.block*classes))
	if rows <= job.high {
		return job.part(0, rows)
	}
	n := (rows + job.high - 1) / job.high
	s := kernel.StashOf[T, crossEntropyJob[T]](&jobs)
	j := s.Get()
	job.losses = memory.Resize(j.losses, n)
	*j = job
	threads.Parallel(n, j)
	for _, v := range j.losses {
		loss += v
	}
	*j = crossEntropyJob[T]{losses: j.losses}
	s.Put(j)
	return loss
}

const (
	// rows is how many rows share one logarithm at most: Σ log s = log Π s. Each s is from 1 to the number of classes,
	// so that the product of 32 can't overflow for fewer than 2³² classes.
	rows = 32
	// elements is about how many exponentials a block of rows has, for them to stay in the first-level cache.
	elements = 2048
)

// block is how many rows of so many classes make a block.
func block(classes int) int { return max(1, min(rows, elements/classes)) }

// crossEntropyJob does parts of high rows, a block of rows at a time.
type crossEntropyJob[T kernel.Float] struct {
	rows, classes, high, block int
	x, d                       []T
	labels                     []int
	losses                     []float64 // by part
}

// scratch is what a part needs for a block: its exponentials, the sum of them for each row, and labels where none are
// asked for.
type scratch struct {
	exp    []float64
	sums   [rows]float64
	labels [rows]int
}

var (
	jobs      kernel.Stashes[crossEntropyJob[float32], crossEntropyJob[float64]]
	scratches kernel.Stash[scratch]
)

// Run does part i.
func (j *crossEntropyJob[T]) Run(i int) { j.losses[i] = j.part(i*j.high, min((i+1)*j.high, j.rows)) }

// part does rows lo to hi−1 and returns their loss.
func (j *crossEntropyJob[T]) part(lo, hi int) (loss float64) {
	s := scratches.Get()
	s.exp = memory.Resize(s.exp, min(j.block, hi-lo)*j.classes+room)
	k := inUse[T]()
	for r := lo; r < hi; r += j.block {
		end := min(r+j.block, hi)
		from, to := r*j.classes, end*j.classes
		labels, sums := j.labels[r:end], s.sums[:end-r]
		margin := k.shift(j.classes, j.x[from:to], labels, s.exp)
		k.exp(s.exp[:to-from])
		k.scale(j.classes, s.exp, labels, pointwise.Cut(j.d, from, to), sums, 1/float64(j.rows))
		product := 1.0
		for _, v := range sums {
			product *= v
		}
		loss += math.Log(product) - margin
	}
	scratches.Put(s)
	return loss
}

// room is how many elements beyond its rows shift may spoil: less than a group of eight.
const room = 8

// shiftGeneric writes x less the maximum of its row, a row for each label, and returns the sum of that at the labels.
func shiftGeneric[T kernel.Float](classes int, x []T, labels []int, shifted []float64) (margin float64) {
	for r, label := range labels {
		row, out := x[r*classes:(r+1)*classes], shifted[r*classes:(r+1)*classes]
		top := math.Inf(-1)
		for _, v := range row {
			if u := float64(v); u > top {
				top = u
			}
		}
		for j, v := range row {
			out[j] = float64(v) - top
		}
		margin += out[label]
	}
	return margin
}

// expGeneric sets x = e^x, good enough to be rounded to T.
func expGeneric[T kernel.Float](x []float64) {
	for i, v := range x {
		x[i] = pointwise.ExpOf[T](v)
	}
}

// scaleGeneric writes the sum of each row of exponentials, as eight running sums, and unless d is nil the exponentials
// times scale/sum, less scale at the label.
func scaleGeneric[T kernel.Float](classes int, exp []float64, labels []int, d []T, sums []float64, scale float64) {
	for r, label := range labels {
		row := exp[r*classes : (r+1)*classes]
		var lanes [8]float64
		for j, e := range row {
			lanes[j%8] += e
		}
		sums[r] = pointwise.Fold(lanes[:])
		if d == nil {
			continue
		}
		factor := scale / sums[r]
		out := d[r*classes : (r+1)*classes]
		for j, e := range row {
			out[j] = T(e * factor)
		}
		out[label] = T(float64(row[label]*factor) - scale)
	}
}
