package nn

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/fallline/fallline/graph"
	"github.com/fallline/fallline/vector"
)

// Freeze keeps a layer's weights as they start or are loaded. They are part of the model's file under the same names as
// without Freeze, but not of Model.Weights: there is no gradient by them, no room for one, and nothing that a solver
// does, decay, momentum or averaging, reaches them. They lie in Model.Frozen.
//
// Only weights are frozen: batch norm still normalises by the batch in training, and its running statistics follow.
func Freeze(layer Layer) Layer {
	return frozen{Wrapped{layer}}
}

// frozen has its layer's name, so that freezing it renames nothing.
type frozen struct{ Wrapped }

func (l frozen) Apply(c *Context, x *gorgonia.Node) (*gorgonia.Node, error) {
	defer func(outer bool) { c.freeze = outer }(c.freeze)
	c.freeze = true
	return l.Wrapped.Apply(c, x)
}

// bindFrozen makes the graph's frozen weights views of a vector. To the graph they are inputs like the batch, which get
// no gradient.
func (a assembly) bindFrozen(v *vector.Vector) error {
	for i, n := range a.context.frozen {
		if err := gorgonia.Let(n, graph.View(v, i)); err != nil {
			return errors.Wrapf(err, "frozen weight %s", n.Name())
		}
	}
	return nil
}
