package op

import "gorgonia.org/gorgonia"

// Sigmoid is the logistic function, element by element on a value of any shape.
//
//	y = 1 / (1 + exp(−x))    dx = dy·y·(1 − y)
func Sigmoid(x *gorgonia.Node) (*gorgonia.Node, error) { return activate(ActSigmoid, x) }
