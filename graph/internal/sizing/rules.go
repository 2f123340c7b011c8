package sizing

import (
	"github.com/fallline/fallline/graph/internal/gate"
	"github.com/fallline/fallline/internal/tensors"
	"github.com/pkg/errors"
)

// first is the rule of ops that give what they take.
func first(_ *gate.Node, args []form) (form, bool, error) { return args[0], true, nil }

// scalar is the rule of ops that give a number for a tensor of any shape.
func scalar(*gate.Node, []form) (form, bool, error) { return form{}, true, nil }

// elementwise is the rule of ops on arguments of one shape or scalars.
func elementwise(s *gate.Node, args []form) (form, bool, error) {
	var f form
	for _, a := range args {
		switch {
		case len(a) == 0:
		case f == nil:
			f = a
		case tensors.Same(f.was(), a.was()):
			g, ok := f.agree(a)
			if !ok {
				return nil, false, errors.Errorf("shapes %v and %v, which were equal", f.is(), a.is())
			}
			f = g
		case !alike(f, a): // a vector and a matrix of one column, say
			return nil, false, errors.Errorf("shapes %v and %v, which had as many elements", f.is(), a.is())
		case len(a) == len(s.Shape) && len(f) != len(s.Shape):
			f = a
		}
	}
	return f, f != nil, nil
}

// multiplied is the rule of products of matrices, stacks of them and vectors.
func multiplied(s *gate.Node, args []form) (form, bool, error) {
	x, y := args[0], args[1]
	switch s.Function {
	case gate.Dot:
		if !x.all().same(y.all()) {
			return nil, false, errors.Errorf("vectors of %d and %d elements", x.all().is(), y.all().is())
		}
		return form{}, true, nil
	case gate.Outer:
		return form{x.all(), y.all()}, true, nil
	}
	if s.Function != gate.MatMul || len(x) < 2 || len(y) < 1 {
		return nil, false, nil
	}
	outer := len(x) - 2
	rows, inner := x[outer], x[outer+1]
	if s.Left {
		rows, inner = inner, rows
	}
	if len(y) == 1 {
		return form{rows}, true, fit(inner, y[0])
	}
	if len(y) != len(x) {
		return nil, false, nil
	}
	also, cols := y[outer], y[outer+1]
	if s.Right {
		also, cols = cols, also
	}
	stack, ok := x[:outer].agree(y[:outer])
	if !ok {
		return nil, false, errors.Errorf("stacks of %v and %v matrices", x[:outer].is(), y[:outer].is())
	}
	return append(append(form(nil), stack...), rows, cols), true, fit(inner, also)
}

// fit is the error of two axes that a product sums over and that aren't as long.
func fit(a, b extent) error {
	if a.same(b) {
		return nil
	}
	return errors.Errorf("axes of %d and %d elements, which were %d and %d", a.is(), b.is(), a.was(), b.was())
}

// contracted is the rule of gorgonia.Tensordot.
func contracted(s *gate.Node, args []form) (form, bool, error) {
	a, b := s.Axes, s.RightAxes
	for i := range a {
		if err := fit(args[0][a[i]], args[1][b[i]]); err != nil {
			return nil, false, err
		}
	}
	return append(dropped(args[0], a), dropped(args[1], b)...), true, nil
}

// dropped is a form without some axes.
func dropped(f form, axes []int) form {
	drop := make([]bool, len(f))
	for _, a := range axes {
		drop[a] = true
	}
	g := form{}
	for i, e := range f {
		if !drop[i] {
			g = append(g, e)
		}
	}
	return g
}

// reduced is the rule of sums and maxima along axes, or over all.
func reduced(s *gate.Node, args []form) (form, bool, error) {
	along := s.Axes
	if len(along) == 0 {
		return form{}, true, nil
	}
	return dropped(args[0], along), true, nil
}

// picked is the rule of gorgonia.At.
func picked(_ *gate.Node, args []form) (form, bool, error) {
	if args[0].moves() {
		return nil, false, doubtf("an element's place in a batch of another size isn't known")
	}
	return form{}, true, nil
}

func transposed(s *gate.Node, args []form) (form, bool, error) {
	var f form
	for _, axis := range s.Axes {
		f = append(f, args[0][axis])
	}
	return f, true, nil
}

// joined is the rule of gorgonia.Concat.
func joined(s *gate.Node, args []form) (form, bool, error) {
	axis := s.Axis
	f, total := args[0], args[0][axis]
	for _, a := range args[1:] {
		g, ok := f.with(axis, nil).agree(a.with(axis, nil))
		if !ok {
			return nil, false, errors.Errorf("shapes %v and %v, to join along axis %d", f.is(), a.is(), axis)
		}
		f, total = g, sum(total, a[axis])
	}
	return f.with(axis, total), true, nil
}

// sum is the extent of two axes laid end to end.
func sum(a, b extent) extent {
	if !a.moves() && !b.moves() {
		return still(a.is() + b.is())
	}
	f := factor{was: a.was() + b.was(), is: a.is() + b.is(), moves: true}
	if f.unit = f.was; a.was()*b.is() == a.is()*b.was() {
		f.unit = min(a.unit(), b.unit())
	}
	return extent{f}
}

// diagonal is the rule of gorgonia.DiagFlat.
func diagonal(_ *gate.Node, args []form) (form, bool, error) {
	all := args[0].all()
	return form{all, all}, true, nil
}

// indexed is the rule of gorgonia.ByIndices.
func indexed(s *gate.Node, args []form) (form, bool, error) {
	return args[0].with(s.Axis, args[1].all()), true, nil
}

// perImage is the rule of ops on images whose batch and, but for im2col, channels stay; where the rest moves, the op is
// asked.
func perImage(s *gate.Node, args []form) (form, bool, error) {
	f := stillForm(s.Shape)
	f[0] = args[0][0]
	return f, !args[0][1:].moves(), nil
}
