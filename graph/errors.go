package graph

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// opType is the name of an op's Go type, the only handle on the ops that Gorgonia doesn't export. The package's path stands in it unless it
// is Gorgonia's.
func opType(op gorgonia.Op) string {
	if op == nil {
		return ""
	}
	t := reflect.TypeOf(op)
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if strings.HasSuffix(t.PkgPath(), "gorgonia.org/gorgonia") {
		return fmt.Sprintf("%T", op)
	}
	return t.PkgPath() + "." + t.Name()
}

// describe names a node for an error message.
func describe(n *gorgonia.Node) string {
	if isInput(n) {
		if !named(n) {
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
