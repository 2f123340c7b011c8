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
	dx, err := apply(batchNormGrad[T]{b.training, b.relu, b.id, b.pass}, grad, in[0], in[1], out)
	if err != nil {
		return nil, err
	}
	dgamma, err := apply(batchNormVector[T]{b.id, false, b.pass}, dx)
	if err != nil {
		return nil, err
	}
	dbeta, err := apply(batchNormVector[T]{b.id, true, b.pass}, dx)
	return gorgonia.Nodes{dx, dgamma, dbeta}, err
}

// batchNormGrad is the gradient by x, and leaves those by gamma and beta in pass: inputs dy, x, gamma and y.
type batchNormGrad[T kernel.Float] struct {
	training, relu bool
	id             uint64
	pass           *normPass[T]
}

func (b batchNormGrad[T]) String() string { return "batchnorm gradient" }

func (b batchNormGrad[T]) Shape(in []tensor.Shape) (tensor.Shape, error) {
	if !equal(in[0], in[1]) || !equal(in[1], in[3]) {
		return nil, errors.Errorf("gradient of shape %v for x of shape %v", in[0], in[1])
	}
	return slices.Clone(in[1]), nil
}

func (b batchNormGrad[T]) Run(out gorgonia.Value, in []gorgonia.Value) error {
	dy, x, gamma, dx := data[T](in[0]), data[T](in[1]), data[T](in[2]), data[T](out)
	p, c := b.pass, len(gamma)
	if len(x) != p.forwardElements {
		return errors.Errorf("gradient of %d elements after a forward pass of %d", len(x), p.forwardElements)
	}
	if b.relu {
		kernel.ReluGrad(data[T](in[3]), dy, dx)
		dy = dx
	}
	if b.training {
		kernel.BatchNormGrad(len(x)/c, c, x, dy, p.center, p.invStd, gamma, dx, p.dgamma, p.dbeta)
		return nil
	}
	p.frozenGrad(x, dy, dx)
	return nil
}

// frozenGrad is the gradient with statistics that don't depend on x; the fields for those of the batch hold the sums. dx may
// be dy.
func (p *normPass[T]) frozenGrad(x, dy, dx []T) {
	sum, product := p.mean, p.variance
	clear(sum)
	clear(product)
	c := len(sum)
	for ; len(x) > 0; x, dy, dx = x[c:], dy[c:], dx[c:] {
		for j := range sum {
			d := float64(dy[j])
			sum[j] += d
			product[j] += d * (float64(x[j]) - float64(p.center[j]))
			dx[j] = dy[j] * p.scale[j]
		}
	}
	for j := range sum {
		p.dbeta[j], p.dgamma[j] = T(sum[j]), T(product[j]*float64(p.invStd[j]))
	}
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
