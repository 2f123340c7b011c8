package sizing

import (
	"github.com/fallline/fallline/graph/internal/gate"
	"github.com/fallline/fallline/graph/internal/stock"
	"github.com/fallline/fallline/internal/tensors"
	"github.com/pkg/errors"
	"gorgonia.org/tensor"
)

// sliced are the answers for a slice. Its bounds are numbers. Along an axis that moves they may be numbers of the
// batch, so that only two kinds of slices have an answer: the gradients of gorgonia.Concat, and a slice of everything,
// if it can't mean as many elements as that was.
func (z *sizing) sliced(i int, s *gate.Node, x form) ([]answer, error) {
	axis := s.Axis
	if axis >= len(x) {
		return nil, errors.Errorf("axis %d of shape %v", axis, x.is())
	}
	bounds := s.Bounds()
	switch {
	case bounds == nil || bounds.End() <= bounds.Start():
		return []answer{{form: x}}, nil
	case !x[axis].moves():
		return []answer{{form: x.axisOf(axis, s.Shape)}}, nil
	case i >= z.graph.form.Forward:
		if part, ok := z.part(s, axis, bounds); ok {
			return part.answers(s, x, axis)
		}
	}
	n, is := x[axis].was(), x[axis].is()
	if bounds.Start() != 0 || bounds.End() != n || n == 1 {
		return nil, ofTheBatch(bounds, axis)
	}
	if n == is {
		return []answer{{form: x}}, nil
	}
	whole := answer{form: x, kernel: stock.Copy(s.Type, 0)}
	if whole.kernel == nil {
		return nil, doubtf("no kernel for a slice of %v", s.Type)
	}
	literal := answer{form: x.with(axis, still(n)), err: ofTheBatch(bounds, axis)}
	if n > is {
		literal.err = tooFew(n, is)
	}
	return []answer{whole, literal}, nil
}

// ofTheBatch is the error of a slice whose bounds mean nothing certain.
func ofTheBatch(bounds tensor.Slice, axis int) error {
	return doubtf("the bounds [%d:%d] of a slice along axis %d may be numbers of the batch", bounds.Start(), bounds.End(), axis)
}

// tooFew is the error of a slice to n of fewer elements.
func tooFew(n, is int) error { return errors.Errorf("a slice to %d of %d elements", n, is) }

// axisOf is the form of a slice along an axis that doesn't move, by the slice's shape in the graph as built: one of one
// element has no such axis.
func (f form) axisOf(axis int, shape tensor.Shape) form {
	if len(shape) < len(f) {
		return f.without(axis)
	}
	return f.with(axis, still(shape[axis]))
}

// part is where an argument of gorgonia.Concat lies in the result.
type part struct {
	from   int // at this batch
	extent extent
}

// part finds the argument of a gorgonia.Concat whose gradient a slice takes out of the gradient of the result: that
// with the slice's bounds in the graph as built.
func (z *sizing) part(s *gate.Node, axis int, bounds tensor.Slice) (p part, ok bool) {
	for j := range z.graph.form.Nodes[:z.graph.form.Forward] {
		c := &z.graph.form.Nodes[j]
		if c.Kind != gate.Concat || c.Axis != axis {
			continue
		}
		if !tensors.Same(c.Shape, z.graph.form.Nodes[s.Inputs[0]].Shape) {
			continue
		}
		was, is := 0, 0
		for _, k := range c.Inputs {
			e := z.chosen[k].form[axis]
			if was == bounds.Start() && was+e.was() == bounds.End() {
				if ok && (p.from != is || !p.extent.same(e)) {
					return part{}, false
				}
				p, ok = part{from: is, extent: e}, true
			}
			was += e.was()
			is += e.is()
		}
	}
	return p, ok
}

// answers is the slice of a part.
func (p part) answers(s *gate.Node, x form, axis int) ([]answer, error) {
	n := p.extent.is()
	f := x.with(axis, p.extent)
	if len(s.Shape) < len(x) {
		if n != 1 {
			return nil, doubtf("a slice of 1 element, of which there are %d", n)
		}
		f = x.without(axis)
	}
	a := answer{form: f, kernel: stock.Cut(s.Type, axis, p.from, p.from+n)}
	if a.kernel == nil {
		return nil, doubtf("no kernel for a slice of %v", s.Type)
	}
	return []answer{a}, nil
}

// unsliced are the answers for the gradient of a slice, by its argument and the gradient of the result.
func unsliced(s *gate.Node, x, dy form) ([]answer, error) {
	axis := s.Axis
	if axis >= len(x) {
		return nil, errors.Errorf("axis %d of shape %v", axis, x.is())
	}
	bounds := s.Bounds()
	all := bounds == nil || bounds.End() <= bounds.Start()
	switch {
	case all || !x[axis].moves():
	case len(dy) == len(x) && dy[axis].same(x[axis]):
		k := stock.Copy(s.Type, 1)
		if k == nil {
			return nil, doubtf("no kernel for a slice's gradient of %v", s.Type)
		}
		return []answer{{form: x, kernel: k}}, nil
	case len(dy) == len(x) && !dy[axis].moves():
		a := answer{form: x}
		if is := x[axis].is(); bounds.End() > is {
			a.err = tooFew(bounds.End(), is)
		}
		return []answer{a}, nil
	default:
		return nil, ofTheBatch(bounds, axis)
	}
	return []answer{{form: x}}, nil
}
