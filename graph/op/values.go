package op

import (
	"slices"

	"github.com/fallline/fallline/internal/kernel"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// dtypeOf is the type of T's elements.
func dtypeOf[T kernel.Float]() tensor.Dtype {
	var zero T
	if _, ok := any(zero).(float32); ok {
		return tensor.Float32
	}
	return tensor.Float64
}

// newValue makes a zero value.
func newValue(dt tensor.Dtype, s tensor.Shape) gorgonia.Value {
	switch {
	case len(s) > 0:
		return tensor.New(tensor.Of(dt), tensor.WithShape(slices.Clone(s)...))
	case dt == tensor.Float32:
		return gorgonia.NewF32(0)
	}
	return gorgonia.NewF64(0)
}

// data is the elements of a tensor. It shares their memory.
func data[T kernel.Float](v gorgonia.Value) []T {
	d := v.(*tensor.Dense)
	if d.Dtype() == tensor.Float32 {
		return any(d.Float32s()).([]T)
	}
	return any(d.Float64s()).([]T)
}

// scalar is the number in a value of one element.
func scalar(v gorgonia.Value) float64 {
	switch s := v.(type) {
	case *gorgonia.F32:
		return float64(*s)
	case *gorgonia.F64:
		return float64(*s)
	case *tensor.Dense:
		if s.Dtype() == tensor.Float32 {
			return float64(s.Float32s()[0])
		}
		return s.Float64s()[0]
	}
	return 0
}

func setScalar(v gorgonia.Value, x float64) {
	switch s := v.(type) {
	case *gorgonia.F32:
		*s = gorgonia.F32(x)
	case *gorgonia.F64:
		*s = gorgonia.F64(x)
	case *tensor.Dense:
		if s.Dtype() == tensor.Float32 {
			s.Float32s()[0] = float32(x)
		} else {
			s.Float64s()[0] = x
		}
	}
}
