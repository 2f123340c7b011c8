package graph

import (
	"github.com/fallline/fallline/vector"
	"github.com/pkg/errors"
	"gorgonia.org/tensor"
)

// View makes a tensor of range i of a vector, which shares the vector's memory. A range of an empty shape is viewed as
// one element, because a Gorgonia scalar has no memory to share.
func View(v *vector.Vector, i int) *tensor.Dense {
	r := v.Ranges[i]
	shape := r.Shape
	if len(shape) == 0 {
		shape = []int{1}
	}
	return tensor.New(tensor.WithShape(shape...), tensor.WithBacking(v.Array(r)))
}

// VectorType is the type of a vector of elements of a Gorgonia type: any but tensor.Float32 and tensor.Float64 is an
// error.
func VectorType(dt tensor.Dtype) (vector.Type, error) {
	switch dt {
	case tensor.Float32:
		return vector.Float32, nil
	case tensor.Float64:
		return vector.Float64, nil
	}
	return 0, errors.Errorf("graph: a vector of elements of type %v, want float32 or float64", dt)
}

// dtypeOf is Gorgonia's type of a vector's elements.
func dtypeOf(v *vector.Vector) tensor.Dtype {
	if v.Type() == vector.Float64 {
		return tensor.Float64
	}
	return tensor.Float32
}
