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
// With Soft above 0 each step ends with soft-thresholding, w ← sign(w) max(|w| − ηSoft, 0), the proximal step of an L1 term. V is
// then the weights themselves, and missed steps are taken one by one, up to the one that leaves a weight at zero for good.
type SparseSAGA[T Float] struct {
	Rows  *Sparse[T]
	Loss  Loss
	Y     []float64
	Table []float64 // α
	V     []T
	Mean  []T // ḡ

	Rate, Lambda, Soft float64

	// The intercept is a weight whose column is all ones. Its λ is apart, and it isn't thresholded.
	Intercept                  bool
	Bias, BiasMean, BiasLambda float64

	// Sum is the sum of the losses of the examples seen.
	Sum float64

	last    []float64 // of each column, the value of missed at which it was made up for
	missed  float64   // the sum of η/s over the steps; with Soft, the number of steps
	scale   float64   // s
	product float64   // of 1 + exp(−|z|), whose logarithm belongs to Sum
}

const (
	minScale   = 1e-3  // where s is multiplied into V
	maxProduct = 1e200 // where a logarithm is taken
)

// Begin takes the weights, which are in V.
func (a *SparseSAGA[T]) Begin() {
	a.last = resize(a.last, len(a.V))
	clear(a.last)
	a.missed, a.scale, a.product, a.Sum = 0, 1, 1, 0
}

// Run takes a step for each example of index, and returns how many it took: all, or those before the first whose residual isn't
// finite.
func (a *SparseSAGA[T]) Run(index []int32) int {
	if a.Soft > 0 {
		return a.runSoft(index)
	}
	per, keep := 1/float64(len(a.Table)), 1-a.Rate*a.Lambda
	v, mean, last := a.V, a.Mean[:len(a.V)], a.last[:len(a.V)]
	for t, i := range index {
		col, val := a.Rows.Row(i)
		val = val[:len(col)]
		z, missed := 0.0, a.missed
		for p, c := range col {
			x := v[c] - T(missed-last[c])*mean[c]
			v[c] = x
			z += float64(val[p]) * float64(x)
		}
		delta := a.residual(z*a.scale+a.Bias, a.Y[i]) - a.Table[i]
		if delta-delta != 0 {
			return t
		}
		a.Table[i] += delta
		a.scale *= keep
		rate := a.Rate / a.scale
		missed += rate
		pull, move, turn := T(rate), T(delta*rate), T(delta*per)
		for p, c := range col {
			x, g := val[p], mean[c]
			v[c] -= pull*g + move*x
			mean[c] = g + turn*x
			last[c] = missed
		}
		a.missed = missed
		if a.Intercept {
			a.stepBias(delta, per)
		}
		if a.scale < minScale {
			a.fold()
		}
	}
	return len(index)
}

// residual is that of an output z with label y; its loss goes to Sum.
func (a *SparseSAGA[T]) residual(z, y float64) float64 {
	if a.Loss == Squared {
		r := z - y
		a.Sum += r * r / 2
		return r
	}
	m := y * z
	e := math.Exp(-math.Abs(m))
	if a.product *= 1 + e; a.product > maxProduct {
		a.Sum += math.Log(a.product)
		a.product = 1
	}
	if m >= 0 {
		return -y * e / (1 + e)
	}
	a.Sum -= m
	return -y / (1 + e)
}

func (a *SparseSAGA[T]) stepBias(delta, per float64) {
	a.Bias = (1-a.Rate*a.BiasLambda)*a.Bias - a.Rate*(delta+a.BiasMean)
	a.BiasMean += delta * per
}

// Finish makes up for all missed steps, so that V is the weights, and completes Sum.
func (a *SparseSAGA[T]) Finish() {
	a.Sum += math.Log(a.product)
	a.product = 1
	if a.Soft > 0 {
		for c := range a.V {
			a.catchUp(c)
		}
		return
	}
	a.fold()
}

// fold makes s one.
func (a *SparseSAGA[T]) fold() {
	for c := range a.V {
		a.V[c] = T(a.scale) * (a.V[c] - T(a.missed-a.last[c])*a.Mean[c])
		a.last[c] = 0
	}
	a.missed, a.scale = 0, 1
}

// runSoft is Run with soft-thresholding.
func (a *SparseSAGA[T]) runSoft(index []int32) int {
	per, keep := 1/float64(len(a.Table)), 1-a.Rate*a.Lambda
	for t, i := range index {
		col, val := a.Rows.Row(i)
		z := a.Bias
		for p, c := range col {
			a.catchUp(int(c))
			z += float64(val[p]) * float64(a.V[c])
		}
		delta := a.residual(z, a.Y[i]) - a.Table[i]
		if delta-delta != 0 {
			return t
		}
		a.Table[i] += delta
		a.missed++
		for p, c := range col {
			x, g := float64(val[p]), float64(a.Mean[c])
			a.V[c] = T(soft(keep*float64(a.V[c])-a.Rate*(delta*x+g), a.Rate*a.Soft))
			a.Mean[c] = T(g + delta*per*x)
			a.last[c] = a.missed
		}
		if a.Intercept {
			a.stepBias(delta, per)
		}
	}
	return len(index)
}

// catchUp takes the steps that column c has missed.
func (a *SparseSAGA[T]) catchUp(c int) {
	missed := int(a.missed - a.last[c])
	if missed == 0 {
		return
	}
	a.last[c] = a.missed
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
