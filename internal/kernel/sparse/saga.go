package sparse

import (
	"math"

	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/glm"
	"github.com/fallline/fallline/internal/memory"
)

// SAGA takes steps of SAGA with batches of one on a linear model of one output with sparse rows:
//
//	δ = ℓ′(z_i) − α_i;  w ← (1 − ηλ) w − η (δ x_i + ḡ);  ḡ ← ḡ + δ/n x_i;  α_i ← α_i + δ
//
// The weights are s·V, so that shrinking them takes one product, and a column that a row doesn't hold is left alone: ḡ
// stays the same there, so that the steps it has missed are one multiple of it, and are made up for when the column
// comes next. This is the lagged update of Schmidt, Le Roux & Bach 2017, section 4.
//
// With Soft or Ridge above 0 each step ends with w ← sign(w) max(|w| − ηSoft, 0) / (1 + ηRidge), the proximal step of
// an elastic net. V is then the weights themselves, and missed steps are taken one by one, up to the one that leaves a
// weight at zero for good.
type SAGA[T kernel.Float] struct {
	Rows  *Matrix[T]
	Loss  glm.Loss
	Y     []float64
	Table []float64 // α
	V     []T
	Mean  []T // ḡ

	Rate, Lambda, Soft, Ridge float64

	// The intercept is a weight whose column is all ones. Its λ is apart, and it isn't thresholded.
	Intercept                  bool
	Bias, BiasMean, BiasLambda float64

	// Sum is the sum of the losses of the examples seen.
	Sum float64

	// BadResidual and BadLoss are those of the example before which Run stopped.
	BadResidual, BadLoss float64

	cells   []sagaCell[T] // V and Mean while steps are taken
	missed  float64       // the sum of η/s over the steps; with a proximal step, the number of steps
	scale   float64       // s
	product float64       // of 1 + exp(−|z|), whose logarithm belongs to Sum
}

// sagaCell is a column: what a step reads and writes of it lies together.
type sagaCell[T kernel.Float] struct {
	v, mean T
	last    float64 // the value of missed at which the column was made up for
}

const (
	minScale   = 1e-3  // where s is multiplied into V
	maxProduct = 1e200 // where a logarithm is taken
)

// Begin takes V and Mean over, until Finish gives them back.
func (a *SAGA[T]) Begin() {
	a.cells = memory.Resize(a.cells, len(a.V))
	for c, v := range a.V {
		a.cells[c] = sagaCell[T]{v: v, mean: a.Mean[c]}
	}
	a.missed, a.scale, a.product, a.Sum = 0, 1, 1, 0
}

// Run takes a step for each example of index, and returns how many it took: all, or those before the first whose
// residual or loss isn't finite.
func (a *SAGA[T]) Run(index []int32) int {
	if a.thresholds() {
		return a.runSoft(index)
	}
	per, keep := 1/float64(len(a.Table)), 1-a.Rate*a.Lambda
	cells := a.cells
	for t, i := range index {
		col, val := a.Rows.Row(i)
		val = val[:len(col)]
		z, missed := 0.0, a.missed
		for p, c := range col {
			cell := &cells[c]
			cell.v -= T(missed-cell.last) * cell.mean
			z += float64(val[p] * cell.v)
		}
		sum, product := a.Sum, a.product
		delta := a.residual(z*a.scale+a.Bias, a.Y[i]) - a.Table[i]
		if delta-delta+(a.Sum-a.Sum) != 0 {
			a.stop(delta, sum, product)
			return t
		}
		a.Table[i] += delta
		a.scale *= keep
		rate := a.Rate / a.scale
		missed += rate
		pull, move, turn := T(rate), T(delta*rate), T(delta*per)
		for p, c := range col {
			x, cell := val[p], &cells[c]
			cell.v -= pull*cell.mean + move*x
			cell.mean += turn * x
			cell.last = missed
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

// thresholds says whether steps end with a proximal step.
func (a *SAGA[T]) thresholds() bool { return a.Soft > 0 || a.Ridge > 0 }

// stop notes what an example without a step came to, and takes its loss out of the sum.
func (a *SAGA[T]) stop(residual, sum, product float64) {
	a.BadResidual, a.BadLoss = residual, a.Sum
	a.Sum, a.product = sum, product
}

// residual is that of an output z with label y; its loss goes to Sum.
func (a *SAGA[T]) residual(z, y float64) float64 {
	if a.Loss == glm.Squared {
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

func (a *SAGA[T]) stepBias(delta, per float64) {
	a.Bias = (1-a.Rate*a.BiasLambda)*a.Bias - a.Rate*(delta+a.BiasMean)
	a.BiasMean += delta * per
}

// Finish makes up for all missed steps, gives V and Mean back, and completes Sum.
func (a *SAGA[T]) Finish() {
	a.Sum += math.Log(a.product)
	a.product = 1
	if a.thresholds() {
		for c := range a.cells {
			a.catchUp(&a.cells[c])
		}
	} else {
		a.fold()
	}
	for c, cell := range a.cells {
		a.V[c], a.Mean[c] = cell.v, cell.mean
	}
}

// fold makes s one.
func (a *SAGA[T]) fold() {
	for c := range a.cells {
		cell := &a.cells[c]
		cell.v = T(a.scale) * (cell.v - T(a.missed-cell.last)*cell.mean)
		cell.last = 0
	}
	a.missed, a.scale = 0, 1
}

// runSoft is Run with soft-thresholding.
func (a *SAGA[T]) runSoft(index []int32) int {
	per, keep, shrink := 1/float64(len(a.Table)), 1-a.Rate*a.Lambda, a.shrink()
	for t, i := range index {
		col, val := a.Rows.Row(i)
		z := a.Bias
		for p, c := range col {
			cell := &a.cells[c]
			a.catchUp(cell)
			z += float64(val[p]) * float64(cell.v)
		}
		sum, product := a.Sum, a.product
		delta := a.residual(z, a.Y[i]) - a.Table[i]
		if delta-delta+(a.Sum-a.Sum) != 0 {
			a.stop(delta, sum, product)
			return t
		}
		a.Table[i] += delta
		a.missed++
		for p, c := range col {
			x, cell := float64(val[p]), &a.cells[c]
			g := float64(cell.mean)
			cell.v = T(soft(keep*float64(cell.v)-a.Rate*(delta*x+g), a.Rate*a.Soft) * shrink)
			cell.mean = T(g + delta*per*x)
			cell.last = a.missed
		}
		if a.Intercept {
			a.stepBias(delta, per)
		}
	}
	return len(index)
}

// catchUp takes the steps that a column has missed.
func (a *SAGA[T]) catchUp(cell *sagaCell[T]) {
	missed := int(a.missed - cell.last)
	if missed == 0 {
		return
	}
	cell.last = a.missed
	keep, pull, width := 1-a.Rate*a.Lambda, a.Rate*float64(cell.mean), a.Rate*a.Soft
	shrink := a.shrink()
	w := float64(cell.v)
	for range missed {
		if w == 0 && math.Abs(pull) <= width {
			break
		}
		w = soft(keep*w-pull, width) * shrink
	}
	cell.v = T(w)
}

// shrink is what the proximal step of Ridge leaves of a weight.
func (a *SAGA[T]) shrink() float64 { return 1 / (1 + a.Rate*a.Ridge) }

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
