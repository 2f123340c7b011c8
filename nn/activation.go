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

// Flatten makes a vector of an image, or of any other shape: (height, width, channels) to (height·width·channels), in that order.
func Flatten() Layer { return unary("flatten", op.Flatten) }

// unary makes a layer of an op of one argument.
func unary(name string, apply func(x *gorgonia.Node) (*gorgonia.Node, error)) Layer {
	return Func(name, func(_ *Context, x *gorgonia.Node) (*gorgonia.Node, error) { return apply(x) })
}
