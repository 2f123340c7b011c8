package graph

import (
	"fmt"
	"strings"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

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

// shapeOf is a node's shape without taking Gorgonia's pool into it.
func shapeOf(n *gorgonia.Node) tensor.Shape {
	return append(tensor.Shape(nil), n.Shape()...)
}

// isInput says whether the node is fed or is a weight: a node without an op.
func isInput(n *gorgonia.Node) bool { return n.Op() == nil }
