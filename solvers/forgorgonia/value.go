package forgorgonia

import (
	"slices"

	"github.com/fallline/fallline/internal/tensors"
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// errScattered is of a tensor whose elements don't lie in row-major order in one piece.
var errScattered = errors.New("is a tensor that is not row-major in one piece, such as a transpose or a slice of columns")

// memory returns the elements of a value in place, row-major: one of the two slices, and the other nil. It fails with
// errScattered where there is no such slice.
func memory(v gorgonia.Value) (f32 []float32, f64 []float64, err error) {
	switch v := v.(type) {
	case nil:
		return nil, nil, errors.New("has no value yet")
	case *gorgonia.F32:
		return tensors.One((*float32)(v)), nil, nil
	case *gorgonia.F64:
		return nil, tensors.One((*float64)(v)), nil
	case *tensor.Dense:
		switch {
		case v.IsMasked() || !v.IsNativelyAccessible():
			return nil, nil, errors.New("is a tensor that is masked or not in Go's memory")
		case v.Dtype() == tensor.Float32:
			f32, err = inOrder(v, v.Float32s())
			return f32, nil, err
		case v.Dtype() == tensor.Float64:
			f64, err = inOrder(v, v.Float64s())
			return nil, f64, err
		}
		return nil, nil, errors.Errorf("is a tensor of %v, want float32 or float64", v.Dtype())
	}
	return nil, nil, errors.Errorf("is a %T, want a dense tensor or a scalar of float32 or float64", v)
}

// inOrder returns a tensor's data if it is row-major in one piece.
func inOrder[T float32 | float64](t *tensor.Dense, data []T) ([]T, error) {
	if len(data) == 0 {
		return nil, errors.New("is a tensor without elements")
	}
	if t.RequiresIterator() || t.DataOrder().IsColMajor() || len(data) != t.Shape().TotalSize() {
		return nil, errScattered
	}
	return data, nil
}

// ordered copies the elements of a value into new memory, row-major, where memory fails with errScattered.
func ordered(v gorgonia.Value) (f32 []float32, f64 []float64, err error) {
	t, ok := v.(*tensor.Dense)
	if !ok || len(t.Strides()) != t.Dims() {
		return nil, nil, errScattered
	}
	return memory(tensors.Ordered(t))
}

// sameShape says whether shapes agree but for dimensions of 1, which don't change the order of the elements.
func sameShape(a, b tensor.Shape) bool {
	if slices.Equal(a, b) {
		return true
	}
	one := func(n int) bool { return n == 1 }
	return slices.Equal(slices.DeleteFunc(slices.Clone(a), one), slices.DeleteFunc(slices.Clone(b), one))
}
