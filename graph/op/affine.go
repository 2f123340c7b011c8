package op

import (
	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/gemm"
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Affine is a linear layer in one operation: the product, the bias and, once fused, the ReLU in one pass over the
// result.
//
//	y = x·W + b            x (batch, features)   w (features, units)   b (units)   y (batch, units)
//
//	dx = dy·Wᵀ   dW = xᵀ·dy   db = column sums of dy
//
// Images go through Flatten first. b may be nil: no bias.
func Affine(x, w, b *gorgonia.Node) (*gorgonia.Node, error) {
	in := []*gorgonia.Node{x, w}
	if b != nil {
		in = append(in, b)
	}
	dt, err := operands("affine", in...)
	if err != nil {
		return nil, err
	}
	return apply(pick(dt, affine[float32]{}, affine[float64]{}), in...)
}

type affine[T kernel.Float] struct{ then Then }

func (f affine[T]) String() string { return "affine" + f.then.String() }

func (f affine[T]) Shape(in []tensor.Shape) (tensor.Shape, error) {
	x, w := in[0], in[1]
	switch {
	case len(x) != 2:
		return nil, errors.Errorf("x has shape %v, want (batch, features)", x)
	case len(w) != 2 || w[0] != x[1]:
		return nil, errors.Errorf("w has shape %v, want (%d, units) for x of shape %v", w, x[1], x)
	case len(in) > 2 && (len(in[2]) != 1 || in[2][0] != w[1]):
		return nil, errors.Errorf("b has shape %v, want (%d) for w of shape %v", in[2], w[1], w)
	}
	return tensor.Shape{x[0], w[1]}, nil
}

func (f affine[T]) Run(out gorgonia.Value, in []gorgonia.Value) error {
	w := in[1].Shape()
	rows, features, units := in[0].Shape()[0], w[0], w[1]
	gemm.WithEpilogue(false, false, rows, units, features, data[T](in[0]), features, data[T](in[1]), units, data[T](out), units,
		epilogue[T](in, f.then))
	return nil
}

// Fuse takes over a ReLU.
func (f affine[T]) Fuse(next Description) Description {
	if t, ok := takesReLU(f.then, next); ok {
		return affine[T]{t}
	}
	return nil
}

func (f affine[T]) Gradients(in gorgonia.Nodes, out, grad *gorgonia.Node) (gorgonia.Nodes, error) {
	grad, err := beforeReLU[T](f.then, out, grad)
	if err != nil {
		return nil, err
	}
	dx, err := apply(product[T]{transB: true}, grad, in[1])
	if err != nil {
		return nil, err
	}
	dw, err := apply(product[T]{transA: true}, in[0], grad)
	if err != nil || len(in) == 2 {
		return gorgonia.Nodes{dx, dw}, err
	}
	db, err := apply(columnSums[T]{}, grad)
	if err != nil {
		return nil, err
	}
	return gorgonia.Nodes{dx, dw, db}, nil
}
