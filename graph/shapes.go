package graph

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// inferShapes finds the shape of every slot for inputs of the given shapes.
func (p *Program) inferShapes(inputs []tensor.Shape) ([]tensor.Shape, error) {
	shapes := make([]tensor.Shape, len(p.slots))
	moved := make([]bool, len(p.slots)) // whether a shape differs from the graph's own
	was, is := 1, 1
	for i := range p.slots {
		s := &p.slots[i]
		switch {
		case s.kind == fromInput:
			shapes[i] = append(tensor.Shape(nil), inputs[s.at]...)
			if moved[i] = !sameShape(shapes[i], s.shape); moved[i] && len(s.shape) > 0 {
				was, is = s.shape[0], shapes[i][0]
			}
			continue
		case s.kind != fromOp || s.mode != beside && !anyOf(moved, s.args):
			shapes[i] = s.shape
			continue
		}
		if s.mode == beside {
			list, err := p.extraShapes(&p.slots[s.args[0]], shapes)
			if err != nil {
				return nil, err
			}
			shapes[i] = list[s.extra]
			moved[i] = !sameShape(shapes[i], s.shape)
			continue
		}
		shape, err := p.inferShape(s, shapes, was, is)
		if err != nil {
			return nil, errors.Wrapf(err, "graph: node %s: op %v on shapes %v: inferring its shape", s.node.Name(), s.node.Op(), pick(shapes, s.args))
		}
		shapes[i] = shape
		moved[i] = s.axis >= 0 || !sameShape(shape, s.shape) // a size is a scalar of another value
	}
	for _, w := range p.weight {
		if w.grad != nil && shapes[w.from].TotalSize() != w.hi-w.lo {
			err := errors.Errorf("graph: the gradient of parameter %q gets shape %v, want %v", w.node.Name(), shapes[w.from], w.node.Shape())
			if was != is {
				err = errors.WithMessagef(err, "graph: at batch size %d in a graph of %d, which an op may hold", is, was)
			}
			return nil, err
		}
	}
	return shapes, nil
}

// inferShape asks an op for the shape of its result. Some ops of Gorgonia hold the batch size of the graph they were made in.
func (p *Program) inferShape(s *slot, shapes []tensor.Shape, was, is int) (shape tensor.Shape, err error) {
	if s.node.IsScalar() {
		return tensor.ScalarShape(), nil
	}
	if s.mode == view {
		return reshaped(p.slots[s.args[0]].shape, s.shape, shapes[s.args[0]], was, is)
	}
	if rigid[opType(s.node.Op())] {
		return nil, errors.Errorf("the op works at the batch size %d of its graph only", was)
	}
	sizers := make([]gorgonia.DimSizer, len(s.args))
	for i, k := range s.args {
		sizers[i] = append(tensor.Shape(nil), shapes[k]...)
		if a := &p.slots[k]; a.axis >= 0 {
			of := shapes[a.args[0]]
			if a.axis >= len(of) {
				return nil, errors.Errorf("axis %d of shape %v", a.axis, of)
			}
			sizers[i] = size(of[a.axis])
		}
	}
	err = protect(func() error {
		var err error
		shape, err = s.node.Op().InferShape(sizers...)
		shape = append(tensor.Shape(nil), shape...)
		return err
	})
	return shape, err
}

// rigid are the ops of Gorgonia that hold the shape of their argument and don't notice another.
var rigid = map[string]bool{
	"gorgonia.col2imOp":    true,
	"*gorgonia.dtConvOp":   true,
	"*gorgonia.ctcLossOp":  true,
	"*gorgonia.yoloOp":     true,
	"*gorgonia.yoloDiffOp": true,
}

// size is the extent of an axis, as an argument of an op that repeats along it.
type size int

// DimSize returns the extent, whatever the axis.
func (s size) DimSize(int) (int, error) { return int(s), nil }

// reshaped is the target of a reshape made from one shape to another, applied to an argument of a different size: the first axis that
// counts the batch grows or shrinks with it.
func reshaped(from, to, arg tensor.Shape, was, is int) (tensor.Shape, error) {
	have, want := from.TotalSize(), arg.TotalSize()
	shape := append(tensor.Shape(nil), to...)
	if have == want {
		return shape, nil
	}
	for i, d := range to {
		if d%was == 0 && have/was*is == want {
			shape[i] = d / was * is
			return shape, nil
		}
	}
	return nil, errors.Errorf("a reshape from %v to %v can't take %v", from, to, arg)
}

func anyOf(set []bool, of []int) bool {
	for _, k := range of {
		if set[k] {
			return true
		}
	}
	return false
}

func pick(shapes []tensor.Shape, of []int) []tensor.Shape {
	l := make([]tensor.Shape, len(of))
	for i, k := range of {
		l[i] = shapes[k]
	}
	return l
}
