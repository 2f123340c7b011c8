package nn

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/fallline/fallline/graph/op"
)

// Concat gives its input to each branch and puts their outputs side by side along the last axis: an image's channels, a vector's numbers.
//
//	y[..., :] = branch₁(x)[..., :], branch₂(x)[..., :], ...
//
// Outputs must have the same shape but for that axis. Sequential() with nothing in it passes x on.
//
// Szegedy et al. 2015; with Sequential() as a branch, Huang et al. 2017.
func Concat(branches ...Layer) Layer { return concat(branches) }

type concat []Layer

func (concat) Name() string { return "concat" }

func (l concat) Apply(c *Context, x *gorgonia.Node) (*gorgonia.Node, error) {
	if len(l) == 0 {
		return nil, errors.New("no branches")
	}
	nodes := make(gorgonia.Nodes, len(l))
	for i, branch := range l {
		y, err := c.Sequence([]Layer{branch}, x)
		if err != nil {
			return nil, errors.WithMessagef(err, "branch %d", i)
		}
		nodes[i] = y
	}
	return op.Concat(nodes...)
}
