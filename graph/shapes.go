package graph

import (
	"github.com/pkg/errors"
	"gorgonia.org/tensor"
)

// inferShapes finds the shape of every slot for inputs of the given shapes.
func (p *Program) inferShapes(inputs []tensor.Shape) (*sized, error) {
	forms := make(map[int]form)
	moving := false
	for i, in := range p.inputs {
		f, err := in.fed(inputs[i])
		if err != nil {
			return nil, err
		}
		forms[in.slot] = f
		moving = moving || f.moves()
	}
	s := &sized{shapes: make([]tensor.Shape, len(p.slots))}
	var err error
	if moving {
		s, err = p.size(forms)
	} else {
		err = p.ownShapes(s.shapes)
	}
	if err != nil {
		return nil, err
	}
	for _, w := range p.weight {
		if w.grad != nil && s.shapes[w.from].TotalSize() != w.hi-w.lo {
			return nil, errors.Errorf("graph: the gradient of parameter %q gets shape %v, want %v", w.node.Name(), s.shapes[w.from], w.node.Shape())
		}
	}
	return s, nil
}

// ownShapes fills in the shapes of the graph as built.
func (p *Program) ownShapes(shapes []tensor.Shape) error {
	for i := range p.slots {
		s := &p.slots[i]
		shapes[i] = s.Shape
		if s.mode != beside {
			continue
		}
		owner := &p.slots[s.Inputs[0]]
		list, err := owner.extraShapes(pick(shapes, owner.Inputs))
		if err != nil {
			return err
		}
		shapes[i] = list[s.extra]
	}
	return nil
}

// fed is the form of an input that is bound to a value of a shape. One with as many elements on other axes is taken in
// the input's own shape.
func (in *input) fed(shape tensor.Shape) (form, error) {
	f := stillForm(in.shape)
	switch {
	case len(shape) == len(in.shape):
	case shape.TotalSize() == in.shape.TotalSize():
		return f, nil
	default:
		return nil, errors.Errorf("graph: input %s has shape %v, want the %d axes of %v", describe(in.node), shape, len(in.shape), in.shape)
	}
	for axis, is := range shape {
		if was := in.shape[axis]; was != is {
			f[axis] = moved(was, is)
		}
	}
	return f, nil
}
