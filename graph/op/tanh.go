package op

import "gorgonia.org/gorgonia"

// Tanh is the hyperbolic tangent, element by element on a value of any shape.
//
//	y = tanh(x)    dx = dy·(1 − y²)
func Tanh(x *gorgonia.Node) (*gorgonia.Node, error) { return activate(ActTanh, x) }
