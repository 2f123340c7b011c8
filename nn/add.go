package nn

import (
	"slices"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/fallline/fallline/graph/op"
	"github.com/fallline/fallline/internal/text"
)

// Add gives its input to each branch and adds their outputs, which must have one shape.
//
//	y = branch₁(x) + branch₂(x) + ...
//
// Sequential() with nothing in it passes x on, so that Add(Sequential(), l) is Residual(l); with layers in it, it is a
// shortcut that fits a block that changes the shape.
//
// He et al. 2016, eq. 2.
func Add(branches ...Layer) Layer { return add(branches) }

type add []Layer

func (add) Name() string { return "add" }

func (l add) Apply(c *Context, x *gorgonia.Node) (*gorgonia.Node, error) {
	nodes, err := c.branches(l, x)
	if err != nil {
		return nil, err
	}
	sum := nodes[0]
	for i, n := range nodes[1:] {
		if first, other := c.Shape(sum), c.Shape(n); !slices.Equal(first, other) {
			return nil, errors.Errorf("branch %d turns shape %s into %s, branch 0 into %s: want them equal to add them",
				i+1, text.Shape(c.Shape(x)), text.Shape(other), text.Shape(first))
		}
		if sum, err = op.Add(sum, n); err != nil {
			return nil, err
		}
	}
	return sum, nil
}

// branches applies each layer to x.
func (c *Context) branches(layers []Layer, x *gorgonia.Node) (gorgonia.Nodes, error) {
	if len(layers) == 0 {
		return nil, errors.New("no branches")
	}
	nodes := make(gorgonia.Nodes, len(layers))
	for i, l := range layers {
		y, err := c.Sequence([]Layer{l}, x)
		if err != nil {
			return nil, errors.WithMessagef(err, "branch %d", i)
		}
		nodes[i] = y
	}
	return nodes, nil
}
