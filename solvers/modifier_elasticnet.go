package solvers

import (
	"fmt"

	"github.com/fallline/fallline/internal/kernel/pointwise"
)

// ElasticNet is the regulariser λ₁‖w‖₁ + λ₂/2 ‖w‖², which sets weights to exact zeros and shrinks the others:
//
//	prox(w) = sign(w) max(|w| − ηλ₁, 0) / (1 + ηλ₂)
//
// Give it as Prox(ElasticNet{L1: 1e-4, L2: 1e-3}, Except("bias")). The quadratic part may as well stand in the option
// L2, where the gradient sees it; here it takes no part in how long the steps may be. Zou & Hastie 2005; Parikh & Boyd
// 2014, section 6.5.3.
type ElasticNet struct {
	L1 float64 // λ₁, in [0, Inf)
	L2 float64 // λ₂, in [0, Inf)
}

// Validate returns an error for an illegal λ.
func (e ElasticNet) Validate() error {
	if err := checkSetting("elastic net's l1", e.L1, AtLeast(0)); err != nil {
		return err
	}
	return checkSetting("elastic net's l2", e.L2, AtLeast(0))
}

// Prox shrinks the weights towards 0.
func (e ElasticNet) Prox(step float64, w []float64) {
	pointwise.Shrink(step*e.L1, w)
	pointwise.Scale(1/(1+step*e.L2), w)
}

// Prox32 is Prox for float32.
func (e ElasticNet) Prox32(step float64, w []float32) {
	pointwise.Shrink(float32(step*e.L1), w)
	pointwise.Scale(float32(1/(1+step*e.L2)), w)
}

// Value is λ₁‖w‖₁ + λ₂/2 ‖w‖².
func (e ElasticNet) Value(w []float64) float64 {
	return e.L1*absSum(w) + e.L2/2*pointwise.Dot(w, w)
}

// String is as in elasticnet(0.0001,0.001).
func (e ElasticNet) String() string { return fmt.Sprintf("elasticnet(%v,%v)", e.L1, e.L2) }

// Threshold is λ₁ and λ₂.
func (e ElasticNet) Threshold() (l1, l2 float64) { return e.L1, e.L2 }
