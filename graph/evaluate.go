package graph

import (
	"github.com/fallline/fallline/internal/tensors"
	"github.com/fallline/fallline/vector"
	"github.com/pkg/errors"
)

// Evaluate computes the cost at the weights w and, unless g is nil, its gradient there, which overwrites g. Both must
// be vectors of the program's Weights: the same ranges and type. Nothing is copied. The nodes stay bound to Weights and
// Gradient, and those keep their contents unless they are passed; the outputs' values are those at w.
func (p *Program) Evaluate(w, g *vector.Vector) (cost float64, err error) {
	if w == nil {
		return 0, errors.New("graph: Evaluate: the weights are nil")
	}
	if err := p.weights.Check(w); err != nil {
		return 0, errors.Wrap(err, "graph: Evaluate: the weights")
	}
	if g != nil {
		if err := p.weights.Check(g); err != nil {
			return 0, errors.Wrap(err, "graph: Evaluate: the gradient")
		}
	}
	if w == p.weights {
		if err := p.adopt(); err != nil {
			return 0, err
		}
	}
	defer p.aim(p.weights, p.gradient)
	p.aim(w, g)
	if err := p.run(g != nil); err != nil {
		return 0, err
	}
	return p.costIs, nil
}

// aim moves the windows to other vectors; g may be nil.
func (p *Program) aim(w, g *vector.Vector) {
	for _, x := range p.weight {
		x.value.show(w, x.lo, x.hi)
		switch {
		case g == nil:
		case x.grad != nil:
			x.slope.show(g, x.lo, x.hi)
		case g != p.gradient:
			clear(rangeOf(g, x.lo, x.hi))
		}
	}
}

// adopt makes sure that the weights' nodes are views of the vectors: a value that somebody else bound is copied in.
func (p *Program) adopt() error {
	for _, w := range p.weight {
		if v := w.node.Value(); v != w.value.home {
			if v == nil || !w.node.Shape().Eq(v.Shape()) || !tensors.Assign(w.value.home, v) {
				return errors.Errorf("graph: parameter %q was bound to a value that is not %v of shape %v", w.node.Name(), w.node.Dtype(), w.node.Shape())
			}
			if err := bind(w.node, w.value.home); err != nil {
				return err
			}
		}
		if w.grad == nil {
			continue
		}
		if g, err := w.node.Grad(); err != nil || g != w.slope.home {
			w.bindGradient()
		}
	}
	return nil
}
