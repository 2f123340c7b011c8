package op

import (
	"fmt"
	"hash"
	"hash/fnv"

	"github.com/chewxy/hm"
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// ExtraBody is a Body that computes values beside its result: what its gradient needs again, such as the places of
// maxima, several gradients that come out of one pass, or memory to work in. A graph.Program plans their memory as that
// of any other value, and leaves out those that nobody reads.
type ExtraBody interface {
	Description

	// Extras describes the values for inputs of these shapes, which Shape has accepted. Their number and types are the
	// same for all shapes.
	Extras(in []tensor.Shape) []Extra

	// RunExtras is Run with the values of Extras. One that nobody reads is nil, unless it is an Always.
	RunExtras(out gorgonia.Value, extras, in []gorgonia.Value) error
}

// Extra describes a value beside the result: a tensor of rank 1 or more.
type Extra struct {
	Dtype  tensor.Dtype
	Shape  tensor.Shape
	Always bool // the operation needs its memory whether it is read or not
}

// ExtraOf is the node of the k-th value that the operation of node n, which Apply or ApplyExtra made of an ExtraBody,
// computes beside its result. It has no derivative.
func ExtraOf(n *gorgonia.Node, k int) (*gorgonia.Node, error) {
	if n == nil {
		return nil, errors.New("op: extra value: the node is nil")
	}
	o, ok := n.Op().(*operation)
	if !ok {
		return nil, errors.Errorf("op: extra value %d of node %s: its op has none", k, n.Name())
	}
	list, err := o.extras(o.built)
	if err != nil {
		return nil, fail(o.Description, err)
	}
	if k < 0 || k >= len(list) {
		return nil, fail(o.Description, errors.Errorf("extra value %d of %d", k, len(list)))
	}
	o.parked.want(k)
	e, err := gorgonia.ApplyOp(&extraValue{of: o, k: k, shape: list[k].Shape, dtype: list[k].Dtype}, n)
	if err != nil {
		return nil, fail(o.Description, errors.WithMessagef(err, "extra value %d", k))
	}
	return e, nil
}

// build notes the inputs' shapes and whether there are values beside the result of the operation in a graph that is
// being made.
func (o *operation) build(in []tensor.Shape) error {
	o.built = in
	_, one := o.Description.(Body)
	_, several := o.Description.(ExtraBody)
	if one == several {
		return errors.Errorf("the type %T is a Body: %t, and an ExtraBody: %t; want one of them", o.Description, one, several)
	}
	list, err := o.extras(in)
	o.more = len(list) > 0
	return err
}

// extras describes the values beside the result.
func (o *operation) extras(in []tensor.Shape) ([]Extra, error) {
	b, ok := o.Description.(ExtraBody)
	if !ok {
		return nil, nil
	}
	list := b.Extras(in)
	for k, e := range list {
		if len(e.Shape) == 0 || e.Shape.TotalSize() < 1 {
			return nil, errors.Errorf("extra value %d has shape %v, want rank 1 or more and dimensions of at least 1", k, e.Shape)
		}
	}
	return list, nil
}

// ExtraTypes are the types of the values beside the result, if there are any, and which of them the operation needs
// whether they are read or not. A machine that knows this method, as graph.Program does, gives DoExtras the memory.
func (o *operation) ExtraTypes() (types []tensor.Dtype, always []bool) {
	list, err := o.extras(o.built)
	if err != nil {
		return nil, nil
	}
	for _, e := range list {
		types, always = append(types, e.Dtype), append(always, e.Always)
	}
	return types, always
}

// ExtraShapes are the shapes of the values beside the result for inputs of these shapes.
func (o *operation) ExtraShapes(in []tensor.Shape) ([]tensor.Shape, error) {
	list, err := o.extras(in)
	if err != nil {
		return nil, fail(o.Description, err)
	}
	shapes := make([]tensor.Shape, len(list))
	for k, e := range list {
		shapes[k] = e.Shape
	}
	return shapes, nil
}

// DoExtras computes the result into out and the values beside it into extras, which are nil where nobody wants them.
func (o *operation) DoExtras(out gorgonia.Value, extras, in []gorgonia.Value) error {
	in, err := o.inputs(in)
	if err == nil {
		err = o.check(out, in)
	}
	if err == nil {
		err = o.Description.(ExtraBody).RunExtras(out, extras, in)
	}
	if err != nil {
		return fail(o.Description, err)
	}
	return nil
}

// parked is where an operation keeps the values beside its result in a machine that doesn't plan them.
type parked struct {
	wanted []bool
	kept   []gorgonia.Value
}

// want says that the k-th value is read.
func (p *parked) want(k int) {
	for len(p.wanted) <= k {
		p.wanted = append(p.wanted, false)
	}
	p.wanted[k] = true
}

// values returns memory for the values that are wanted, new where the shape has changed.
func (p *parked) values(list []Extra) []gorgonia.Value {
	for len(p.kept) < len(list) {
		p.kept = append(p.kept, nil)
	}
	for k, e := range list {
		switch wanted := k < len(p.wanted) && p.wanted[k]; {
		case !wanted && !e.Always:
			p.kept[k] = nil
		case p.kept[k] == nil || !equal(p.kept[k].Shape(), e.Shape):
			p.kept[k] = newValue(e.Dtype, e.Shape)
		}
	}
	return p.kept[:len(list)]
}

// extraValue is the op of a value beside the result of another.
type extraValue struct {
	of    *operation
	k     int
	shape tensor.Shape
	dtype tensor.Dtype
}

var _ gorgonia.SDOp = (*extraValue)(nil)

// ExtraValue is the number of the value among those that the argument's op computes beside its result.
func (e *extraValue) ExtraValue() int { return e.k }

// Arity is 1: the node whose operation computes the value.
func (e *extraValue) Arity() int { return 1 }

// Type is from the result of the other operation to a tensor.
func (e *extraValue) Type() hm.Type {
	return hm.NewFnType(e.of.out.hindley(), argument{rank: len(e.shape), dtype: e.dtype}.hindley())
}

// InferShape is the value's shape in the graph that it was made in.
func (e *extraValue) InferShape(...gorgonia.DimSizer) (tensor.Shape, error) {
	return e.shape.Clone(), nil
}

// Do returns the value as the last run of the other operation left it.
func (e *extraValue) Do(...gorgonia.Value) (gorgonia.Value, error) {
	if kept := e.of.parked.kept; e.k < len(kept) && kept[e.k] != nil {
		return kept[e.k], nil
	}
	return nil, fail(e.of.Description, errors.Errorf("extra value %d: the operation has not run", e.k))
}

// ReturnsPtr is true: the result is a value that the other operation keeps.
func (e *extraValue) ReturnsPtr() bool { return true }

// CallsExtern is false: there is no cgo here.
func (e *extraValue) CallsExtern() bool { return false }

// OverwritesInput is -1: no input is written to.
func (e *extraValue) OverwritesInput() int { return -1 }

// WriteHash writes which value of which operation it is.
func (e *extraValue) WriteHash(h hash.Hash) { fmt.Fprintf(h, "extra value %d of %p", e.k, e.of) }

// Hashcode is the hash of what WriteHash writes.
func (e *extraValue) Hashcode() uint32 {
	h := fnv.New32a()
	e.WriteHash(h)
	return h.Sum32()
}

// String names the operation and the value.
func (e *extraValue) String() string { return fmt.Sprintf("%v extra %d", e.of.Description, e.k) }

// DiffWRT is false: the value has no derivative.
func (e *extraValue) DiffWRT(n int) []bool { return make([]bool, n) }

// SymDiff is an error.
func (e *extraValue) SymDiff(gorgonia.Nodes, *gorgonia.Node, *gorgonia.Node) (gorgonia.Nodes, error) {
	return nil, fail(e.of.Description, errors.Errorf("extra value %d has no derivative", e.k))
}
