package op

import (
	"slices"

	"github.com/fallline/fallline/internal/kernel"
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Gradients come from one operation that computes all three, and two that fetch those by gamma and beta from it.
func (b batchNorm[T]) Gradients(in gorgonia.Nodes, out, grad *gorgonia.Node) (gorgonia.Nodes, error) {
	dx, err := apply(batchNormGrad[T](b), grad, in[0], in[1], out)
	if err != nil {
		return nil, err
	}
	return b.vectors(dx)
}

// vectors adds the gradients by gamma and beta to that by x.
func (b batchNorm[T]) vectors(dx *gorgonia.Node) (gorgonia.Nodes, error) {
	dgamma, err := apply(batchNormVector[T]{b.id, false, b.pass}, dx)
	if err != nil {
		return nil, err
	}
	dbeta, err := apply(batchNormVector[T]{b.id, true, b.pass}, dx)
	return gorgonia.Nodes{dx, dgamma, dbeta}, err
}

// batchNormGrad is the gradient by x, and leaves those by gamma and beta in pass: inputs dy, x, gamma and y, of which only the shape is read
// and which puts it behind the forward pass.
type batchNormGrad[T kernel.Float] batchNorm[T]

func (b batchNormGrad[T]) String() string { return "batchnorm gradient" }

func (b batchNormGrad[T]) Shape(in []tensor.Shape) (tensor.Shape, error) {
	if !equal(in[0], in[1]) || !equal(in[1], in[3]) {
		return nil, errors.Errorf("gradient of shape %v for x of shape %v", in[0], in[1])
	}
	return slices.Clone(in[1]), nil
}

func (b batchNormGrad[T]) Run(out gorgonia.Value, in []gorgonia.Value) error {
	x := data[T](in[1])
	n, err := batchNorm[T](b).behind(x, data[T](in[2]))
	if err != nil {
		return err
	}
	kernel.BatchNormGrad(n, x, data[T](in[0]), data[T](out), b.pass.dgamma, b.pass.dbeta)
	return nil
}

// behind is the last pass, which must have been over as many elements as x has.
func (b batchNorm[T]) behind(x, gamma []T) (kernel.Norm[T], error) {
	if len(x) != b.pass.forwardElements {
		return kernel.Norm[T]{}, errors.Errorf("gradient of %d elements after a forward pass of %d", len(x), b.pass.forwardElements)
	}
	return b.norm(len(x)/len(gamma), gamma), nil
}

// batchNormVector fetches the gradient by gamma, or by beta, from the pass of the batchNormGrad that is its input.
type batchNormVector[T kernel.Float] struct {
	id   uint64
	beta bool
	pass *normPass[T]
}

func (b batchNormVector[T]) String() string {
	if b.beta {
		return "batchnorm gradient by beta"
	}
	return "batchnorm gradient by gamma"
}

func (b batchNormVector[T]) Shape([]tensor.Shape) (tensor.Shape, error) {
	return tensor.Shape{len(b.pass.mean)}, nil
}

func (b batchNormVector[T]) Run(out gorgonia.Value, _ []gorgonia.Value) error {
	if b.beta {
		copy(data[T](out), b.pass.dbeta)
	} else {
		copy(data[T](out), b.pass.dgamma)
	}
	return nil
}
