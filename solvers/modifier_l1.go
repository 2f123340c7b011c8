package solvers

import (
	"fmt"
	"math"

	"github.com/fallline/fallline/internal/kernel/pointwise"
)

// L1 is the regulariser λ‖w‖₁, which sets weights to exact zeros:
//
//	prox(w) = sign(w) max(|w| − ηλ, 0)
//
// Give it as Prox(L1{Lambda: 1e-4}, Except("bias")). Tibshirani 1996; Daubechies, Defrise & De Mol 2004, eq. 1.11.
// Weights are zeros at the minimum wherever |∂f/∂w| < λ; an estimator with variance reduction finds them after finitely
// many steps, plain mini-batches with a constant rate shake them.
type L1 struct {
	Lambda float64 // λ, in [0, Inf)
}

// Validate returns an error for an illegal λ.
func (l L1) Validate() error { return checkSetting("l1", l.Lambda, AtLeast(0)) }

// Prox shrinks the weights towards 0.
func (l L1) Prox(step float64, w []float64) { pointwise.Shrink(step*l.Lambda, w) }

// Prox32 is Prox for float32.
func (l L1) Prox32(step float64, w []float32) { pointwise.Shrink(float32(step*l.Lambda), w) }

// Value is λ‖w‖₁.
func (l L1) Value(w []float64) float64 { return ElasticNet{L1: l.Lambda}.Value(w) }

// String is as in l1(0.0001).
func (l L1) String() string { return fmt.Sprintf("l1(%v)", l.Lambda) }

// Threshold is λ and 0.
func (l L1) Threshold() (l1, l2 float64) { return l.Lambda, 0 }

// absSum is Σ|w|.
func absSum(w []float64) (sum float64) {
	for _, x := range w {
		sum += math.Abs(x)
	}
	return sum
}
