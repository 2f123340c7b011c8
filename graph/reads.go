package graph

import (
	"reflect"

	"gorgonia.org/gorgonia"
)

// read is a gorgonia.Read node: after a run the value of node is copied to *into.
type read struct {
	node *gorgonia.Node
	into *gorgonia.Value
}

// addReads makes outputs of the nodes that gorgonia.Read was called on.
func (s *sources) addReads() {
	for _, n := range s.roots()[0].Graph().AllNodes() {
		if opType(n.Op()) != "gorgonia.readOp" {
			continue
		}
		into := reflect.ValueOf(n.Op()).FieldByName("into")
		if into.Kind() != reflect.Pointer || into.IsNil() {
			continue
		}
		for _, child := range childrenIn(gorgonia.Nodes{n}).list(n) {
			s.outputs = append(s.outputs, child)
			s.reads = append(s.reads, read{node: child, into: (*gorgonia.Value)(into.UnsafePointer())})
		}
	}
}
