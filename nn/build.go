package nn

import (
	"slices"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/fallline/fallline/graph"
	"github.com/fallline/fallline/internal/text"
	"github.com/fallline/fallline/vector"
)

// Option changes what Build does.
type Option func(*network)

// Seed sets the seed of the weights' starting numbers and of dropout; the default is 0.
func Seed(seed uint64) Option { return func(n *network) { n.seed = seed } }

// Float64 makes a model of float64 numbers; the default is float32.
func Float64() Option { return func(n *network) { n.dtype = tensor.Float64 } }

// NoWinograd computes all convolutions without Winograd's method, as the option Direct does one.
func NoWinograd() Option { return func(n *network) { n.direct = true } }

// Build makes a model of a network for examples of the given shape: (height, width, channels) for images, (n) for
// vectors.
//
// A layer that can't take its input's shape or panics, a size or option outside its range and a name used twice are
// errors that name the layer.
func Build(net Layer, shape []int, loss Loss, options ...Option) (*Model, error) {
	n, err := newNetwork(options)
	if err != nil {
		return nil, err
	}
	m, err := build(n, net, shape, loss)
	return m, errors.WithMessage(err, "nn")
}

func newNetwork(options []Option) (*network, error) {
	n := &network{dtype: tensor.Float32}
	for _, o := range options {
		if o == nil {
			return nil, errors.New("nn: an option is nil")
		}
		o(n)
	}
	return n, nil
}

// description checks what a model is to be built of and returns the network's layers.
func description(net Layer, shape []int, loss Loss) (sequential, error) {
	if net == nil || loss == nil {
		return nil, errors.New("Build needs a network and a loss")
	}
	if len(shape) == 0 {
		return nil, errors.New("examples have no shape: want (n) or (height, width, channels)")
	}
	for _, d := range shape {
		if d < 1 {
			return nil, errors.Errorf("examples of shape %s, want dimensions of at least 1", text.Shape(shape))
		}
	}
	if layers, ok := net.(sequential); ok {
		return layers, nil
	}
	return sequential{net}, nil
}

func build(n *network, net Layer, shape []int, loss Loss) (*Model, error) {
	layers, err := description(net, shape, loss)
	if err != nil {
		return nil, err
	}
	train, err := n.assemble(layers, shape, loss, true)
	if err != nil {
		return nil, err
	}
	eval, err := n.assemble(layers, shape, loss, false)
	if err != nil {
		return nil, err
	}
	return n.compile(train, eval, shape)
}

// assembly is one of a model's two graphs.
type assembly struct {
	context         *Context
	x, output, cost *gorgonia.Node
}

// assemble makes the training or the evaluation graph.
func (n *network) assemble(layers sequential, shape []int, loss Loss, training bool) (assembly, error) {
	graph.Lock()
	defer graph.Unlock()
	c := &Context{net: n, graph: gorgonia.NewGraph(), training: training, scope: newScope("")}
	a := assembly{context: c, x: c.input("x", shape)}
	x, err := a.x, error(nil)
	if n.front != nil {
		if x, err = c.apply(n.front, n.front.Name(), x); err != nil {
			return a, err
		}
	}
	if a.output, err = c.Sequence(layers, x); err != nil {
		return a, err
	}
	c.scope = newScope("loss")
	a.cost, err = protect(func() (*gorgonia.Node, error) { return loss(c, a.output) })
	if err != nil {
		return a, errors.WithMessage(err, "loss")
	}
	switch {
	case a.cost == nil || !a.cost.IsScalar():
		return a, errors.New("loss: the cost is not a scalar")
	case c.target == nil:
		return a, errors.New("loss: it asks neither for labels nor for targets")
	case len(c.params) != len(n.params.list) || len(c.frozen) != len(n.frozen.list):
		return a, errors.Errorf("%d weights in the evaluation graph, %d in the training graph",
			len(c.params)+len(c.frozen), len(n.params.list)+len(n.frozen.list))
	}
	return a, n.checkClasses(c, a.output)
}

// checkClasses checks that an output with labels holds a number for each class.
func (n *network) checkClasses(c *Context, output *gorgonia.Node) error {
	if shape := c.Shape(output); n.classes > 0 && !slices.Equal(shape, []int{n.classes}) {
		return errors.Errorf("network's output of shape %s, want %d: one number for each class", text.Shape(shape), n.classes)
	}
	return nil
}

// compile makes the model of its two graphs.
func (n *network) compile(train, eval assembly, shape []int) (*Model, error) {
	weights, frozen, err := n.vectors()
	if err != nil {
		return nil, err
	}
	for _, a := range []assembly{train, eval} {
		if err := a.bindFrozen(frozen); err != nil {
			return nil, err
		}
	}
	m := &Model{net: n, weights: weights, frozen: frozen, input: slices.Clone(shape), output: train.context.Shape(train.output)}
	m.findLinear(train)
	if m.train, err = newMachine(train, weights, true); err != nil {
		return nil, errors.WithMessage(err, "training graph")
	}
	m.least = 1
	if _, err := m.train.program.Memory(1); err != nil {
		m.least = 2
	}
	if m.eval, err = newMachine(eval, weights, false); err != nil {
		return nil, errors.WithMessage(err, "evaluation graph")
	}
	return m, nil
}

// vectors makes the weights that learn, and the frozen ones: nil where there are none.
func (n *network) vectors() (weights, frozen *vector.Vector, err error) {
	if len(n.params.list) == 0 {
		return nil, nil, errors.Errorf("the network has no weights to train (%d are frozen)", len(n.frozen.list))
	}
	if weights, err = n.params.vector(n); err != nil || len(n.frozen.list) == 0 {
		return weights, nil, err
	}
	frozen, err = n.frozen.vector(n)
	return weights, frozen, err
}
