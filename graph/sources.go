package graph

import (
	"github.com/fallline/fallline/graph/internal/gate"
	"github.com/fallline/fallline/graph/internal/mend"
	"gorgonia.org/gorgonia"
)

// sources are the nodes that a program computes, as the user named them, and their twins in the graph that runs.
type sources struct {
	cost    *gorgonia.Node
	outputs gorgonia.Nodes
	reads   []gate.Reading
	params  gorgonia.Nodes
	grads   gorgonia.Nodes                    // of the parameters, in their order
	twin    map[*gorgonia.Node]*gorgonia.Node // the rewritten node in a user's node's place, where there is one
	form    *gate.Form                        // what the program computes, once that is known
}

// readAll reads what the program computes, the gradients behind the rest, and refuses wrong derivatives. f is what the
// roots needed before.
func (s *sources) readAll(f *gate.Form) (_ *gate.Form, err error) {
	if len(s.grads) > 0 {
		if f, err = gate.Read(s.roots(), s.grads); err != nil {
			return nil, err
		}
	}
	if len(s.grads) > 0 || len(s.outputs) > 0 {
		if err := mend.RefuseDerivatives(f); err != nil {
			return nil, err
		}
	}
	if len(s.twin) > 0 {
		var roots gorgonia.Nodes
		for _, n := range s.roots() {
			roots = append(roots, s.actual(n))
		}
		f, err = gate.Read(roots, s.grads)
	}
	s.form = f
	return f, err
}

// addReadings makes outputs of the nodes that gorgonia.Read was called on.
func (s *sources) addReadings() (err error) {
	s.reads, err = gate.Readings(s.roots()[0].Graph())
	for _, r := range s.reads {
		s.outputs = append(s.outputs, r.Node)
	}
	return err
}

// roots are the cost and the outputs.
func (s *sources) roots() gorgonia.Nodes {
	var roots gorgonia.Nodes
	if s.cost != nil {
		roots = append(roots, s.cost)
	}
	return append(roots, s.outputs...)
}

// actual is the node that computes what a user's node stands for.
func (s *sources) actual(n *gorgonia.Node) *gorgonia.Node {
	if t, ok := s.twin[n]; ok {
		return t
	}
	return n
}

// places are those of the roots and the gradients in the form.
func (s *sources) places() (list []int) {
	for _, n := range append(s.roots(), s.grads...) {
		list = append(list, s.place(n))
	}
	return list
}

// place is that of what computes a user's node.
func (s *sources) place(n *gorgonia.Node) int {
	i, ok := s.form.Find(s.actual(n))
	if !ok {
		panic("a node that the program doesn't compute")
	}
	return i
}
