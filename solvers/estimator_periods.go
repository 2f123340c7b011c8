package solvers

import (
	"math"

	"github.com/pkg/errors"
)

// periods cuts the iterations of a run into periods, at whose begin a full gradient is computed.
type periods struct {
	length int64
	random bool // the length is uniform in 1 to length
	seed   uint64
	left   [1]int64 // iterations left of this period; 0 where a new one begins
}

// newPeriods makes periods of ⌈passes·n/b⌉ iterations.
func newPeriods(passes float64, sampler Sampler) (periods, error) {
	length := math.Ceil(passes * float64(sampler.Len()) / float64(sampler.Batch()))
	if length > math.MaxInt64/2 {
		return periods{}, errors.Errorf("a period of %v iterations", length)
	}
	return periods{length: int64(max(length, 1))}, nil
}

// lengthOf is the length of the i-th period.
func (p *periods) lengthOf(i int64) int64 {
	if !p.random {
		return p.length
	}
	return 1 + min(int64(chance(p.seed, i)*float64(p.length)), p.length-1)
}
