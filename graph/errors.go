package graph

import (
	"fmt"
	"strings"

	"github.com/fallline/fallline/graph/internal/gate"
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// describe names a node for an error message.
func describe(n *gorgonia.Node) string {
	if isInput(n) {
		if !gate.Named(n) {
			return fmt.Sprintf("unnamed input of shape %v", n.Shape())
		}
		return fmt.Sprintf("%q", n.Name())
	}
	return n.Name()
}

// opError says which node's op failed on which arguments.
func opError(n *gorgonia.Node, args []gorgonia.Value, cause error) error {
	shapes := make([]string, len(args))
	for i, a := range args {
		shapes[i] = "nothing"
		if a != nil {
			shapes[i] = fmt.Sprintf("%v %v", a.Dtype(), a.Shape())
		}
	}
	return errors.Wrapf(cause, "graph: node %s: op %v on [%s]", n.Name(), n.Op(), strings.Join(shapes, ", "))
}

// recovered turns a panic into an error.
func recovered(r any) error {
	if err, ok := r.(error); ok {
		return errors.Wrap(err, "panic")
	}
	return errors.Errorf("panic: %v", r)
}

// protect calls f and turns a panic into an error.
func protect(f func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = recovered(r)
		}
	}()
	return f()
}

// shapeOf is a node's shape without taking Gorgonia's pool into it.
func shapeOf(n *gorgonia.Node) tensor.Shape {
	return append(tensor.Shape(nil), n.Shape()...)
}

// isInput says whether the node is fed or is a weight: a node without an op.
func isInput(n *gorgonia.Node) bool { return n.Op() == nil }
