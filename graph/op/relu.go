package op

import "gorgonia.org/gorgonia"

// ReLU is the rectifier, element by element on a value of any shape. A NaN stays a NaN.
//
//	y = max(x, 0)    dx = dy where y > 0, else 0
func ReLU(x *gorgonia.Node) (*gorgonia.Node, error) { return activate(ActReLU, x) }
