package graph

import (
	"slices"

	"github.com/fallline/fallline/graph/internal/gate"
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
)

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

// differentiated collects the inputs below the cost that carry a derivative.
func differentiated(cost *gorgonia.Node, f *gate.Form, frozen gorgonia.Nodes) (params gorgonia.Nodes) {
	below := belowCost(cost, f)
	for _, n := range cost.Graph().AllNodes() {
		i, ok := f.Find(n)
		if ok && below[i] && isInput(n) && n.Deriv() != nil && !slices.Contains(frozen, n) {
			params = append(params, n)
		}
	}
	return params
}

// belowCost says of each node whether the cost takes it, if only through others. The cost is one of them.
func belowCost(cost *gorgonia.Node, f *gate.Form) []bool {
	below := make([]bool, len(f.Nodes))
	if i, ok := f.Find(cost); ok {
		below[i] = true
	}
	for i := len(below) - 1; i >= 0; i-- {
		for _, k := range f.Nodes[i].Inputs {
			below[k] = below[k] || below[i]
		}
	}
	return below
}
