package op

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/pointwise"
	"github.com/pkg/errors"
	gonum "gonum.org/v1/gonum/graph"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// machine runs nodes in buffers of its own: the least that a machine with preallocated values does.
type machine struct {
	order  gorgonia.Nodes
	args   map[*gorgonia.Node]gorgonia.Nodes
	values map[*gorgonia.Node]gorgonia.Value
	bufs   [][]gorgonia.Value
	extras map[*gorgonia.Node][]gorgonia.Value
}

func newMachine(roots ...*gorgonia.Node) *machine {
	m := &machine{args: map[*gorgonia.Node]gorgonia.Nodes{}, values: map[*gorgonia.Node]gorgonia.Value{}}
	g := roots[0].Graph()
	var visit func(n *gorgonia.Node)
	visit = func(n *gorgonia.Node) {
		if _, ok := m.args[n]; ok {
			return
		}
		m.args[n] = gorgonia.Nodes{}
		for _, c := range gonum.NodesOf(g.From(n.ID())) {
			m.args[n] = append(m.args[n], c.(*gorgonia.Node))
			visit(c.(*gorgonia.Node))
		}
		m.order = append(m.order, n)
	}
	for _, r := range roots {
		visit(r)
	}
	return m
}

// plan makes values for the shapes that the inputs have now.
func (m *machine) plan() error {
	m.bufs, m.extras = nil, map[*gorgonia.Node][]gorgonia.Value{}
	for _, n := range m.order {
		var in []gorgonia.Value
		var shapes []gorgonia.DimSizer
		for _, a := range m.args[n] {
			in = append(in, m.values[a])
			shapes = append(shapes, m.values[a].Shape())
		}
		m.bufs = append(m.bufs, in)
		o, ok := n.Op().(*operation)
		if e, is := n.Op().(*extraValue); is {
			m.values[n] = m.extras[m.args[n][0]][e.k]
			continue
		}
		if !ok {
			if m.values[n] = n.Value(); n.Op() != nil && len(in) > 0 {
				m.values[n] = newValue(n.Dtype(), in[0].Shape())
			}
			continue
		}
		s, err := o.InferShape(shapes...)
		if err != nil {
			return err
		}
		v := newValue(o.out.dtype, s)
		if d, ok := v.(*tensor.Dense); ok {
			poison(d) // whoever adds to what is there, or leaves something out, shows
		}
		m.values[n] = v
		list, err := o.extras(shapesOf(in))
		if err != nil {
			return err
		}
		for _, e := range list {
			m.extras[n] = append(m.extras[n], newValue(e.Dtype, e.Shape))
		}
	}
	return nil
}

// runStock runs an operation of Gorgonia's own, such as the sum of two gradients.
func (m *machine) runStock(n *gorgonia.Node, i int) (err error) {
	if _, extra := n.Op().(*extraValue); extra || n.Op() == nil || len(m.args[n]) == 0 {
		return nil
	}
	for k, a := range m.args[n] {
		m.bufs[i][k] = m.values[a]
	}
	m.values[n], err = n.Op().Do(m.bufs[i]...)
	return err
}

func poison(d *tensor.Dense) {
	if d.Dtype() == tensor.Float32 {
		pointwise.Fill(77, d.Float32s())
	} else {
		pointwise.Fill(77, d.Float64s())
	}
}

func (m *machine) run() error {
	for i, n := range m.order {
		o, ok := n.Op().(*operation)
		if !ok {
			if err := m.runStock(n, i); err != nil {
				return err
			}
			continue
		}
		for k, a := range m.args[n] {
			m.bufs[i][k] = m.values[a]
		}
		if more := m.extras[n]; len(more) > 0 {
			if err := o.DoExtras(m.values[n], more, m.bufs[i]); err != nil {
				return err
			}
			continue
		}
		v, err := o.UsePreallocDo(m.values[n], m.bufs[i]...)
		if err != nil {
			return err
		}
		if v != m.values[n] {
			return errors.Errorf("%v returned another value than it was given", o)
		}
	}
	return nil
}

// weighted is the test's cost, the sum of y times random weights: inputs y and the weights.
type weighted[T kernel.Float] struct{}

func (weighted[T]) String() string { return "weighted sum" }
func (weighted[T]) Shape(in []tensor.Shape) (tensor.Shape, error) {
	if _, err := sameShape(in); err != nil {
		return nil, err
	}
	return tensor.ScalarShape(), nil
}
func (weighted[T]) Run(out gorgonia.Value, in []gorgonia.Value) error {
	setScalar(out, pointwise.Dot(data[T](in[0]), data[T](in[1])))
	return nil
}
func (weighted[T]) Gradients(in gorgonia.Nodes, _, grad *gorgonia.Node) (gorgonia.Nodes, error) {
	dy, err := apply(times[T]{}, in[1], grad)
	if err != nil {
		return nil, err
	}
	dw, err := apply(times[T]{}, in[0], grad)
	return gorgonia.Nodes{dy, dw}, err
}

