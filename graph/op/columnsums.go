package op

import (
	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/norm"
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// columnSums adds a value up over all axes but the last: the gradient of a bias.
type columnSums[T kernel.Float] struct{}

func (columnSums[T]) String() string { return "column sums" }

func (columnSums[T]) Shape(in []tensor.Shape) (tensor.Shape, error) {
	x := in[0]
	if len(x) < 2 {
		return nil, errors.Errorf("shape %v, want rank 2 or more", x)
	}
	return tensor.Shape{x[len(x)-1]}, nil
}

func (columnSums[T]) Run(out gorgonia.Value, in []gorgonia.Value) error {
	x, sum := data[T](in[0]), data[T](out)
	norm.ColSum(len(x)/len(sum), len(sum), x, sum)
	return nil
}
