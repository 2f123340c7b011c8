package graph

import (
	"github.com/fallline/fallline/graph/internal/gate"
	"github.com/fallline/fallline/internal/tensors"
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// input is a node that is fed.
type input struct {
	node  *gorgonia.Node
	slot  int
	shape tensor.Shape // at the graph's own batch size
	dtype tensor.Dtype
	fixed bool           // of one size at every batch
	value gorgonia.Value // at this run

	head  *tensor.Dense   // what Let and Feed bind: it shows what they were given
	forms []*tensor.Dense // headers of the shapes that head has had
	fedAs tensor.Shape    // of what Feed was given
	wide  []float64       // float32 numbers that Feed converted
}

// Let binds a value to an input. Unlike gorgonia.Let it takes any size of the first axis; type, rank and the other axes
// must be the node's. The value is not copied. A later gorgonia.Let of the node wins.
//
// Inputs of one batch are let one after another, so that whether the graph works at their size is known, and an error
// says at which node it doesn't, when it is run, before any op. What a graph does at another batch than it was built
// for is in the package's documentation.
func (p *Program) Let(node *gorgonia.Node, value gorgonia.Value) error {
	in := p.find(node)
	if in == nil {
		return p.notInput(node)
	}
	if value == nil {
		return errors.Errorf("graph: Let of %s: the value is nil", gate.Describe(node))
	}
	shape := value.Shape()
	if value.Dtype() != in.dtype {
		return errors.Errorf("graph: Let of %s: want type %v, got %v", gate.Describe(node), in.dtype, value.Dtype())
	}
	if len(shape) != len(in.shape) || len(shape) > 0 && (shape[0] < 1 || !tensors.Same(shape[1:], in.shape[1:])) {
		return errors.Errorf("graph: Let of %s: want shape %v with any first axis, got %v", gate.Describe(node), in.shape, shape)
	}
	d, ok := value.(*tensor.Dense)
	if !ok {
		return bind(node, value)
	}
	return in.show(shape, tensors.Memory(d))
}

// show binds the node to a tensor of a shape over memory.
func (in *input) show(shape tensor.Shape, memory []byte) error {
	if in.head == nil {
		in.head = new(tensor.Dense)
	}
	*in.head = *in.form(shape, memory)
	if in.node.Value() == gorgonia.Value(in.head) {
		return nil
	}
	return bind(in.node, in.head)
}

// find returns the program's input of a node.
func (p *Program) find(node *gorgonia.Node) *input {
	for _, in := range p.inputs {
		if in.node == node {
			return in
		}
	}
	return nil
}

// notInput says what is wrong with a node that Let was given.
func (p *Program) notInput(node *gorgonia.Node) error {
	if node == nil {
		return errors.New("graph: Let: the node is nil")
	}
	for _, w := range p.weight {
		if w.node == node {
			return errors.Errorf("graph: Let of %s: it is a weight; write to Weights instead", gate.Describe(node))
		}
	}
	if !isInput(node) {
		return errors.Errorf("graph: Let of %s: it is computed", gate.Describe(node))
	}
	return errors.Errorf("graph: Let of %s: the program has no such input", gate.Describe(node))
}

// form returns a header of a shape over memory. There is one of each shape, which plans use, too.
func (in *input) form(shape tensor.Shape, memory []byte) *tensor.Dense {
	for _, f := range in.forms {
		if tensors.Same(f.Shape(), shape) {
			f.Raw = memory
			return f
		}
	}
	f := tensors.Over(in.dtype, append(tensor.Shape(nil), shape...), memory)
	if len(in.forms) == maxPlans {
		in.forms = append(in.forms[:0], in.forms[1:]...)
	}
	in.forms = append(in.forms, f)
	return f
}

// bind binds a value to a node. WithValue takes any shape but insists on the node's type; UnsafeLet is the other way
// round.
func bind(n *gorgonia.Node, v gorgonia.Value) error {
	if gate.Protect(func() error { gorgonia.WithValue(v)(n); return nil }) == nil {
		return nil
	}
	return errors.Wrapf(gorgonia.UnsafeLet(n, v), "graph: binding a value of shape %v to node %s", v.Shape(), n.Name())
}

// load takes the inputs' values.
func (p *Program) load() error {
	for _, in := range p.inputs {
		v := in.node.Value()
		if v == nil {
			return errors.Errorf("graph: input %s has no value", gate.Describe(in.node))
		}
		if d, ok := v.(*tensor.Dense); ok {
			v = tensors.Ordered(d)
		}
		in.value = v
	}
	return nil
}

// fill puts the inputs and weights into a plan's slots.
func (p *Program) fill(pl *plan) {
	for i, in := range p.inputs {
		if d, ok := in.value.(*tensor.Dense); ok && pl.fed[i] != nil {
			pl.fed[i].Raw = d.Raw[:len(pl.fed[i].Raw)]
			continue
		}
		pl.values[in.slot] = in.value
	}
	for _, w := range p.weight {
		if w.slot >= 0 && w.value.dense == nil {
			pl.values[w.slot] = w.value.scalar
		}
	}
}
