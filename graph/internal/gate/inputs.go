package gate

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
)

// nameless is how the names begin that Gorgonia makes up for inputs that have none: it prints the op, and an input has
// none.
const nameless = "%!s(<nil>)"

// Named says whether an input was given a name.
func Named(n *gorgonia.Node) bool {
	name := n.Name()
	return name != "" && !strings.HasPrefix(name, nameless)
}

// Describe names a node for an error message.
func Describe(n *gorgonia.Node) string {
	if n.Op() == nil {
		if !Named(n) {
			return fmt.Sprintf("unnamed input of shape %v", n.Shape())
		}
		return fmt.Sprintf("%q", n.Name())
	}
	return n.Name()
}

// Reading is a call of gorgonia.Read: after a run Node's value goes to *Into.
type Reading struct {
	Node *gorgonia.Node
	Into *gorgonia.Value
}

// Readings are the calls of gorgonia.Read on nodes of a graph.
func Readings(g *gorgonia.ExprGraph) ([]Reading, error) {
	var list []Reading
	for _, n := range g.AllNodes() {
		if n.Op() == nil {
			continue
		}
		name, theirs := typeName(n.Op())
		if !theirs || facts[name].kind != ReadValue {
			continue
		}
		into := reflect.ValueOf(n.Op()).FieldByName("into")
		if !into.IsValid() || into.Type() != reflect.TypeFor[*gorgonia.Value]() {
			return nil, errors.Errorf("graph: gorgonia's op read (%s) has no field into of type *gorgonia.Value any more", name)
		}
		if into.IsNil() {
			continue
		}
		for _, child := range walkFrom(gorgonia.Nodes{n}).children(n) {
			list = append(list, Reading{Node: child, Into: (*gorgonia.Value)(into.UnsafePointer())})
		}
	}
	return list, nil
}
