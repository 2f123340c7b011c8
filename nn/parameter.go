package nn

import (
	"slices"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/fallline/fallline/internal/text"
	"github.com/fallline/fallline/vector"
)

// Weight returns the node of a weight of the layer, in the group "weight". Its full name is the layer's name, a dot and
// the given name; its starting numbers are a function of the model's seed and that full name. A name used twice in a
// layer and a dimension below 1 are errors.
func (c *Context) Weight(name string, init Initializer, shape ...int) (*gorgonia.Node, error) {
	return c.Parameter("weight", name, init, shape...)
}

// Bias returns the node of a weight of n zeros in the group "bias".
func (c *Context) Bias(name string, n int) (*gorgonia.Node, error) {
	return c.Parameter("bias", name, Zeros, n)
}

// Parameter is Weight for a group of another name. Groups are free text by which solver options select; the layers here
// use "weight", "bias" and "norm".
func (c *Context) Parameter(group, name string, init Initializer, shape ...int) (*gorgonia.Node, error) {
	full := c.scope.join(name)
	if err := checkParameter(full, name, init, shape); err != nil {
		return nil, err
	}
	for _, n := range append(slices.Clone(c.params), c.frozen...) {
		if n.Name() == full {
			return nil, errors.Errorf("two weights named %s", full)
		}
	}
	nodes, known := &c.params, &c.net.params
	if c.freeze {
		nodes, known = &c.frozen, &c.net.frozen
	}
	p := vector.Param{Name: full, Shape: slices.Clone(shape), Group: group}
	if c.training {
		known.list = append(known.list, p)
		known.inits = append(known.inits, init)
	} else if err := known.same(len(*nodes), p); err != nil {
		return nil, err
	}
	c.scope.size += product(shape)
	node := gorgonia.NewTensor(c.graph, c.net.dtype, len(shape), gorgonia.WithShape(shape...), gorgonia.WithName(full))
	*nodes = append(*nodes, node)
	return node, nil
}

// Frozen is Weight for a weight that doesn't learn, as Freeze makes of all weights of a layer.
func (c *Context) Frozen(name string, init Initializer, shape ...int) (*gorgonia.Node, error) {
	defer func(outer bool) { c.freeze = outer }(c.freeze)
	c.freeze = true
	return c.Weight(name, init, shape...)
}

func checkParameter(full, name string, init Initializer, shape []int) error {
	switch {
	case name == "":
		return errors.New("a weight without a name")
	case init == nil:
		return errors.Errorf("weight %s has no initializer", full)
	case len(shape) == 0:
		return errors.Errorf("weight %s has no shape", full)
	}
	for _, d := range shape {
		if d < 1 {
			return errors.Errorf("weight %s has shape %s, want dimensions of at least 1", full, text.Shape(shape))
		}
	}
	return nil
}

// same checks that weight i of the evaluation graph is that of the training graph.
func (p *parameters) same(i int, w vector.Param) error {
	if i >= len(p.list) {
		return errors.Errorf("weight %s is in the evaluation graph alone", w.Name)
	}
	if q := p.list[i]; w.Name != q.Name || !slices.Equal(w.Shape, q.Shape) {
		return errors.Errorf("weight %s of shape %s in the evaluation graph, %s of shape %s in the training graph",
			w.Name, text.Shape(w.Shape), q.Name, text.Shape(q.Shape))
	}
	return nil
}
