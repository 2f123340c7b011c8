package nn

import (
	"gorgonia.org/gorgonia"

	"github.com/fallline/fallline/graph/op"
)

// ReLU cuts off what is negative: y = max(x, 0), with slope 0 at 0. Any shape.
func ReLU() Layer { return unary("relu", op.ReLU) }

// Sigmoid squeezes into (0, 1): y = 1/(1 + exp(−x)). Any shape.
func Sigmoid() Layer { return unary("sigmoid", op.Sigmoid) }

// Tanh squeezes into (−1, 1): y = tanh x. Any shape.
func Tanh() Layer { return unary("tanh", op.Tanh) }

// GELU weighs x by the chance that a normal number is below it: y = x·Φ(x), Φ(x) = (1 + erf(x/√2))/2, in this exact
// form. Any shape.
//
// Hendrycks & Gimpel 2016.
func GELU() Layer { return unary("gelu", op.GELU) }

// Scale multiplies by a fixed, finite number: y = factor·x. Behind the last layer of a classifier it scales the logits,
// and so how sure the first steps of a training are. Any shape.
func Scale(factor float64) Layer {
	return unary("scale", func(x *gorgonia.Node) (*gorgonia.Node, error) { return op.Scale(x, factor) })
}

// Flatten makes a vector of an image, or of any other shape: (height, width, channels) to (height·width·channels), in
// that order.
func Flatten() Layer { return unary("flatten", op.Flatten) }

// unary makes a layer of an op of one argument.
func unary(name string, apply func(x *gorgonia.Node) (*gorgonia.Node, error)) Layer {
	return Func(name, func(_ *Context, x *gorgonia.Node) (*gorgonia.Node, error) { return apply(x) })
}
