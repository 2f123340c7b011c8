package main

import (
	"github.com/fallline/fallline/solvers"
	"github.com/fallline/fallline/vector"
)

// spreads are the variances of a batch's gradient, for each batch size.
type spreads struct {
	with, without []float64 // replacement
	// squared error of the mean of many gradients, over what its variance makes of it: 1 without a bias
	bias float64
}

// gradientSpread measures at the weights w how far the gradients of batches are from that over all examples: of draws
// batches of each size, of small ones up to 16 times as many, and of the mean of many batches of 8.
func gradientSpread(f solvers.Objective, w *vector.Vector, sizes []int, draws, many int, seed uint64) (spreads, error) {
	var s spreads
	exact, g := f.NewVector(), f.NewVector()
	if _, err := f.Gradient(w, exact, everything(f.Len())); err != nil {
		return s, err
	}
	for _, b := range sizes {
		with, err := solvers.WithReplacement(f.Len(), b, seed)
		if err != nil {
			return s, err
		}
		without, err := solvers.Reshuffled(f.Len(), b, seed)
		if err != nil {
			return s, err
		}
		for sampler, to := range map[solvers.Sampler]*[]float64{with: &s.with, without: &s.without} {
			total, times := 0.0, draws*min(16, max(1, 256/b))
			for range times {
				if _, err := f.Gradient(w, g, sampler.Next()); err != nil {
					return s, err
				}
				g.Axpy(-1, exact)
				total += g.Dot(g) / float64(times)
			}
			*to = append(*to, total)
		}
	}
	var err error
	s.bias, err = bias(f, w, exact, many, seed)
	return s, err
}

// bias is the squared distance of the mean of 20 gradients from the exact one, over the variance that it would have
// without a bias, averaged over the twenties among many.
func bias(f solvers.Objective, w, exact *vector.Vector, many int, seed uint64) (float64, error) {
	const batch, group = 8, 20
	sampler, err := solvers.WithReplacement(f.Len(), batch, seed+1000)
	if err != nil {
		return 0, err
	}
	g, sum := f.NewVector(), f.NewVector()
	distance, variance := 0.0, 0.0
	for k := 1; k <= many; k++ {
		if _, err := f.Gradient(w, g, sampler.Next()); err != nil {
			return 0, err
		}
		g.Axpy(-1, exact)
		variance += g.Dot(g)
		sum.Axpy(1.0/group, g)
		if k%group == 0 {
			distance += sum.Dot(sum)
			sum.Zero()
		}
	}
	return distance * group * group / variance, nil
}
