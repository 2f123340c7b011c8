// Package norm holds batch normalisation with what follows it, an activation or a pool, their gradients, and sums of
// columns.
package norm

import (
	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/pointwise"
)

// Norm is a batch normalisation of a matrix of Rows × C, a column for each channel, with what follows it:
//
//	y = f(Scale x + Shift)
//
// by channel, the product rounded before the sum. The rest is for the gradient: Scale is Gamma InvStd, and Mean and
// InvStd are the statistics of the batch, or of others with Frozen. All slices are C long.
type Norm[T kernel.Float] struct {
	Rows, C             int
	Scale, Shift        []T
	Mean, InvStd, Gamma []T
	Frozen              bool // Mean and InvStd don't depend on x
	Then                Activation
}

// Activation is the function f that follows a batch normalisation.
type Activation uint8

// The functions are those of Relu and Gelu.
const (
	NoActivation Activation = iota
	ThenRelu
	ThenGelu
)

// BatchNormStats writes the mean and the biased variance of each of the c channels of x (rows × c, rows ≥ 1), summed in
// float64.
//
// What is summed is x less the channel's first sample. Since (sample − mean)² ≤ rows · variance, the subtraction
// Σd² − (Σd)²/rows then loses a factor of rows in accuracy at worst, however far the mean is from 0.
func BatchNormStats[T kernel.Float](rows, c int, x []T, mean, variance []float64) {
	s := kernel.StashOf[T, columnJob[T]](&columnJobs)
	j := s.Get()
	j.open(columnNorm, rows, c, x, slopes[T]{})
	for i := range c {
		j.center[i] = float64(x[i])
	}
	j.run()
	n := float64(rows)
	for i, first := range j.center[:c] {
		m := j.first[i] / n
		mean[i] = first + m
		v := j.second[i]/n - float64(m*m)
		if v < 0 {
			v = 0
		}
		variance[i] = v
	}
	j.release(s)
}

// BatchNormApply is the normalisation; y may be x.
func BatchNormApply[T kernel.Float](n Norm[T], x, y []T) {
	j := rowJob[T]{routine: rowNorm, then: n.Then, rows: n.Rows, cols: n.C, x: x, out: y}
	j.by.scale, j.by.shift = n.Scale, n.Shift
	runRows(&j)
}

// apply applies scale, shift and f to rows × cols elements.
func apply[T kernel.Float](then Activation, rows, cols int, x, scale, shift, y []T) {
	k := inUse[T]()
	switch then {
	case ThenRelu:
		k.applyRelu(rows, cols, x, scale, shift, y)
	case NoActivation:
		k.apply(rows, cols, x, scale, shift, y)
	default:
		for step := block(cols); rows > 0; rows -= step {
			m := min(step, rows)
			n := m * cols
			k.apply(m, cols, x[:n], scale, shift, y[:n])
			pointwise.Gelu(y[:n], y[:n])
			x, y = x[n:], y[n:]
		}
	}
}

// block is how many rows of so many elements pass through several routines in turn in the first-level cache.
func block(cols int) int { return max(1, 2048/max(1, cols)) }
