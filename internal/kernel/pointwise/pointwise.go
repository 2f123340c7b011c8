// Package pointwise holds functions of slices, element by element, and what is counted or summed over one: scalar
// products, sums, the greatest exponent.
package pointwise

import (
	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/threads"
)

// mapJob is a mapping over slices that are cut into parts.
type mapJob[T kernel.Float] struct {
	f       mapping[T]
	part    int
	a       T
	x, y, z []T
}

var mapJobs kernel.Stashes[mapJob[float32], mapJob[float64]]

// apply runs f over z, in parts on the threads when there are at least two.
func apply[T kernel.Float](f mapping[T], part int, a T, x, y, z []T) {
	if len(z) < 2*part {
		f(a, x, y, z)
		return
	}
	s := kernel.StashOf[T, mapJob[T]](&mapJobs)
	j := s.Get()
	*j = mapJob[T]{f, part, a, x, y, z}
	threads.Parallel((len(z)+part-1)/part, j)
	*j = mapJob[T]{}
	s.Put(j)
}

// Run does part i.
func (j *mapJob[T]) Run(i int) {
	lo := i * j.part
	hi := min(lo+j.part, len(j.z))
	j.f(j.a, Cut(j.x, lo, hi), Cut(j.y, lo, hi), j.z[lo:hi])
}

// Cut is x[lo:hi], or nil if x is.
func Cut[T kernel.Float](x []T, lo, hi int) []T {
	if x == nil {
		return nil
	}
	return x[lo:hi]
}
