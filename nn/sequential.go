package nn

import "gorgonia.org/gorgonia"

// Sequential applies layers one behind the other. As a whole network it adds nothing to the layers' names; within
// another layer it is named sequential1.
func Sequential(layers ...Layer) Layer { return sequential(layers) }

type sequential []Layer

func (sequential) Name() string { return "sequential" }

func (l sequential) Apply(c *Context, x *gorgonia.Node) (*gorgonia.Node, error) {
	return c.Sequence(l, x)
}
