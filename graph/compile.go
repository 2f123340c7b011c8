package graph

import (
	"slices"

	"github.com/fallline/fallline/graph/internal/gate"
	"github.com/fallline/fallline/graph/internal/mend"
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Compile makes a program that computes a scalar cost and its gradient.
//
// The gradient is by the nodes of Params, else by the inputs that gorgonia.Grad gave a derivative. Without either the
// program only evaluates. A nil cost is legal for a program with Outputs and without parameters.
//
// Errors name the node at fault: a cost that is nil or no scalar, a parameter without a name or value, a name used
// twice, parameters of different types, a cost that doesn't depend on a parameter, an op without derivative on the way
// to one.
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

// compile runs the passes that make a program. A program plans and runs when it knows the sizes of its inputs: see
// plan.go and run.go.
func compile(cost *gorgonia.Node, o *options) (*Program, error) {
	s := &sources{cost: cost, outputs: slices.Clone(o.outputs), twin: make(map[*gorgonia.Node]*gorgonia.Node)}
	if err := s.addReadings(); err != nil {
		return nil, err
	}
	f, err := gate.Read(s.roots(), nil)
	if err != nil {
		return nil, err
	}
	if err := mend.Refuse(f); err != nil {
		return nil, err
	}
	if err := s.takeGradient(f, o); err != nil { // gradient.go, by way of fuse.go and differentiate.go
		return nil, err
	}
	if f, err = s.readAll(f); err != nil {
		return nil, err
	}
	p := newProgram(f, s, o)
	p.lower(s.places()) // lower.go
	p.sizes = p.sizing()
	p.addOutputs(s)
	if err := p.addWeights(s, o); err != nil {
		return nil, err
	}
	return p, nil
}

// checkParams validates the inputs that are to become weights.
func checkParams(cost *gorgonia.Node, o *options) error {
	seen := make(map[string]bool)
	var dt tensor.Dtype
	var first string
	check := func(nodes gorgonia.Nodes, what string) error {
		for i, n := range nodes {
			switch {
			case n == nil:
				return errors.Errorf("graph: %s %d is nil", what, i)
			case !isInput(n):
				return errors.Errorf("graph: %s %s is computed by an op, want an input", what, n.Name())
			case !gate.Named(n):
				return errors.Errorf("graph: %s %d of shape %v has no name", what, i, n.Shape())
			case seen[n.Name()]:
				return errors.Errorf("graph: the name %q is used twice among the weights", n.Name())
			case cost != nil && n.Graph() != cost.Graph():
				return errors.Errorf("graph: %s %q is of another graph than the cost", what, n.Name())
			}
			seen[n.Name()] = true
			d := n.Dtype()
			if d != tensor.Float32 && d != tensor.Float64 {
				return errors.Errorf("graph: %s %q has type %v, want float32 or float64", what, n.Name(), d)
			}
			if first == "" {
				first, dt = n.Name(), d
			}
			if d != dt {
				return errors.Errorf("graph: weights of two types: %q is %v, %q is %v", first, dt, n.Name(), d)
			}
		}
		return nil
	}
	if err := check(o.params, "parameter"); err != nil {
		return err
	}
	return check(o.frozen, "frozen input")
}