// times is a tensor times a scalar.
type times[T kernel.Float] struct{}

func (times[T]) String() string { return "times" }
func (times[T]) Shape(in []tensor.Shape) (tensor.Shape, error) {
	return slices.Clone(in[0]), nil
}
func (times[T]) Run(out gorgonia.Value, in []gorgonia.Value) error {
	pointwise.ScaleTo(T(scalar(in[1])), data[T](in[0]), data[T](out))
	return nil
}

// net is one operation, or a chain of them, on inputs of a test, with a cost behind it.
type net struct {
	in       gorgonia.Nodes
	weights  *gorgonia.Node
	y, cost  *gorgonia.Node
	grads    gorgonia.Nodes
	m        *machine
	gradient []int // inputs that have a derivative
}

// inputs makes a graph of the inputs of a case, and its operations.
func inputs(t testing.TB, dt tensor.Dtype, c opCase) *net {
	t.Helper()
	g := gorgonia.NewGraph()
	n := &net{}
	for i, s := range c.shapes {
		it := dt
		if i == c.labels && c.labels > 0 {
			it = tensor.Int
		} else {
			n.gradient = append(n.gradient, i)
		}
		n.in = append(n.in, gorgonia.NewTensor(g, it, len(s), gorgonia.WithShape(s...), gorgonia.WithName(fmt.Sprint("in", i))))
	}
	y, err := c.build(n.in)
	if err != nil {
		t.Fatal(err)
	}
	n.y = y
	return n
}

// addCost puts a cost behind y.
func (n *net) addCost(dt tensor.Dtype) (err error) {
	if n.cost = n.y; n.y.IsScalar() {
		return nil
	}
	s := n.y.Shape()
	n.weights = gorgonia.NewTensor(n.y.Graph(), dt, len(s), gorgonia.WithShape(s...), gorgonia.WithName("weights"))
	n.cost, err = apply(pick(dt, weighted[float32]{}, weighted[float64]{}), n.y, n.weights)
	return err
}

// build is a case with a cost and its gradients.
func build(t testing.TB, dt tensor.Dtype, c opCase) *net {
	t.Helper()
	n := inputs(t, dt, c)
	if err := n.addCost(dt); err != nil {
		t.Fatal(err)
	}
	var wrt gorgonia.Nodes
	for _, i := range n.gradient {
		wrt = append(wrt, n.in[i])
	}
	grads, err := gorgonia.Grad(n.cost, wrt...)
	if err != nil {
		t.Fatal(err)
	}
	n.grads = grads
	n.m = newMachine(append(gorgonia.Nodes{n.cost, n.y}, grads...)...)
	return n
}

// bind gives the inputs values for a batch, drawn from seed, so that two nets of one case get the same ones.
func (n *net) bind(t testing.TB, c opCase, batch int, seed uint64) {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 1))
	for i, in := range n.in {
		s := slices.Clone(c.shapes[i])
		if !slices.Contains(c.fixed, i) {
			s[0] = batch
		}
		n.set(in, draw(r, in.Dtype(), s, c.classes))
	}
	if n.weights != nil {
		s := n.weights.Shape()
		s[0] = batch
		n.set(n.weights, draw(r, n.weights.Dtype(), s, 0))
	}
	if err := n.m.plan(); err != nil {
		t.Fatal(err)
	}
}

func (n *net) set(in *gorgonia.Node, v gorgonia.Value) {
	gorgonia.WithValue(v)(in)
	n.m.values[in] = v
}

// draw makes a tensor of normal numbers, or of labels.
func draw(r *rand.Rand, dt tensor.Dtype, s tensor.Shape, classes int) *tensor.Dense {
	d := tensor.New(tensor.Of(dt), tensor.WithShape(s...))
	switch dt {
	case tensor.Int:
		for i := range d.Ints() {
			d.Ints()[i] = r.IntN(classes)
		}
	case tensor.Float32:
		for i := range d.Float32s() {
			d.Float32s()[i] = float32(r.NormFloat64())
		}
	default:
		for i := range d.Float64s() {
			// The same number for both types.
			d.Float64s()[i] = float64(float32(r.NormFloat64()))
		}
	}
	return d
}

// floats is the elements of a value, or its number, in float64.
func floats(v gorgonia.Value) []float64 {
	d, ok := v.(*tensor.Dense)
	if !ok {
		return []float64{scalar(v)}
	}
	if d.Dtype() == tensor.Float64 {
		return slices.Clone(d.Float64s())
	}
	var f []float64
	for _, x := range d.Float32s() {
		f = append(f, float64(x))
	}
	return f
}
