package op

import "gorgonia.org/gorgonia"

// GELU is the Gaussian error linear unit, element by element on a value of any shape, in its exact form.
//
//	y = x·Φ(x)    dx = dy·(Φ(x) + x·φ(x))    Φ(x) = (1 + erf(x/√2))/2    φ(x) = exp(−x²/2)/√(2π)
//
// Hendrycks & Gimpel 2016.
func GELU(x *gorgonia.Node) (*gorgonia.Node, error) { return activate(ActGELU, x) }
