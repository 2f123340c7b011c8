package main

import (
	"math"

	"github.com/fallline/fallline/solvers"
)

// Lion moves every weight by the rate, against the sign of a mean of velocity and gradient:
//
//	w ← w − η sign(β₁ v + (1−β₁) g)
//	v ← β₂ v + (1−β₂) g
//
// Chen et al. 2023, algorithm 2, without its weight decay, which solvers.Decay adds.
type Lion struct {
	Beta1, Beta2 float64 // in [0, 1)
}

// Spec names the velocity and the two coefficients: solvers.New checks them, and solvers.Schedule can change them over
// time.
func (l Lion) Spec() solvers.Spec {
	return solvers.Spec{
		State: []string{"lion velocity"},
		Hyper: []solvers.Hyper{
			{Field: "Beta1", Legal: solvers.HalfOpen(0, 1)},
			{Field: "Beta2", Legal: solvers.HalfOpen(0, 1)},
		},
	}
}

// Update takes a step. float32 models are converted a part at a time, in cache.
func (l Lion) Update(s *solvers.Step, w, g []float64, state [][]float64) {
	v := state[0]
	for i := range w {
		if c := l.Beta1*v[i] + (1-l.Beta1)*g[i]; c != 0 {
			w[i] -= s.Rate * math.Copysign(1, c)
		}
		v[i] = l.Beta2*v[i] + (1-l.Beta2)*g[i]
	}
}
