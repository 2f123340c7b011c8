package graph

import (
	"github.com/fallline/fallline/graph/internal/sizing"
	"github.com/pkg/errors"
	"gorgonia.org/tensor"
)

// sizing prepares the program's graph for other shapes of its inputs.
func (p *Program) sizing() *sizing.Graph {
	inputs := make([]sizing.Input, len(p.inputs))
	for i, in := range p.inputs {
		inputs[i] = sizing.Input{Node: in.slot, Fixed: in.fixed}
	}
	values := make(map[int]sizing.Beside)
	for i := range p.slots {
		if s := &p.slots[i]; s.mode == beside {
			values[i] = sizing.Beside{Number: s.extra, Shapes: p.slots[s.Inputs[0]].extraShapes}
		}
	}
	return sizing.New(p.form, inputs, values)
}

// sizesAt finds the shape of every slot for inputs of the given shapes.
func (p *Program) sizesAt(inputs []tensor.Shape) (*sizing.Sizes, error) {
	s, err := p.sizes.At(inputs)
	if err != nil {
		return nil, err
	}
	for _, w := range p.weight {
		if w.grad != nil && s.Shapes[w.from].TotalSize() != w.hi-w.lo {
			return nil, errors.Errorf("graph: the gradient of parameter %q gets shape %v, want %v", w.node.Name(), s.Shapes[w.from], w.node.Shape())
		}
	}
	return s, nil
}

// argShapes are the shapes of what slot s takes.
func (s *slot) argShapes(shapes []tensor.Shape) []tensor.Shape {
	l := make([]tensor.Shape, len(s.Inputs))
	for i, k := range s.Inputs {
		l[i] = shapes[k]
	}
	return l
}
