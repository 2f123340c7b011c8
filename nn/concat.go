package nn

import (
	"gorgonia.org/gorgonia"

	"github.com/fallline/fallline/graph/op"
)

// Concat gives its input to each branch and puts their outputs side by side along the last axis: an image's channels, a
// vector's numbers.
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
	nodes, err := c.branches(l, x)
	if err != nil {
		return nil, err
	}
	return op.Concat(nodes...)
}
