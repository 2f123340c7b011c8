package nn

import (
	"slices"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/fallline/fallline/graph/op"
	"github.com/fallline/fallline/internal/text"
)

// Residual adds its input to what the layers make of it. The layers must keep the shape.
//
//	y = x + layers(x)
//
// He et al. 2016, eq. 1.
func Residual(layers ...Layer) Layer { return residual(layers) }

type residual []Layer

func (residual) Name() string { return "residual" }

func (l residual) Apply(c *Context, x *gorgonia.Node) (*gorgonia.Node, error) {
	y, err := c.Sequence(l, x)
	if err != nil {
		return nil, err
	}
	if in, out := c.Shape(x), c.Shape(y); !slices.Equal(in, out) {
		return nil, errors.Errorf("its layers turn shape %s into %s, want them equal to add the two", text.Shape(in), text.Shape(out))
	}
	return op.Add(x, y)
}
