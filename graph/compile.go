package graph

import (
	"github.com/fallline/fallline/graph/internal/gate"
	"github.com/fallline/fallline/graph/internal/mend"
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
)

// Compile makes a program that computes a scalar cost and its gradient.
//
// The gradient is by the nodes of Params, else by the inputs that gorgonia.Grad gave a derivative. Without either the program only
// evaluates. A nil cost is legal for a program with Outputs and without parameters.
//
// Errors name the node at fault: a cost that is nil or no scalar, a parameter without a name or value, a name used twice, parameters of
// different types, a cost that doesn't depend on a parameter, an op without derivative on the way to one.
func Compile(cost *gorgonia.Node, opts ...Option) (*Program, error) {
	o := new(options)
	for _, opt := range opts {
		if opt == nil {
			return nil, errors.New("graph: an option is nil")
		}
		opt(o)
	}
	if err := checkRoots(cost, o); err != nil {
		return nil, err
	}
	if err := checkParams(cost, o); err != nil {
		return nil, err
	}
	building.Lock()
	defer building.Unlock()

	var p *Program
	err := gate.Protect(func() (err error) {
		p, err = compile(cost, o)
		return err
	})
	return p, err
}

func checkRoots(cost *gorgonia.Node, o *options) error {
	if cost == nil && (o.hasParams || len(o.outputs) == 0) {
		return errors.New("graph: the cost is nil")
	}
	if cost != nil && !cost.IsScalar() {
		return errors.Errorf("graph: the cost %s has shape %v, want a scalar", gate.Describe(cost), cost.Shape())
	}
	for i, n := range o.outputs {
		if n == nil {
			return errors.Errorf("graph: output %d is nil", i)
		}
		if cost == nil {
			cost = n
		}
		if n.Graph() != cost.Graph() {
			return errors.Errorf("graph: output %s is of another graph", gate.Describe(n))
		}
	}
	return nil
}

func compile(cost *gorgonia.Node, o *options) (*Program, error) {
	s := &sources{cost: cost, outputs: append(gorgonia.Nodes(nil), o.outputs...), twin: make(map[*gorgonia.Node]*gorgonia.Node)}
	if err := s.addReadings(); err != nil {
		return nil, err
	}
	forward, err := gate.Read(s.roots(), nil)
	if err != nil {
		return nil, err
	}
	if err := mend.Refuse(forward); err != nil {
		return nil, err
	}
	if err := s.takeGradient(forward, o); err != nil {
		return nil, err
	}
	if len(s.grads) > 0 || len(s.outputs) > 0 {
		if err := mend.RefuseDerivatives(append(s.roots(), s.grads...)); err != nil {
			return nil, err
		}
	}
	p := &Program{noFusion: o.noFusion}
	if err := p.read(s, o); err != nil {
		return nil, err
	}
	p.lower(s.slots())
	p.sizes = p.sizing()
	p.addOutputs(s)
	if err := p.addWeights(s, o); err != nil {
		return nil, err
	}
	return p, nil
}

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

// takeGradient finds or makes the derivative of each parameter. Where it finds none it may rewrite the graph.
func (s *sources) takeGradient(f *gate.Form, o *options) error {
	fuse := !o.noFusion && !f.Stale
	s.params = o.params
	switch {
	case len(o.params) > 0:
		done, err := s.alreadyDone()
		if err != nil {
			return err
		}
		if done {
			break
		}
		if err := checkDerivable(s.cost, f, s.params); err != nil {
			return err
		}
		if err := s.rewrite(f, fuse); err != nil {
			return err
		}
		if err := differentiate(s.actual(s.cost), f.Stale, s.params); err != nil {
			return err
		}
	case s.cost != nil && !o.hasParams:
		s.params = differentiated(s.cost, f, o.frozen)
		o.params = s.params
		if err := checkParams(s.cost, o); err != nil {
			return err
		}
	}
	if len(s.params) == 0 && fuse {
		return s.rewrite(f, fuse)
	}
	for _, n := range s.params {
		if n.Deriv() == nil {
			return errors.Errorf("graph: gorgonia.Grad left parameter %q without a derivative", n.Name())
		}
		s.grads = append(s.grads, n.Deriv())
	}
	return nil
}

// alreadyDone says whether gorgonia.Grad was called on this cost for all parameters.
func (s *sources) alreadyDone() (bool, error) {
	with := 0
	var carrier string
	for _, n := range s.params {
		if n.Deriv() != nil {
			with++
			carrier = n.Name()
		}
	}
	switch {
	case with == 0 && s.cost.Deriv() == nil:
		return false, nil
	case with == len(s.params) && s.cost.Deriv() != nil:
		return true, nil
	case with > 0 && s.cost.Deriv() == nil:
		return false, errors.Errorf("graph: parameter %q carries the derivative of another cost, or of this one by an earlier Compile: differentiate a graph once", carrier)
	default:
		return false, errors.Errorf("graph: the cost was differentiated before, by %d of these %d parameters: differentiate a graph once", with, len(s.params))
	}
}

// slots are those of the roots and the gradients.
func (s *sources) slots() (list []int) {
	for _, n := range append(s.roots(), s.grads...) {
		list = append(list, s.slot(n))
	}
	return list
}
