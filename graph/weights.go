package graph

import (
	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/memory"
	"github.com/fallline/fallline/internal/tensors"
	"github.com/fallline/fallline/vector"
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// weight is a parameter or a frozen input.
type weight struct {
	node  *gorgonia.Node
	slot  int // −1: the program doesn't need it
	lo    int // its range in the weights
	hi    int
	value window

	grad   *gorgonia.Node // the derivative; nil of a frozen input
	from   int            // its slot
	direct bool           // its op writes straight into the gradient
	slope  window
}

// window is a value that shows one range of a vector: a tensor whose memory can be moved, or a scalar.
type window struct {
	dense  *tensor.Dense // nil of a scalar
	scalar gorgonia.Value
	home   gorgonia.Value // the value over the program's own vector
}

// addWeights makes or takes the vector of weights and makes the nodes views of it.
func (p *Program) addWeights(s *sources, o *options) error {
	nodes := append(append(gorgonia.Nodes(nil), s.params...), o.frozen...)
	if err := p.makeVectors(nodes, len(s.grads) > 0, o); err != nil {
		return err
	}
	owner := make(map[int]bool)
	for i, n := range nodes {
		r, _ := p.weights.Find(n.Name())
		w := &weight{node: n, slot: -1, lo: r.Lo, hi: r.Hi, from: -1}
		if k, ok := s.form.Find(n); ok {
			w.slot = k
		}
		w.value = newWindow(n, p.weights, w.lo, w.hi)
		if o.weights == nil {
			v := n.Value()
			if v == nil {
				return errors.Errorf("graph: parameter %q has no value", n.Name())
			}
			if !n.Shape().Eq(v.Shape()) || !tensors.Assign(w.value.home, v) {
				return errors.Errorf("graph: parameter %q of shape %v and type %v has a value of shape %v and type %v",
					n.Name(), n.Shape(), n.Dtype(), v.Shape(), v.Dtype())
			}
		}
		if err := bind(n, w.value.home); err != nil {
			return err
		}
		if i < len(s.grads) {
			w.grad = s.grads[i]
			w.from, _ = s.form.Find(w.grad)
			w.direct = p.canWrite(w) && !owner[w.from]
			owner[w.from] = true
			w.slope = newWindow(n, p.gradient, w.lo, w.hi)
			w.bindGradient()
		}
		p.weight = append(p.weight, w)
	}
	return nil
}

// canWrite says whether the op of a parameter's derivative can write straight into the gradient. What the forward pass
// computes as well, which the outputs are, can't: that pass must leave the gradient alone.
func (p *Program) canWrite(w *weight) bool {
	s := &p.slots[w.from]
	if s.mode == beside && s.Inputs[0] < p.forward {
		return false
	}
	if w.from < p.forward || s.from != fromOp || s.Shape.IsScalar() || s.Type != w.node.Dtype() || !tensors.Same(s.Shape, w.node.Shape()) {
		return false
	}
	return s.mode == prealloc || s.mode == zeroed || s.mode == unsafely || s.mode == lowered || s.mode == withExtras ||
		s.mode == beside
}

// bindGradient makes the node's Grad the view of the gradient: by the derivative's value where that is it, else by a
// dual value.
func (w *weight) bindGradient() {
	if w.direct && bind(w.grad, w.slope.home) == nil {
		if g, err := w.node.Grad(); err == nil && g == w.slope.home {
			return
		}
	}
	gorgonia.WithGrad(w.slope.home)(w.node)
}

// makeVectors makes the vectors of weights and gradient: the first if none is given, the second if there are gradients.
func (p *Program) makeVectors(nodes gorgonia.Nodes, grads bool, o *options) error {
	if o.weights != nil {
		for _, n := range nodes {
			r, ok := o.weights.Find(n.Name())
			switch {
			case !ok:
				return errors.Errorf("graph: the shared weights have no range %q", n.Name())
			case dtypeOf(o.weights) != n.Dtype():
				return errors.Errorf("graph: parameter %q is %v, the shared weights are %v", n.Name(), n.Dtype(), o.weights.Type())
			case !tensors.Same(r.Shape, n.Shape()):
				return errors.Errorf("graph: parameter %q has shape %v, its range of the shared weights %v", n.Name(), n.Shape(), r.Shape)
			}
		}
		p.weights = o.weights
	} else {
		dt := tensor.Float32
		params := make([]vector.Param, len(nodes))
		for i, n := range nodes {
			dt = n.Dtype()
			params[i] = vector.Param{Name: n.Name(), Shape: shapeOf(n)}
			if o.group != nil {
				params[i].Group = o.group(n.Name())
			}
		}
		t, err := VectorType(dt)
		if err != nil {
			return err
		}
		v, err := vector.New(t, params...)
		if err != nil {
			return errors.Wrap(err, "graph: the vector of weights")
		}
		p.weights = v
	}
	if grads {
		p.gradient = p.weights.Like()
	}
	return nil
}

// newWindow makes a window that shows elements lo to hi−1 of v in the node's shape.
func newWindow(n *gorgonia.Node, v *vector.Vector, lo, hi int) window {
	var w window
	if shape := shapeOf(n); shape.IsScalar() {
		w.home = scalarAt(v, lo)
		w.scalar = w.home
	} else {
		w.dense = tensors.Over(dtypeOf(v), shape, rangeOf(v, lo, hi))
		w.home = w.dense
	}
	return w
}

// show moves the window to another vector.
func (w *window) show(v *vector.Vector, lo, hi int) {
	if w.dense != nil {
		w.dense.Raw = rangeOf(v, lo, hi)
		return
	}
	w.scalar = scalarAt(v, lo)
}

// now is the value that the window shows.
func (w *window) now() gorgonia.Value {
	if w.dense != nil {
		return w.dense
	}
	return w.scalar
}

// rangeOf is the memory of elements lo to hi−1.
func rangeOf(v *vector.Vector, lo, hi int) []byte {
	return vector.ByType(v.Type(), bytesIn[float32], bytesIn[float64])(v, lo, hi)
}

func bytesIn[T kernel.Float](v *vector.Vector, lo, hi int) []byte {
	return memory.Bytes(vector.Of[T](v)[lo:hi:hi])
}

// scalarAt is element i as a Gorgonia scalar that shares the vector's memory.
func scalarAt(v *vector.Vector, i int) gorgonia.Value {
	if v.Type() == vector.Float64 {
		return (*gorgonia.F64)(&v.F64[i])
	}
	return (*gorgonia.F32)(&v.F32[i])
}
