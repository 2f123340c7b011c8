package solvers

import "github.com/fallline/fallline/internal/kernel/step"

// SGD is stochastic gradient descent.
//
//	w ← w − η g
//
// Robbins & Monro 1951. It keeps no state.
type SGD struct{}

// Spec returns an empty Spec.
func (SGD) Spec() Spec { return Spec{} }

// Update takes a step over float64.
func (SGD) Update(s *Step, w, g []float64, _ [][]float64) { step.SGD(w, g, s.Rate) }

// Update32 takes a step over float32.
func (SGD) Update32(s *Step, w, g []float32, _ [][]float32) { step.SGD(w, g, float32(s.Rate)) }

// GradientStep says that the step is −ηg.
func (SGD) GradientStep() {}
