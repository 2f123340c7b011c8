package pointwise

import (
	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/threads"
)

// DropoutRow sets y_i = x_i/(1 − p) where element i is kept and 0 where it is dropped, which has probability p in [0,
// 1]. Which ones are kept is a function of (key, i) alone: the same call on the gradient is the backward pass. y may be
// x.
func DropoutRow[T kernel.Float](key uint64, p float64, x, y []T) {
	switch {
	case p <= 0:
		copy(y, x)
		return
	case p >= 1:
		clear(y[:len(x)])
		return
	}
	job := newDropoutJob(key, p, x, y)
	if len(x) < 2*threads.PartHeavy {
		job.part(0, len(x))
		return
	}
	s := kernel.StashOf[T, dropoutJob[T]](&dropoutJobs)
	j := s.Get()
	*j = job
	threads.Parallel((len(x)+threads.PartHeavy-1)/threads.PartHeavy, j)
	*j = dropoutJob[T]{}
	s.Put(j)
}

// dropoutJob drops elements whose hash is below the threshold.
type dropoutJob[T kernel.Float] struct {
	lo, hi, threshold uint32
	scale             T
	x, y              []T
}

var dropoutJobs kernel.Stashes[dropoutJob[float32], dropoutJob[float64]]

// newDropoutJob spreads the key over two words by the finaliser of SplitMix64, so that keys that differ in one bit
// differ in all (Steele, Lea & Flood 2014).
func newDropoutJob[T kernel.Float](key uint64, p float64, x, y []T) dropoutJob[T] {
	key += 0x9e3779b97f4a7c15
	key = (key ^ key>>30) * 0xbf58476d1ce4e5b9
	key = (key ^ key>>27) * 0x94d049bb133111eb
	key ^= key >> 31
	return dropoutJob[T]{uint32(key), uint32(key >> 32), uint32(p * (1 << 32)), T(1 / (1 - p)), x, y}
}

// Run does part i.
func (j *dropoutJob[T]) Run(i int) {
	j.part(i*threads.PartHeavy, min((i+1)*threads.PartHeavy, len(j.x)))
}

func (j *dropoutJob[T]) part(lo, hi int) {
	inUse[T]().dropout(uint32(lo), j.lo, j.hi, j.threshold, j.scale, j.x[lo:hi], j.y[lo:hi])
}

func dropoutGeneric[T kernel.Float](start, lo, hi, threshold uint32, scale T, x, y []T) {
	y = y[:len(x)]
	for i, v := range x {
		v *= scale
		if dropoutHash(start+uint32(i), lo, hi) < threshold {
			v = 0
		}
		y[i] = v
	}
}

// dropoutHash mixes an element's number with both words of a key: two rounds of lowbias32 (Wellons 2018).
func dropoutHash(i, lo, hi uint32) uint32 { return mix32(mix32(i^lo) ^ hi) }

func mix32(h uint32) uint32 {
	h = (h ^ h>>16) * 0x7feb352d
	h = (h ^ h>>15) * 0x846ca68b
	return h ^ h>>16
}
