package op

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
)

// What a body may be able to do beside computing its result.

// Reshape is an optional interface of Body: an operation whose result is its only input in another shape. A machine
// that tracks the memory of its values need not run it.
type Reshape interface {
	Body
	Reshape()
}

// DiffWRT is true for the inputs that have a derivative.
func (o *operation) DiffWRT(n int) []bool {
	wrt := make([]bool, n)
	if _, ok := o.Description.(Differentiable); ok {
		for i := range min(n, len(o.in)) {
			wrt[i] = isFloat(o.in[i].dtype)
		}
	}
	return wrt
}

// SymDiff builds the nodes of the gradients by the inputs.
func (o *operation) SymDiff(in gorgonia.Nodes, out, grad *gorgonia.Node) (gorgonia.Nodes, error) {
	d, ok := o.Description.(Differentiable)
	if !ok {
		return nil, fail(o.Description, errors.New("has no derivative"))
	}
	nodes, err := d.Gradients(in, out, grad)
	if err != nil {
		return nil, errors.WithMessagef(err, "op: gradient of %v", o.Description)
	}
	if len(nodes) != len(in) {
		return nil, errors.Errorf("op: gradient of %v: %d nodes for %d inputs", o.Description, len(nodes), len(in))
	}
	return nodes, nil
}

// Fuse returns one operation that computes next of this one, on this one's inputs, and whether there is such an
// operation.
func (o *operation) Fuse(next gorgonia.Op) (gorgonia.Op, bool) {
	f, ok := o.Description.(Fuser)
	if !ok {
		return nil, false
	}
	n, ok := next.(*operation)
	if !ok || len(n.in) != 1 || n.in[0] != o.out {
		return nil, false
	}
	b := f.Fuse(n.Description)
	if b == nil {
		return nil, false
	}
	fused := &operation{Description: b, in: o.in, out: n.out}
	return fused, fused.build(o.built) == nil
}

// View reports whether the result is the input in another shape, so that a machine that tracks the memory of its values
// need not copy it.
func (o *operation) View() bool {
	_, ok := o.Description.(Reshape)
	return ok
}

// LinearPart is an optional interface of Body and ExtraBody: an operation that can be a part of a linear model, as
// graph.FindLinear looks for.
type LinearPart interface {
	Description

	// LinearPart is "affine" of x·W + b without an activation, the name of a loss that is one of each example's output
	// and truth, and "" of any other operation.
	LinearPart() string
}

// LinearPart is the description's, and "" where it has none. graph.FindLinear asks for it.
func (o *operation) LinearPart() string {
	if p, ok := o.Description.(LinearPart); ok {
		return p.LinearPart()
	}
	return ""
}

func (f affine[T]) LinearPart() string {
	if f.then != (Then{}) {
		return ""
	}
	return "affine"
}

func (c crossEntropy[T]) LinearPart() string {
	if c.smoothing > 0 {
		return ""
	}
	return "softmax cross-entropy"
}

func (squaredError[T]) LinearPart() string { return "mean squared error" }
