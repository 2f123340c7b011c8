package op

import (
	"github.com/fallline/fallline/internal/tensors"
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// inputs checks the number, types and ranks of the values that an operation is run on. A value whose elements don't lie
// one behind the other, such as a slice of columns, is replaced by a copy.
func (o *operation) inputs(in []gorgonia.Value) ([]gorgonia.Value, error) {
	if len(in) != len(o.in) {
		return nil, errors.Errorf("%d inputs, want %d", len(in), len(o.in))
	}
	own := false
	for i, v := range in {
		if err := o.in[i].accepts(v); err != nil {
			return nil, errors.WithMessagef(err, "input %d", i)
		}
		d, ok := v.(*tensor.Dense)
		if !ok || tensors.InOrder(d) {
			continue
		}
		if !own {
			in, own = append([]gorgonia.Value(nil), in...), true
		}
		in[i] = tensors.Ordered(d)
	}
	return in, nil
}

// accepts checks the type and rank of a value.
func (a argument) accepts(v gorgonia.Value) error {
	if v == nil {
		return errors.New("no value")
	}
	if v.Dtype() != a.dtype {
		return errors.Errorf("elements of type %v, want %v", v.Dtype(), a.dtype)
	}
	if a.rank == 0 {
		if !v.Shape().IsScalarEquiv() {
			return errors.Errorf("shape %v, want a scalar", v.Shape())
		}
		return nil
	}
	d, ok := v.(*tensor.Dense)
	if !ok {
		return errors.Errorf("a value of type %T, want a *tensor.Dense", v)
	}
	if d.Dims() != a.rank {
		return errors.Errorf("shape %v, want rank %d", d.Shape(), a.rank)
	}
	return nil
}

// check compares the shape of the result with the value that it is to be written to.
func (o *operation) check(out gorgonia.Value, in []gorgonia.Value) error {
	if err := o.out.accepts(out); err != nil {
		return errors.WithMessage(err, "result")
	}
	if o.passed.has(out, in) {
		return nil
	}
	if d, ok := out.(*tensor.Dense); ok && (d.RequiresIterator() || d.DataOrder().IsColMajor()) {
		return errors.New("result: the elements of the value to write to are not contiguous")
	}
	s, err := resultShape(o.Description, shapesOf(in))
	if err != nil {
		return err
	}
	if o.out.rank > 0 && !equal(s, out.Shape()) {
		return errors.Errorf("result has shape %v, the value to write to %v", s, out.Shape())
	}
	o.passed.add(out, in)
	return nil
}

// memo remembers the shapes that passed a check, for as many batch sizes as usually alternate, so that a step compares
// a few integers and allocates nothing.
type memo struct {
	seen [4][]int
	next int
}

func (m *memo) has(out gorgonia.Value, in []gorgonia.Value) bool {
	for _, key := range m.seen {
		if matches(key, out, in) {
			return true
		}
	}
	return false
}

func (m *memo) add(out gorgonia.Value, in []gorgonia.Value) {
	key := append([]int{}, out.Shape()...)
	for _, v := range in {
		key = append(key, v.Shape()...)
	}
	m.seen[m.next] = key
	m.next = (m.next + 1) % len(m.seen)
}

// matches reports whether key is the shapes of out and in, one behind the other. The ranks are known to be right.
func matches(key []int, out gorgonia.Value, in []gorgonia.Value) bool {
	if key == nil {
		return false
	}
	key, ok := cut(key, out.Shape())
	for i := 0; ok && i < len(in); i++ {
		key, ok = cut(key, in[i].Shape())
	}
	return ok && len(key) == 0
}

func cut(key []int, s tensor.Shape) ([]int, bool) {
	if len(key) < len(s) || !equal(key[:len(s)], s) {
		return nil, false
	}
	return key[len(s):], true
}

func equal(a, b []int) bool {
	if len(a) != len(b) {
		return false
	}
	for i, n := range a {
		if n != b[i] {
			return false
		}
	}
	return true
}

// operands checks the nodes that a constructor is given: none nil, all of one element type, float32 or float64.
func operands(name string, nodes ...*gorgonia.Node) (tensor.Dtype, error) {
	for i, n := range nodes {
		switch {
		case n == nil:
			return tensor.Dtype{}, errors.Errorf("op: %s: input %d is nil", name, i)
		case !isFloat(n.Dtype()):
			return tensor.Dtype{}, errors.Errorf("op: %s: input %d has elements of type %v, want float32 or float64", name, i, n.Dtype())
		case n.Dtype() != nodes[0].Dtype():
			return tensor.Dtype{}, errors.Errorf("op: %s: inputs of types %v and %v, want one", name, nodes[0].Dtype(), n.Dtype())
		}
	}
	return nodes[0].Dtype(), nil
}

// pick is the body for an element type.
func pick(dt tensor.Dtype, f32, f64 Description) Description {
	if dt == tensor.Float32 {
		return f32
	}
	return f64
}

func isFloat(dt tensor.Dtype) bool { return dt == tensor.Float32 || dt == tensor.Float64 }
