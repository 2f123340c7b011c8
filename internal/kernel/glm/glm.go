// Package glm holds the losses of linear models.
package glm

import (
	"math"

	"github.com/fallline/fallline/internal/kernel"
)

// Loss is that of a linear model on one example, a function of the model's outputs z for it.
type Loss int

const (
	Logistic Loss = iota // log(1 + exp(−y z)), one output, y is −1 or 1
	Squared              // (z − y)²/2, one output
	Softmax              // log Σ_j exp(z_j) − z_y, an output for each class, y is the class
)

// Residual is ∂ℓ/∂z of a loss of one output.
func (l Loss) Residual(z, y float64) float64 {
	if l == Squared {
		return z - y
	}
	return -y / (1 + math.Exp(y*z))
}

// Residuals turns the outputs z of rows of one output into residuals ∂ℓ/∂z, in place, and returns the sum of their
// losses.
func Residuals[T kernel.Float](l Loss, z []T, y []float64) (loss float64) {
	if l == Squared {
		for i, v := range z {
			r := float64(v) - y[i]
			z[i] = T(r)
			loss += r * r
		}
		return loss / 2
	}
	// Σ log(1+e) = log Π(1+e), with each e in [0, 1].
	const block = 512
	for len(z) > 0 {
		n := min(block, len(z))
		product := 1.0
		for i, v := range z[:n] {
			m := y[i] * float64(v)
			e := math.Exp(-math.Abs(m))
			product *= 1 + e
			if m >= 0 {
				z[i] = T(-y[i] * e / (1 + e))
			} else {
				loss -= m
				z[i] = T(-y[i] / (1 + e))
			}
			if m != m {
				z[i], loss = T(m), m
			}
		}
		loss += math.Log(product)
		z, y = z[n:], y[n:]
	}
	return loss
}
