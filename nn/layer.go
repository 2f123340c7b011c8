package nn

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
)

// Layer describes one step of a network. It is a description only: the weights live in the Model, and a layer that stands in a
// network twice has two sets of them.
type Layer interface {
	// Name is the layer's kind, in lower-case letters and digits: "dense".
	Name() string

	// Apply adds the layer to c's graph behind node x and returns its output, whose first axis is the batch as x's is. Build
	// calls it once for the training graph and once for the evaluation graph; both calls must ask c for the same weights.
	Apply(c *Context, x *gorgonia.Node) (*gorgonia.Node, error)
}

// Func makes a layer of a function, which does what Layer's Apply does. Ops that fix the number of rows, as a gorgonia.Reshape
// does, make a model that runs at no other batch size.
func Func(name string, apply func(c *Context, x *gorgonia.Node) (*gorgonia.Node, error)) Layer {
	return funcLayer{name, apply}
}

type funcLayer struct {
	name  string
	apply func(c *Context, x *gorgonia.Node) (*gorgonia.Node, error)
}

func (l funcLayer) Name() string { return l.name }

func (l funcLayer) Apply(c *Context, x *gorgonia.Node) (*gorgonia.Node, error) {
	if l.apply == nil {
		return nil, errors.New("the function is nil")
	}
	return l.apply(c, x)
}

// Named gives a layer a name of its own in place of its kind and number, so that its weights are called name.weight and so on.
// Two layers of one name side by side are an error in Build.
func Named(name string, layer Layer) Layer { return namedLayer{layer, name} }

type namedLayer struct {
	Layer
	name string
}

func (l namedLayer) Name() string { return l.name }

func (l namedLayer) Apply(c *Context, x *gorgonia.Node) (*gorgonia.Node, error) {
	if l.Layer == nil {
		return nil, errors.New("the layer is nil")
	}
	return l.Layer.Apply(c, x)
}
