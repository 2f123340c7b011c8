package nn

import (
	"slices"
	"strconv"
	"strings"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/fallline/fallline/graph/op"
	"github.com/fallline/fallline/vector"
)

// compileBatch is the number of rows that graphs are built with. It is not 1, so that no axis of the batch is taken for a scalar's.
const compileBatch = 2

// Context is what a layer or a loss sees of the model that is being built.
type Context struct {
	net      *network
	graph    *gorgonia.ExprGraph
	training bool
	scope    *scope
	params   gorgonia.Nodes
	streams  []*op.Stream
	target   *gorgonia.Node
}

// network is what the training and the evaluation graph share.
type network struct {
	dtype   tensor.Dtype
	seed    uint64
	params  []vector.Param
	inits   []Initializer
	states  []namedState
	rows    []row
	classes int   // of the labels; 0 without labels
	targets []int // shape of an example's target; nil with labels

	variables []variable
}

// scope is the layer that is being applied: where names begin.
type scope struct {
	path  string
	kinds map[string]int
	names map[string]int
	size  int
}

func newScope(path string) *scope {
	return &scope{path: path, kinds: map[string]int{}, names: map[string]int{}}
}

// join appends a name to the scope's path.
func (s *scope) join(name string) string {
	if s.path == "" {
		return name
	}
	return s.path + "." + name
}

// Shape is node x's shape without the batch; empty for a scalar.
func (c *Context) Shape(x *gorgonia.Node) []int {
	if x.Dims() == 0 {
		return []int{}
	}
	return slices.Clone([]int(x.Shape()[1:]))
}

// Training says whether the graph in hand is the training graph rather than the evaluation graph.
func (c *Context) Training() bool { return c.training }

// Dtype is the model's type of number: tensor.Float32 or tensor.Float64.
func (c *Context) Dtype() tensor.Dtype { return c.net.dtype }

// Name is the name of the layer that is being applied, with its parents': residual1.conv2d2.
func (c *Context) Name() string { return c.scope.path }

// Weight returns the node of a weight of the layer, in the group "weight". Its full name is the layer's name, a dot and the
// given name; its starting numbers are a function of the model's seed and that full name. A name used twice in a layer and a
// dimension below 1 are errors.
func (c *Context) Weight(name string, init Initializer, shape ...int) (*gorgonia.Node, error) {
	return c.Parameter("weight", name, init, shape...)
}

// Bias returns the node of a weight of n zeros in the group "bias".
func (c *Context) Bias(name string, n int) (*gorgonia.Node, error) {
	return c.Parameter("bias", name, Zeros, n)
}

// Parameter is Weight for a group of another name. Groups are free text by which solver options select; the layers here use
// "weight", "bias" and "norm".
func (c *Context) Parameter(group, name string, init Initializer, shape ...int) (*gorgonia.Node, error) {
	full := c.scope.join(name)
	if err := checkParameter(full, name, init, shape); err != nil {
		return nil, err
	}
	for _, n := range c.params {
		if n.Name() == full {
			return nil, errors.Errorf("two weights named %s", full)
		}
	}
	p := vector.Param{Name: full, Shape: slices.Clone(shape), Group: group}
	if c.training {
		c.net.params = append(c.net.params, p)
		c.net.inits = append(c.net.inits, init)
	} else if err := c.net.sameParameter(len(c.params), p); err != nil {
		return nil, err
	}
	size := 1
	for _, d := range shape {
		size *= d
	}
	c.scope.size += size
	node := gorgonia.NewTensor(c.graph, c.net.dtype, len(shape), gorgonia.WithShape(shape...), gorgonia.WithName(full))
	c.params = append(c.params, node)
	return node, nil
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
			return errors.Errorf("weight %s has shape %s, want dimensions of at least 1", full, format(shape))
		}
	}
	return nil
}

// sameParameter checks that parameter i of the evaluation graph is that of the training graph.
func (n *network) sameParameter(i int, p vector.Param) error {
	if i >= len(n.params) {
		return errors.Errorf("weight %s is in the evaluation graph alone", p.Name)
	}
	if q := n.params[i]; p.Name != q.Name || !slices.Equal(p.Shape, q.Shape) {
		return errors.Errorf("weight %s of shape %s in the evaluation graph, %s of shape %s in the training graph",
			p.Name, format(p.Shape), q.Name, format(q.Shape))
	}
	return nil
}

// Sequence applies layers one behind the other. It is what a layer that is made of layers calls; several calls number on.
func (c *Context) Sequence(layers []Layer, x *gorgonia.Node) (*gorgonia.Node, error) {
	for i, l := range layers {
		if l == nil {
			return nil, errors.Errorf("layer %d is nil", i)
		}
		name, err := c.scope.name(l, i)
		if err != nil {
			return nil, err
		}
		if x, err = c.apply(l, name, x); err != nil {
			return nil, errors.WithMessagef(err, "layer %d (%s)", i, name)
		}
	}
	return x, nil
}

// name gives layer i of the scope its name.
func (s *scope) name(l Layer, i int) (string, error) {
	name := l.Name()
	if name == "" || strings.ContainsAny(name, ". /\t\n") {
		return "", errors.Errorf("layer %d has the name %q, want one without dot, slash and space", i, name)
	}
	if _, own := l.(namedLayer); !own {
		s.kinds[name]++
		name += strconv.Itoa(s.kinds[name])
	}
	if first, taken := s.names[name]; taken {
		return "", errors.Errorf("layers %d and %d are both named %s", first, i, name)
	}
	s.names[name] = i
	return name, nil
}

// apply applies a layer within a scope of its own and notes its row of the summary.
func (c *Context) apply(l Layer, name string, x *gorgonia.Node) (*gorgonia.Node, error) {
	outer := c.scope
	c.scope = newScope(outer.join(name))
	defer func() { c.scope = outer }()
	y, err := protect(func() (*gorgonia.Node, error) { return l.Apply(c, x) })
	if err != nil {
		return nil, err
	}
	if y == nil {
		return nil, errors.New("no output node")
	}
	if y.Dims() < 1 || y.Shape()[0] != x.Shape()[0] {
		return nil, errors.Errorf("output of shape %s from input of shape %s: the first axis must stay the batch", format(y.Shape()), format(x.Shape()))
	}
	if c.training {
		c.net.rows = append(c.net.rows, row{c.scope.path, c.Shape(y), c.scope.size})
	}
	return y, nil
}

// format writes a shape as 28x28x1.
func format(shape []int) string {
	if len(shape) == 0 {
		return "scalar"
	}
	s := make([]string, len(shape))
	for i, d := range shape {
		s[i] = strconv.Itoa(d)
	}
	return strings.Join(s, "x")
}
