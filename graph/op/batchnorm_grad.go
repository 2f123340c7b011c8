package op

import (
	"slices"

	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/norm"
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Gradients come from one operation, whose result is the one by x, and which computes those by gamma and beta beside
// it.
func (b batchNorm[T]) Gradients(in gorgonia.Nodes, out, grad *gorgonia.Node) (gorgonia.Nodes, error) {
	found, err := ExtraOf(out, 0)
	if err != nil {
		return nil, err
	}
	from := gorgonia.Nodes{grad, in[0], in[1], found}
	if b.then.pools() {
		maxima, err := ExtraOf(out, 2)
		if err != nil {
			return nil, err
		}
		from = append(from, maxima)
	}
	dx, err := apply(batchNormGrad[T](b), from...)
	if err != nil {
		return nil, err
	}
	dgamma, err := ExtraOf(dx, 0)
	if err != nil {
		return nil, err
	}
	dbeta, err := ExtraOf(dx, 1)
	return gorgonia.Nodes{dx, dgamma, dbeta}, err
}

// batchNormGrad is the gradient by x: inputs dy, x, gamma, what the forward pass found, and the places of the maxima if
// there is a pool.
type batchNormGrad[T kernel.Float] batchNorm[T]

func (b batchNormGrad[T]) String() string { return batchNorm[T](b).String() + " gradient" }

func (b batchNormGrad[T]) Shape(in []tensor.Shape) (tensor.Shape, error) {
	dy, x := in[0], in[1]
	if b.then.pools() {
		return slices.Clone(x), b.then.MaxPool.checkGrad(x, dy, in[4])
	}
	if !equal(dy, x) {
		return nil, errors.Errorf("gradient of shape %v for x of shape %v", dy, x)
	}
	return slices.Clone(x), nil
}

// Extras are the gradients by gamma and by beta.
func (b batchNormGrad[T]) Extras(in []tensor.Shape) []Extra {
	e := Extra{Dtype: dtypeOf[T](), Shape: in[2], Always: true}
	return []Extra{e, e}
}

func (b batchNormGrad[T]) RunExtras(out gorgonia.Value, extras, in []gorgonia.Value) error {
	dy, x, gamma, dx := data[T](in[0]), data[T](in[1]), data[T](in[2]), data[T](out)
	n := batchNorm[T](b).norm(len(x)/len(gamma), gamma, data[T](in[3]))
	dgamma, dbeta := data[T](extras[0]), data[T](extras[1])
	if b.then.pools() {
		norm.BatchNormMaxPoolGrad(n, b.then.MaxPool.on(in[1].Shape()), x, dy, Elements[uint16](in[4]), dx, dgamma, dbeta)
		return nil
	}
	norm.BatchNormGrad(n, x, dy, dx, dgamma, dbeta)
	return nil
}
