package pointwise

import (
	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/threads"
)

// Gelu is the Gaussian error linear unit y = x Φ(x), element by element, Φ being the normal distribution function in its exact
// form, (1 + erf(x/√2))/2. −∞ gives −0 and a NaN a NaN. The two slices have one length; y may be x.
//
// Hendrycks & Gimpel 2016.
func Gelu[T kernel.Float](x, y []T) { apply(inUse[T]().gelu, threads.PartHeavy, 0, x, nil, y) }

// GeluGrad is the gradient of Gelu by its input x: dx = dy (Φ(x) + x φ(x)), with φ the normal density e^(−x²/2)/√2π. The slices
// have one length; dx may be dy or x.
func GeluGrad[T kernel.Float](x, dy, dx []T) {
	apply(inUse[T]().geluGrad, threads.PartHeavy, 0, x, dy, dx)
}
