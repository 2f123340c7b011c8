package op

import (
	"slices"

	"github.com/fallline/fallline/internal/kernel"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// batchNormPool is BatchNorm, with what it has taken over, and MaxPool2D in one: the normalised values are never stored.
type batchNormPool[T kernel.Float] struct {
	norm  batchNorm[T]
	pool  Pool2DConfig
	cells *cells
}

func (b batchNormPool[T]) String() string { return b.norm.String() + "+maxpool2d" }

func (b batchNormPool[T]) Shape(in []tensor.Shape) (tensor.Shape, error) {
	s, err := b.norm.Shape(in)
	if err != nil {
		return nil, err
	}
	return b.pool.outShape(s)
}

func (b batchNormPool[T]) Run(out gorgonia.Value, in []gorgonia.Value) error {
	n, err := b.norm.prepare(in)
	if err != nil {
		return err
	}
	y := data[T](out)
	b.cells.arg = grow(b.cells.arg, len(y))
	kernel.BatchNormMaxPool(n, b.pool.on(in[0].Shape()), data[T](in[0]), y, b.cells.arg)
	return nil
}

// Gradients are as batchNorm's.
func (b batchNormPool[T]) Gradients(in gorgonia.Nodes, out, grad *gorgonia.Node) (gorgonia.Nodes, error) {
	dx, err := apply(batchNormPoolGrad[T](b), grad, in[0], in[1], out)
	if err != nil {
		return nil, err
	}
	return b.norm.vectors(dx)
}

// batchNormPoolGrad is to batchNormPool what batchNormGrad is to batchNorm, with the same inputs.
type batchNormPoolGrad[T kernel.Float] batchNormPool[T]

func (b batchNormPoolGrad[T]) String() string { return batchNormPool[T](b).String() + " gradient" }

func (b batchNormPoolGrad[T]) Shape(in []tensor.Shape) (tensor.Shape, error) {
	return slices.Clone(in[1]), b.pool.checkGrad(in[1], in[0])
}

func (b batchNormPoolGrad[T]) Run(out gorgonia.Value, in []gorgonia.Value) error {
	x := data[T](in[1])
	n, err := b.norm.behind(x, data[T](in[2]))
	if err != nil {
		return err
	}
	p := b.norm.pass
	kernel.BatchNormMaxPoolGrad(n, b.pool.on(in[1].Shape()), x, data[T](in[0]), b.cells.arg, data[T](out), p.dgamma, p.dbeta)
	return nil
}
