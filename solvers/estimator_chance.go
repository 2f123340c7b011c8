package solvers

import "math/rand/v2"

// chance is the i-th random number of a seed, uniform in [0, 1): a coin of probability p shows heads where it is below
// p.
func chance(seed uint64, i int64) float64 {
	var pcg rand.PCG
	stream(&pcg, seed, i)
	return float64(pcg.Uint64()>>11) / (1 << 53)
}
