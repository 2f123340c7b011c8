package sizing

import (
	"github.com/fallline/fallline/graph/internal/gate"
	"github.com/fallline/fallline/internal/tensors"
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// repeated is the form of a repetition along an axis as many times as another axis, of which the op's second argument
// is the size, has elements.
func (z *sizing) repeated(s *gate.Node, x form) (form, error) {
	by := &z.graph.form.Nodes[s.Inputs[1]]
	if by.Kind != gate.Size {
		return nil, doubtf("the op repeats by a number that is not the size of an axis")
	}
	var times extent
	if of := z.chosen[by.Inputs[0]].form; by.Axis < len(of) {
		times = of[by.Axis]
	}
	axis := s.Axis
	f := append(form(nil), x...)
	for len(f) <= axis {
		f = append(f, nil)
	}
	f[axis] = f[axis].times(times)
	if !tensors.Same(f.was(), s.Shape) {
		return nil, errors.Errorf("repeating %v along axis %d gave %v, not %v", x.was(), axis, s.Shape, f.was())
	}
	return f, nil
}

// inferred asks the op for the shape of its result. Each axis that moves is taken for the argument's that is as long at
// both batches.
func inferred(s *gate.Node, args []form) (form, error) {
	sizers := make([]gorgonia.DimSizer, len(args))
	for i, a := range args {
		sizers[i] = a.is()
	}
	var shape tensor.Shape
	err := gate.Protect(func() error {
		var err error
		shape, err = s.Expr.Op().InferShape(sizers...)
		shape = append(tensor.Shape(nil), shape...)
		return err
	})
	if err != nil && len(args) == 1 {
		return nil, doubt{err} // of one argument: the op holds a size, which that of another batch may be
	}
	if err != nil {
		return nil, err
	}
	if len(shape) != len(s.Shape) {
		return nil, doubtf("the op gives shape %v, and gave %v", shape, s.Shape)
	}
	if len(args) == 1 && args[0].all().is() == shape.TotalSize() && args[0].all().was() == s.Shape.TotalSize() {
		for _, f := range regroup(args[0], s.Shape) {
			if tensors.Same(f.is(), shape) {
				return f, nil
			}
		}
	}
	f := make(form, len(shape))
	for i, is := range shape {
		f[i] = origin(s.Shape[i], is, args)
	}
	return f, nil
}

// beside is the form of a value that an op computes beside its result.
func (z *sizing) beside(s *gate.Node, b Beside) (form, error) {
	owner := &z.graph.form.Nodes[s.Inputs[0]]
	args := make([]form, len(owner.Inputs))
	was, is := make([]tensor.Shape, len(args)), make([]tensor.Shape, len(args))
	for i, k := range owner.Inputs {
		args[i] = z.chosen[k].form
		was[i], is[i] = args[i].was(), args[i].is()
	}
	before, err := b.Shapes(was)
	if err != nil {
		return nil, err
	}
	now, err := b.Shapes(is)
	if err != nil {
		return nil, err
	}
	if len(before[b.Number]) != len(now[b.Number]) {
		return nil, errors.Errorf("a value of shape %v beside the result, which was %v", now[b.Number], before[b.Number])
	}
	f := make(form, len(now[b.Number]))
	for i, n := range now[b.Number] {
		f[i] = origin(before[b.Number][i], n, args)
	}
	return f, nil
}

// origin is the extent of an axis by its size at both batches: an argument's, if all that are as long have the same
// factors.
func origin(was, is int, args []form) extent {
	var found extent
	moves := was != is
	for _, a := range args {
		for _, e := range a {
			if !e.moves() || e.was() != was || e.is() != is {
				continue
			}
			if moves = true; found != nil && len(found) != len(e) {
				return moved(was, is)
			}
			found = e
		}
	}
	switch {
	case found != nil:
		return found
	case moves:
		return moved(was, is)
	}
	return still(was)
}

// reshaped are the answers for a reshape.
func reshaped(s *gate.Node, x form) ([]answer, error) {
	moving := 0
	for _, f := range x.all() {
		if f.moves {
			moving++
		}
	}
	if moving > maxPlaced {
		return nil, doubtf("a reshape of %v, of which over %d factors come from batches", x.was(), maxPlaced)
	}
	var list []answer
	for _, f := range regroup(x, s.Shape) {
		list = append(list, answer{form: f})
	}
	if len(list) == 0 {
		return nil, doubtf("a reshape of %v to %v has no meaning for %v", x.was(), s.Shape, x.is())
	}
	return list, nil
}
