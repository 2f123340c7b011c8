package gate

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Op is what computes a node: its kind and the attributes that this kind has.
type Op struct {
	Kind     Kind
	Function Function // Unary, Binary, Product
	Numbers  bool     // Binary: a comparison gives 0 and 1 of the arguments' type, not truth values

	Left, Right bool // Product of matrices: the factor is transposed

	// ByIndices, Concat, Repeat, Size, Slice and their gradients; Softmax, Sparsemax and its gradients: −1 is the last
	Axis int

	// Max, Sum: those that disappear, none being all; Transpose: the one that comes to each place; Tensordot: of the
	// left
	Axes      []int
	RightAxes []int // Tensordot

	Log       bool               // Softmax: its logarithm
	Window    Window             // MaxPool and its gradient
	Groups    int                // GroupNorm and its gradient
	Epsilon   float64            // the same
	Reduction gorgonia.Reduction // CTCLossGrad

	// Bounds are those of Slice and SliceGrad, nil being everything. gorgonia.UnsafeLet may change them from run to
	// run.
	Bounds func() tensor.Slice
}

// Window is the window of a pool over images: its size, the padding before the first row and column, and the steps down
// and to the right.
type Window struct{ H, W, North, West, Down, Right int }

// Slicer is an optional interface of gorgonia.Op: it is a slice of its argument, or the gradient of one.
type Slicer interface {
	gorgonia.Op
	IsSlice() tensor.Slice
}

// Wrapper is an optional interface of gorgonia.Op: it computes what an op of Gorgonia computes, and has a derivative of
// its own.
type Wrapper interface {
	gorgonia.Op
	Wrapped() gorgonia.Op
}

// Computed is the op that computes what op does: the one in it, if it is a Wrapper.
func Computed(op gorgonia.Op) gorgonia.Op {
	if w, ok := op.(Wrapper); ok {
		return w.Wrapped()
	}
	return op
}

// OpOf says what an op does; nil is an input's.
func OpOf(op gorgonia.Op) (Op, error) {
	if op == nil {
		return Op{Kind: Input}, nil
	}
	op = Computed(op)
	name, theirs := typeName(op)
	if !theirs {
		return Op{Kind: Other}, nil
	}
	f, known := facts[name]
	if !known {
		return Op{}, errors.Errorf("graph: gorgonia's op %v (%s) isn't one that this version of fallline knows", op, name)
	}
	o := Op{Kind: f.kind}
	for _, a := range f.attributes {
		if err := a.read(&o, op); err != nil {
			return Op{}, errors.Wrapf(err, "graph: gorgonia's op %v (%s) isn't the one that this version of fallline knows", o.Kind, name)
		}
	}
	switch f.kind {
	case Unary, Binary, Product:
		p := printed[op.String()]
		o.Function, o.Numbers, o.Left, o.Right = p.function, p.numbers, p.left, p.right
	case Slice, SliceGrad:
		s, ok := op.(Slicer)
		if !ok {
			return Op{}, errors.Errorf("graph: gorgonia's op %v (%s) has no IsSlice any more", o.Kind, name)
		}
		o.Bounds = s.IsSlice
	}
	return o, nil
}

// read reads the attribute.
func (a attribute) read(o *Op, op gorgonia.Op) error {
	v := reflect.Indirect(reflect.ValueOf(op)).FieldByName(a.field)
	if !v.IsValid() {
		return errors.Errorf("no field %s", a.field)
	}
	switch to := a.to(o).(type) {
	case *int:
		if !v.CanInt() {
			return errors.Errorf("field %s is of type %v, want an int", a.field, v.Type())
		}
		*to = int(v.Int())
	case *bool:
		if v.Kind() != reflect.Bool {
			return errors.Errorf("field %s is of type %v, want a bool", a.field, v.Type())
		}
		*to = v.Bool()
	case *float64:
		if !v.CanFloat() {
			return errors.Errorf("field %s is of type %v, want a float64", a.field, v.Type())
		}
		*to = v.Float()
	case *gorgonia.Reduction:
		if v.Type() != reflect.TypeFor[gorgonia.Reduction]() {
			return errors.Errorf("field %s is of type %v, want a gorgonia.Reduction", a.field, v.Type())
		}
		*to = gorgonia.Reduction(v.Uint())
	case *[]int:
		if v.Kind() != reflect.Slice || v.Type().Elem().Kind() != reflect.Int {
			return errors.Errorf("field %s is of type %v, want a slice of int", a.field, v.Type())
		}
		*to = make([]int, v.Len())
		for i := range *to {
			(*to)[i] = int(v.Index(i).Int())
		}
	}
	return nil
}

// typeName is the name of an op's Go type, the only handle on the ops that Gorgonia doesn't export, and whether the
// type is Gorgonia's, vendored or not.
func typeName(op gorgonia.Op) (name string, theirs bool) {
	t := reflect.TypeOf(op)
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return fmt.Sprintf("%T", op), strings.HasSuffix(t.PkgPath(), "gorgonia.org/gorgonia")
}
