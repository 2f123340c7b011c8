package nn

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/fallline/fallline/graph"
	"github.com/fallline/fallline/vector"
)

// Freeze keeps a layer's weights as they start or are loaded. They are part of the model's file under the same names as without Freeze, but
// not of Model.Weights: there is no gradient by them, no room for one, and nothing that a solver does, decay, momentum or averaging,
// reaches them. They lie in Model.Frozen.
//
// Only weights are frozen: batch norm still normalises by the batch in training, and its running statistics follow.
func Freeze(layer Layer) Layer {
	if l, own := layer.(namedLayer); own {
		return namedLayer{Freeze(l.Layer), l.name}
	}
	return frozen{layer}
}

type frozen struct{ layer Layer }

// Name is the layer's, so that freezing it renames nothing.
func (l frozen) Name() string {
	if l.layer == nil {
		return "freeze"
	}
	return l.layer.Name()
}

func (l frozen) Apply(c *Context, x *gorgonia.Node) (*gorgonia.Node, error) {
	if l.layer == nil {
		return nil, errors.New("the layer is nil")
	}
	defer func(outer bool) { c.freeze = outer }(c.freeze)
	c.freeze = true
	return l.layer.Apply(c, x)
}

// bindFrozen makes the graph's frozen weights views of a vector. To the graph they are inputs like the batch, which get no gradient.
func (a assembly) bindFrozen(v *vector.Vector) error {
	for i, n := range a.context.frozen {
		if err := gorgonia.Let(n, graph.View(v, i)); err != nil {
			return errors.Wrapf(err, "frozen weight %s", n.Name())
		}
	}
	return nil
}
