package kernel

import "math"

// SparseSAGA takes steps of SAGA with batches of one on a linear model of one output with sparse rows:
//
//	δ = ℓ′(z_i) − α_i;  w ← (1 − ηλ) w − η (δ x_i + ḡ);  ḡ ← ḡ + δ/n x_i;  α_i ← α_i + δ
//
// The weights are s·V, so that shrinking them takes one product, and a column that a row doesn't hold is left alone: ḡ stays the
// same there, so that the steps it has missed are one multiple of it, and are made up for when the column comes next. This is the
// lagged update of Schmidt, Le Roux & Bach 2017, section 4.
//
// With Soft above 0 each step ends with soft-thresholding, w ← sign(w) max(|w| − ηSoft, 0), the proximal step of an L1 term; the
// missed steps are then taken one by one, up to the one that leaves a weight at zero for good.
type SparseSAGA[T Float] struct {
	Rows  Sparse[T]
	Loss  Loss
	Y     []float64
	Table []float64 // α
	Mean  []T       // ḡ

	Rate, Lambda, Soft float64

	Intercept           bool
	Bias, BiasMean      float64
	BiasLambda          float64
	last                []float64 // the sum of η/s, or the number of steps, at which a column was made up for
	V                   []T
	sum, scale, inverse float64
	steps               float64
}

// minScale is where s is multiplied into V again.
const minScale = 1e-3

// Begin takes the weights, which are in V.
func (a *SparseSAGA[T]) Begin() {
	a.last = resize(a.last, len(a.V))
	clear(a.last)
	a.sum, a.scale, a.inverse, a.steps = 0, 1, 1, 0
}

// Run takes a step for each example of index, and returns how many it took: all, or those before the first whose residual isn't
// finite.
func (a *SparseSAGA[T]) Run(index []int32) int {
	if a.Soft > 0 {
		return a.runSoft(index)
	}
	per := 1 / float64(len(a.Table))
	keep, biasKeep := 1-a.Rate*a.Lambda, 1-a.Rate*a.BiasLambda
	v, mean, last := a.V, a.Mean[:len(a.V)], a.last[:len(a.V)]
	for t, i := range index {
		col, val := a.Rows.Row(i)
		val = val[:len(col)]
		z, sum := 0.0, a.sum
		for p, c := range col {
			if missed := sum - last[c]; missed != 0 {
				v[c] -= T(missed) * mean[c]
			}
			z += float64(val[p]) * float64(v[c])
		}
		delta := a.Loss.Residual(z*a.scale+a.Bias, a.Y[i]) - a.Table[i]
		if delta-delta != 0 {
			return t
		}
		a.Table[i] += delta
		a.scale *= keep
		a.inverse = a.Rate / a.scale
		next := sum + a.inverse
		move, turn := T(delta*a.inverse), T(delta*per)
		now := T(a.inverse)
		for p, c := range col {
			x, g := val[p], mean[c]
			v[c] -= now*g + move*x
			mean[c] = g + turn*x
			last[c] = next
		}
		a.sum = next
		if a.Intercept {
			a.Bias = biasKeep*a.Bias - a.Rate*(delta+a.BiasMean)
			a.BiasMean += delta * per
		}
		if !(a.scale > minScale && a.scale < 1/minScale) {
			a.Finish()
		}
	}
	return len(index)
}

// Finish makes up for all missed steps: V is the weights.
func (a *SparseSAGA[T]) Finish() {
	for c := range a.V {
		if a.Soft > 0 {
			a.catchUp(c)
			continue
		}
		a.V[c] = T(a.scale) * (a.V[c] - T(a.sum-a.last[c])*a.Mean[c])
	}
	a.Begin()
}

// runSoft is Run with soft-thresholding. Here V is the weights themselves, and last counts steps.
func (a *SparseSAGA[T]) runSoft(index []int32) int {
	per := 1 / float64(len(a.Table))
	keep, biasKeep := 1-a.Rate*a.Lambda, 1-a.Rate*a.BiasLambda
	for t, i := range index {
		col, val := a.Rows.Row(i)
		val = val[:len(col)]
		z := a.Bias
		for p, c := range col {
			a.catchUp(int(c))
			z += float64(val[p]) * float64(a.V[c])
		}
		delta := a.Loss.Residual(z, a.Y[i]) - a.Table[i]
		if delta-delta != 0 {
			return t
		}
		a.Table[i] += delta
		a.steps++
		for p, c := range col {
			x, g := float64(val[p]), float64(a.Mean[c])
			a.V[c] = T(soft(keep*float64(a.V[c])-a.Rate*(delta*x+g), a.Rate*a.Soft))
			a.Mean[c] = T(g + delta*per*x)
			a.last[c] = a.steps
		}
		if a.Intercept {
			a.Bias = biasKeep*a.Bias - a.Rate*(delta+a.BiasMean)
			a.BiasMean += delta * per
		}
	}
	return len(index)
}

// catchUp takes the steps that column c has missed.
func (a *SparseSAGA[T]) catchUp(c int) {
	missed := int(a.steps - a.last[c])
	if missed == 0 {
		return
	}
	a.last[c] = a.steps
	keep, pull, width := 1-a.Rate*a.Lambda, a.Rate*float64(a.Mean[c]), a.Rate*a.Soft
	w := float64(a.V[c])
	for range missed {
		if w == 0 && math.Abs(pull) <= width {
			break
		}
		w = soft(keep*w-pull, width)
	}
	a.V[c] = T(w)
}

// soft is sign(x) max(|x| − width, 0).
func soft(x, width float64) float64 {
	switch {
	case x > width:
		return x - width
	case x < -width:
		return x + width
	}
	return x - x // zero, or a NaN that stays one
}
