package op

import (
	"fmt"
	"hash"
	"hash/fnv"
	"slices"

	"github.com/chewxy/hm"
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// operation makes a Gorgonia op of a Body or an ExtraBody.
type operation struct {
	Description
	in     []argument
	out    argument
	built  []tensor.Shape // of the inputs of the node that it was made for
	more   bool           // there are values beside the result
	passed memo
	parked parked
}

// argument is the type of an input or of the result; rank 0 is a scalar.
type argument struct {
	rank  int
	dtype tensor.Dtype
}

func (a argument) hindley() hm.Type {
	if a.rank == 0 {
		return a.dtype
	}
	return gorgonia.TensorType{Dims: a.rank, Of: a.dtype}
}

var (
	_ gorgonia.SDOp            = (*operation)(nil)
	_ gorgonia.UsePreallocDoer = (*operation)(nil)
)

// apply makes the node of b on its inputs. The first input's element type is the result's.
func apply(b Description, in ...*gorgonia.Node) (*gorgonia.Node, error) {
	o := &operation{Description: b, in: make([]argument, len(in))}
	shapes := make([]tensor.Shape, len(in))
	for i, n := range in {
		shapes[i] = n.Shape()
		o.in[i] = argument{rank: len(shapes[i]), dtype: n.Dtype()}
	}
	s, err := resultShape(b, shapes)
	if err != nil {
		return nil, fail(b, err)
	}
	o.out = argument{rank: len(s), dtype: o.in[0].dtype}
	if err := o.build(shapes); err != nil {
		return nil, fail(b, err)
	}
	n, err := gorgonia.ApplyOp(o, in...)
	if err != nil {
		return nil, fail(b, err)
	}
	return n, nil
}

// resultShape is the shape of a body's result for inputs of these shapes, which must have elements.
func resultShape(b Description, in []tensor.Shape) (tensor.Shape, error) {
	for i, s := range in {
		for _, n := range s {
			if n < 1 {
				return nil, errors.Errorf("input %d has shape %v, want dimensions of at least 1", i, s)
			}
		}
	}
	s, err := b.Shape(in)
	return slices.Clone(s), err // since it may be the shape of an input
}

// fail says which operation an error is from.
func fail(b Description, err error) error { return errors.WithMessagef(err, "op: %v", b) }

// Arity is the number of inputs.
func (o *operation) Arity() int { return len(o.in) }

// Type is the operation's type. Gorgonia recycles the value, so that it is a new one at each call.
func (o *operation) Type() hm.Type {
	types := make([]hm.Type, 0, len(o.in)+1)
	for _, a := range o.in {
		types = append(types, a.hindley())
	}
	return hm.NewFnType(append(types, o.out.hindley())...)
}

// ReturnsPtr is true: the result is a value that the machine keeps.
func (o *operation) ReturnsPtr() bool { return true }

// CallsExtern is false: there is no cgo here.
func (o *operation) CallsExtern() bool { return false }

// OverwritesInput is -1: no input is written to. Any other answer makes TapeMachine hand an input over as the result.
func (o *operation) OverwritesInput() int { return -1 }

// WriteHash writes the type of the body and all its fields.
func (o *operation) WriteHash(h hash.Hash) { fmt.Fprintf(h, "%#v", o.Description) }

// Hashcode is the hash of what WriteHash writes.
func (o *operation) Hashcode() uint32 {
	h := fnv.New32a()
	o.WriteHash(h)
	return h.Sum32()
}

// InferShape is the shape of the result for inputs of these shapes.
func (o *operation) InferShape(in ...gorgonia.DimSizer) (tensor.Shape, error) {
	if len(in) != len(o.in) {
		return nil, fail(o.Description, errors.Errorf("%d inputs, want %d", len(in), len(o.in)))
	}
	shapes, err := gorgonia.DimSizersToShapes(in)
	if err != nil {
		return nil, fail(o.Description, err)
	}
	for i, s := range shapes {
		if len(s) != o.in[i].rank {
			return nil, fail(o.Description, errors.Errorf("input %d has shape %v, want rank %d", i, s, o.in[i].rank))
		}
	}
	s, err := resultShape(o.Description, shapes)
	if err != nil {
		return nil, fail(o.Description, err)
	}
	return s, nil
}

// Do computes the result into a new value.
func (o *operation) Do(in ...gorgonia.Value) (gorgonia.Value, error) {
	in, err := o.inputs(in)
	if err != nil {
		return nil, fail(o.Description, err)
	}
	s, err := resultShape(o.Description, shapesOf(in))
	if err != nil {
		return nil, fail(o.Description, err)
	}
	out := newValue(o.out.dtype, s)
	if err := o.run(out, in); err != nil {
		return nil, fail(o.Description, err)
	}
	return out, nil
}

// UsePreallocDo computes the result into out.
func (o *operation) UsePreallocDo(out gorgonia.Value, in ...gorgonia.Value) (gorgonia.Value, error) {
	in, err := o.inputs(in)
	if err == nil {
		err = o.check(out, in)
	}
	if err == nil {
		err = o.run(out, in)
	}
	if err != nil {
		return nil, fail(o.Description, err)
	}
	return out, nil
}

// run computes the result for a machine that knows of no extra values: the operation keeps them.
func (o *operation) run(out gorgonia.Value, in []gorgonia.Value) error {
	if b, ok := o.Description.(Body); ok {
		return b.Run(out, in)
	}
	b := o.Description.(ExtraBody)
	if !o.more {
		return b.RunExtras(out, nil, in)
	}
	return b.RunExtras(out, o.parked.values(b.Extras(shapesOf(in))), in)
}

func shapesOf(values []gorgonia.Value) []tensor.Shape {
	shapes := make([]tensor.Shape, len(values))
	for i, v := range values {
		shapes[i] = v.Shape()
	}
	return shapes
}
