package nn

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
)

// Layer describes one step of a network. It is a description only: the weights live in the Model, and a layer that
// stands in a network twice has two sets of them.
type Layer interface {
	// Name is the layer's kind, in lower-case letters and digits: "dense".
	Name() string

	// Apply adds the layer to c's graph behind node x and returns its output, whose first axis is the batch as x's is.
	// Build calls it once for the training graph and once for the evaluation graph; both calls must ask c for the same
	// weights.
	Apply(c *Context, x *gorgonia.Node) (*gorgonia.Node, error)
}

// Func makes a layer of a function, which does what Layer's Apply does. Ops of Gorgonia's that fix a number of rows, as
// a gorgonia.Reshape does, run at other batches as package graph says: at the right shapes, or not at all, with an
// error that names the node.
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

// Named gives a layer a name of its own in place of its kind and number, so that its weights are called name.weight and
// so on. Two layers of one name side by side are an error in Build.
func Named(name string, layer Layer) Layer { return namedLayer{Wrapped{layer}, name} }

type namedLayer struct {
	Wrapped
	name string
}

func (l namedLayer) Name() string { return l.name }

func (l namedLayer) OwnName() bool { return true }

// OwnName is an optional interface of Layer: one whose Name is its own and not its kind, so that it isn't numbered
// among its like. Named layers are.
type OwnName interface {
	OwnName() bool
}

// hasOwnName says whether a layer's name is its own.
func hasOwnName(l Layer) bool {
	o, ok := l.(OwnName)
	return ok && o.OwnName()
}

// Wrapped is a Layer that is wrapped by another one, which embeds it: it has the name of the one inside, and answers
// for its optional interfaces. A method of the outer one takes the place of Wrapped's.
type Wrapped struct{ Layer }

// Name is the layer's.
func (w Wrapped) Name() string {
	if w.Layer == nil {
		return "nil"
	}
	return w.Layer.Name()
}

// OwnName says whether the layer's name is its own.
func (w Wrapped) OwnName() bool { return hasOwnName(w.Layer) }

// Apply applies the layer.
func (w Wrapped) Apply(c *Context, x *gorgonia.Node) (*gorgonia.Node, error) {
	if w.Layer == nil {
		return nil, errors.New("the layer is nil")
	}
	return w.Layer.Apply(c, x)
}
