package solvers

import "math"

// Constants are what theory's steps follow from, for f = 1/n Σ fᵢ: how fast the gradients change, at most. Where L2
// adds λ/2 ‖w‖², λ is in each of them. Linear.Smoothness and Smoothness find them.
type Constants struct {
	Full float64 // L_f: of the gradient of f
	Max  float64 // L_max: of the worst of the ∇fᵢ, at least Full
	Mu   float64 // μ: f is μ-strongly convex; λ of L2 is one. 0: not known
	N    int     // examples
}

// Batch is the expected smoothness for batches of b different examples,
//
//	𝓛(b) = n(b−1)/(b(n−1)) L_f + (n−b)/(b(n−1)) L_max
//
// which is L_max for b = 1 and L_f for b = n. It takes the place of L in the steps of theory.
//
// Gower, Loizou, Qian, Sailanbayev, Shulgin & Richtárik 2019, of sampling without replacement.
func (c Constants) Batch(b int) float64 {
	if c.N <= 1 {
		return c.Full
	}
	n, size := float64(c.N), float64(min(max(b, 1), c.N))
	return n*(size-1)/(size*(n-1))*c.Full + (n-size)/(size*(n-1))*c.Max
}

// StepSVRG is 1/(10L), the step of the paper's example, which with periods of 50 L/μ steps at least halves F−F* in
// each. AlphaSVRG with α = 1 takes it, too. Johnson & Zhang 2013.
func StepSVRG(l float64) float64 { return 1 / (10 * l) }

// StepLSVRG is 1/(6L). Kovalev, Horváth & Richtárik 2020.
func StepLSVRG(l float64) float64 { return 1 / (6 * l) }

// StepSAGA is 1/(2(μn+L)), or 1/(3L) where μ is 0 or that is more: both converge linearly where f is μ-strongly convex.
// n is the number of parts of SAGA's table: of examples on a LinearObjective, and else of blocks. Defazio, Bach &
// Lacoste-Julien 2014, section 2.
func StepSAGA(l, mu float64, n int) float64 {
	if mu <= 0 {
		return 1 / (3 * l)
	}
	return max(1/(2*(mu*float64(n)+l)), 1/(3*l))
}

// StepSAGABatch is SAGA's step with batches of b examples on a LinearObjective, or in general with a table for each
// example:
//
//	1/4 · 1/max(𝓛(b), (n−b)/(b(n−1)) L_max + μn/(4b))
//
// Gazagnadou, Gower & Salmon 2019.
func StepSAGABatch(c Constants, b int) float64 {
	n, size := float64(c.N), float64(min(max(b, 1), c.N))
	rest := c.Mu * n / (4 * size)
	if c.N > 1 {
		rest += (n - size) / (size * (n - 1)) * c.Max
	}
	return 1 / (4 * max(c.Batch(b), rest))
}

// StepSAG is 1/(16L). Schmidt, Le Roux & Bach 2017.
func StepSAG(l float64) float64 { return 1 / (16 * l) }

// StepSARAH is 1/(2L), which with periods of 4.5 L/μ steps takes E‖∇F‖² to 7/9 of it in each, by the bound of the
// paper. Nguyen, Liu, Scheinberg & Takáč 2017.
func StepSARAH(l float64) float64 { return 1 / (2 * l) }

// StepPAGE is 1/(L (1 + √((1−p)/(p b)))) with batches of b and PAGE's probability p, whose default is b/(n+b). L is
// that of the batches' gradients. Li, Bao, Zhang & Richtárik 2021.
func StepPAGE(l, p float64, b int) float64 {
	return 1 / (l * (1 + math.Sqrt((1-p)/(p*float64(b)))))
}
