package op

import (
	"github.com/fallline/fallline/internal/tensors"
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Description is what Body and ExtraBody have in common: what distinguishes one operation from another but for how it
// runs. It is a small value whose fields are all of its attributes: they are hashed, so that Gorgonia merges two nodes
// only where they compute the same. One that keeps something from run to run needs a field that no other has, such as a
// number or a pointer.
type Description interface {
	// String is the operation's name in graphs and errors.
	String() string

	// Shape returns the shape of the result for inputs of these shapes, or an error that names the shapes that don't
	// fit. The ranks are those of the nodes that Apply was given, and so are the sizes but for the first axis, the
	// batch, which changes from run to run.
	Shape(in []tensor.Shape) (tensor.Shape, error)
}

// Body is an operation with one result. Apply makes a Gorgonia op of it.
type Body interface {
	Description

	// Run computes the result into out, all of it: what out holds before is garbage. Types and shapes are checked, and
	// the elements of all values lie one behind the other, row-major. The inputs must not be changed, and nothing of
	// them be kept.
	Run(out gorgonia.Value, in []gorgonia.Value) error
}

// Differentiable is an optional interface of Body and ExtraBody: an operation with a gradient. One without stops
// gorgonia.Grad with an error where it stands between a parameter and the cost.
type Differentiable interface {
	Description

	// Gradients returns the nodes of the cost's derivatives by the inputs: one for each float input, and nil for the
	// others, such as labels. out is the operation's result and grad the derivative by it.
	Gradients(in gorgonia.Nodes, out, grad *gorgonia.Node) (gorgonia.Nodes, error)
}

// Apply makes the node of an operation of one's own on its inputs. The first is of float32 or float64, as the result is
// then; the others are float32, float64, int, or what ExtraOf returned. The operation runs in a graph.Program and in
// Gorgonia's machines, and Gorgonia's side of it, types, hashes and memory, is taken care of.
func Apply(b Body, in ...*gorgonia.Node) (*gorgonia.Node, error) {
	if b == nil {
		return nil, errors.New("op: no body: it is nil")
	}
	return applyChecked(b, in)
}

// ApplyExtra is Apply for an ExtraBody; ExtraOf returns the nodes of the values beside the result.
func ApplyExtra(b ExtraBody, in ...*gorgonia.Node) (*gorgonia.Node, error) {
	if b == nil {
		return nil, errors.New("op: no body: it is nil")
	}
	return applyChecked(b, in)
}

// applyChecked applies an operation from elsewhere.
func applyChecked(b Description, in []*gorgonia.Node) (*gorgonia.Node, error) {
	if len(in) == 0 {
		return nil, fail(b, errors.New("no inputs"))
	}
	for i, n := range in {
		if n == nil {
			return nil, fail(b, errors.Errorf("input %d is nil", i))
		}
		if _, extra := n.Op().(*extraValue); extra && i > 0 {
			continue
		}
		if dt := n.Dtype(); !isFloat(dt) && (i == 0 || dt != tensor.Int) {
			return nil, fail(b, errors.Errorf("input %d has elements of type %v, want float32 or float64, or int after the first", i, dt))
		}
	}
	return apply(b, in...)
}

// Element is a type of number that values are made of.
type Element interface {
	float32 | float64 | int | uint16 | uint64
}

// Elements is the elements of a value, row-major, for a Body's Run: they are the value's own memory. A scalar has one.
// The type must be the value's, which its Dtype tells.
func Elements[T Element](v gorgonia.Value) []T {
	var e any
	switch v := v.(type) {
	case *gorgonia.F32:
		e = tensors.One((*float32)(v))
	case *gorgonia.F64:
		e = tensors.One((*float64)(v))
	case *gorgonia.I:
		e = tensors.One((*int)(v))
	case *tensor.Dense:
		switch v.Dtype() {
		case tensor.Float32:
			e = v.Float32s()
		case tensor.Float64:
			e = v.Float64s()
		case tensor.Int:
			e = v.Ints()
		case tensor.Uint16:
			e = v.Uint16s()
		case tensor.Uint64:
			e = v.Uint64s()
		}
	}
	return e.([]T)
}
