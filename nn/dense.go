package nn

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/fallline/fallline/graph/op"
	"github.com/fallline/fallline/internal/text"
)

// Dense multiplies a vector by a weight and adds a bias.
//
//	y = x W + b        x: (in)  W: (in, units)  b: (units)  y: (units)
//
// Weights: weight, group "weight", starts as He; bias, group "bias", starts at 0. Options: NoBias, Init.
func Dense(units int, options ...DenseOption) Layer {
	l := &dense{units: units, init: He}
	l.err = each(options, func(o DenseOption) { o.dense(l) })
	return l
}

type dense struct {
	units  int
	noBias bool
	init   Initializer
	err    error
}

func (*dense) Name() string { return "dense" }

func (l *dense) Apply(c *Context, x *gorgonia.Node) (*gorgonia.Node, error) {
	if l.err != nil {
		return nil, l.err
	}
	shape := c.Shape(x)
	if l.units < 1 {
		return nil, errors.Errorf("%d units, want at least 1", l.units)
	}
	if len(shape) != 1 {
		return nil, errors.Errorf("input of shape %s, want a vector (n): put nn.Flatten() in front", text.Shape(shape))
	}
	w, err := c.Weight("weight", l.init, shape[0], l.units)
	if err != nil {
		return nil, err
	}
	if l.noBias {
		return op.Affine(x, w, nil)
	}
	b, err := c.Bias("bias", l.units)
	if err != nil {
		return nil, err
	}
	return op.Affine(x, w, b)
}
