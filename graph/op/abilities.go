package op

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
)

// What a body may be able to do beside computing its result.

// fuser is a body that can take over its only consumer.
type fuser interface {
	Body
	// fuse returns a body with the inputs of this one and the result of next, or nil.
	fuse(next Body) Body
}

// reshape is a body whose result is its only input in another shape.
type reshape interface {
	Body
	view()
}

// DiffWRT is true for the inputs that have a derivative.
func (o *operation) DiffWRT(n int) []bool {
	wrt := make([]bool, n)
	if _, ok := o.Body.(Differentiable); ok {
		for i := range min(n, len(o.in)) {
			wrt[i] = isFloat(o.in[i].dtype)
		}
	}
	return wrt
}

// SymDiff builds the nodes of the gradients by the inputs.
func (o *operation) SymDiff(in gorgonia.Nodes, out, grad *gorgonia.Node) (gorgonia.Nodes, error) {
	d, ok := o.Body.(Differentiable)
	if !ok {
		return nil, fail(o.Body, errors.New("has no derivative"))
	}
	nodes, err := d.Gradients(in, out, grad)
	if err != nil {
		return nil, errors.WithMessagef(err, "op: gradient of %v", o.Body)
	}
	if len(nodes) != len(in) {
		return nil, errors.Errorf("op: gradient of %v: %d nodes for %d inputs", o.Body, len(nodes), len(in))
	}
	return nodes, nil
}

// Fuse returns one operation that computes next of this one, on this one's inputs, and whether there is such an operation.
func (o *operation) Fuse(next gorgonia.Op) (gorgonia.Op, bool) {
	f, ok := o.Body.(fuser)
	if !ok {
		return nil, false
	}
	n, ok := next.(*operation)
	if !ok || len(n.in) != 1 || n.in[0] != o.out {
		return nil, false
	}
	b := f.fuse(n.Body)
	if b == nil {
		return nil, false
	}
	return &operation{Body: b, in: o.in, out: n.out}, true
}

// View reports whether the result is the input in another shape, so that a machine that tracks the memory of its values need not
// copy it.
func (o *operation) View() bool {
	_, ok := o.Body.(reshape)
	return ok
}

// linearPart is a body that can be a part of a linear model.
type linearPart interface {
	Body
	part() string
}

// LinearPart is "affine" of x·W + b without an activation, the name of a loss that is one of each example's output and truth, and ""
// of any other operation. graph.FindLinear asks for it.
func (o *operation) LinearPart() string {
	if p, ok := o.Body.(linearPart); ok {
		return p.part()
	}
	return ""
}

func (f affine[T]) part() string {
	if f.relu {
		return ""
	}
	return "affine"
}

func (c crossEntropy[T]) part() string {
	if c.smoothing > 0 {
		return ""
	}
	return "softmax cross-entropy"
}

func (squaredError[T]) part() string { return "mean squared error" }
