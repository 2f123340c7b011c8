package nn

import (
	"slices"
	"strconv"
	"strings"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/fallline/fallline/graph/op"
	"github.com/fallline/fallline/internal/text"
	"github.com/fallline/fallline/vector"
)

// compileBatch is the number of rows that graphs are built with: a prime of which axes of networks are hardly ever
// multiples, so that a reshape in a layer of one's own is understood at any batch.
const compileBatch = 13

// Context is what a layer or a loss sees of the model that is being built.
type Context struct {
	net      *network
	graph    *gorgonia.ExprGraph
	training bool
	scope    *scope
	freeze   bool // the layer that is being applied is frozen
	params   gorgonia.Nodes
	frozen   gorgonia.Nodes
	fixed    gorgonia.Nodes // other inputs than the batch
	streams  []*op.Stream
	target   *gorgonia.Node
}

// network is what the training and the evaluation graph share.
type network struct {
	dtype   tensor.Dtype
	direct  bool  // convolutions
	front   Layer // what examples go through before the network, if anything
	seed    uint64
	params  parameters // that learn
	frozen  parameters
	states  []namedState
	rows    []row
	classes int   // of the labels; 0 without labels
	targets []int // shape of an example's target; nil with labels

	variables []variable
}

// parameters are weights in the order in which layers ask for them, and how they start.
type parameters struct {
	list  []vector.Param
	inits []Initializer
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

// Sequence applies layers one behind the other. It is what a layer that is made of layers calls; several calls number
// on.
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
	if !hasOwnName(l) {
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
		return nil, errors.Errorf("output of shape %s from input of shape %s: the first axis must stay the batch", text.Shape(y.Shape()), text.Shape(x.Shape()))
	}
	if c.training {
		c.net.rows = append(c.net.rows, row{c.scope.path, c.Shape(y), c.scope.size})
	}
	return y, nil
}
