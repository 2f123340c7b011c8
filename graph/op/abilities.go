package op

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
)

// What a body may be able to do beside computing its result.

// differentiable is a body with a gradient. Its inputs of type float have one, labels don't.
type differentiable interface {
	body
	// gradients returns a node for each float input and nil for the others.
	gradients(in gorgonia.Nodes, out, grad *gorgonia.Node) (gorgonia.Nodes, error)
}

// fuser is a body that can take over its only consumer.
type fuser interface {
	body
	// fuse returns a body with the inputs of this one and the result of next, or nil.
	fuse(next body) body
}

// reshape is a body whose result is its only input in another shape.
type reshape interface {
	body
	view()
}

// DiffWRT is true for the inputs that have a derivative.
func (o *operation) DiffWRT(n int) []bool {
	wrt := make([]bool, n)
	if _, ok := o.body.(differentiable); ok {
		for i := range min(n, len(o.in)) {
			wrt[i] = isFloat(o.in[i].dtype)
		}
	}
	return wrt
}

// SymDiff builds the nodes of the gradients by the inputs.
func (o *operation) SymDiff(in gorgonia.Nodes, out, grad *gorgonia.Node) (gorgonia.Nodes, error) {
	d, ok := o.body.(differentiable)
	if !ok {
		return nil, fail(o.body, errors.New("has no derivative"))
	}
	nodes, err := d.gradients(in, out, grad)
	if err != nil {
		return nil, errors.WithMessagef(err, "op: gradient of %v", o.body)
	}
	return nodes, nil
}

// Fuse returns one operation that computes next of this one, on this one's inputs, and whether there is such an operation.
func (o *operation) Fuse(next gorgonia.Op) (gorgonia.Op, bool) {
	f, ok := o.body.(fuser)
	if !ok {
		return nil, false
	}
	n, ok := next.(*operation)
	if !ok || len(n.in) != 1 || n.in[0] != o.out {
		return nil, false
	}
	b := f.fuse(n.body)
	if b == nil {
		return nil, false
	}
	return &operation{body: b, in: o.in, out: n.out}, true
}

// View reports whether the result is the input in another shape, so that a machine that tracks the memory of its values need not
// copy it.
func (o *operation) View() bool {
	_, ok := o.body.(reshape)
	return ok
}
