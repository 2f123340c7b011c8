package op

import (
	"slices"

	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/conv"
	"github.com/fallline/fallline/internal/kernel/pool"
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// pooled is the convolution and the pool behind it for images and filters of these shapes.
func (c conv2D[T]) pooled(x, w tensor.Shape) (conv.Shape, pool.Shape) {
	s := c.on(x, w)
	oh, ow := s.Out()
	size := [4]int{s.N, oh, ow, s.K}
	return s, c.then.MaxPool.on(size[:])
}

// pooledGradients are the gradients of a convolution with a pool; grad is that by the pooled values before the ReLU,
// which are fewer than those before the pool, and so the bias's gradient is summed there. The gradient before the pool
// is a node of its own, unless the kernels of the two that need it have their own way to make it in passing.
func (c conv2D[T]) pooledGradients(in gorgonia.Nodes, out, grad *gorgonia.Node) (gorgonia.Nodes, error) {
	maxima, err := ExtraOf(out, 0)
	if err != nil {
		return nil, err
	}
	if !conv.SpreadsPool[T](c.on(in[0].Shape(), in[1].Shape())) {
		full, err := apply(convPoolGrad[T]{c}, grad, in[0], in[1], maxima)
		if err != nil {
			return nil, err
		}
		return convGradients[T](c.Conv2DConfig, in, full, grad)
	}
	dx, err := apply(convPoolData[T]{c}, grad, in[1], in[0], maxima)
	if err != nil {
		return nil, err
	}
	dw, err := apply(convPoolWeights[T]{c}, in[0], grad, in[1], maxima)
	if err != nil {
		return nil, err
	}
	return withBias[T](in, dx, dw, grad)
}

// convPoolGrad is the gradient by the result of the convolution before the pool: inputs dy; x and w, of which only the
// shapes are read; and the places of the maxima.
type convPoolGrad[T kernel.Float] struct{ conv conv2D[T] }

func (c convPoolGrad[T]) String() string { return c.conv.String() + " gradient before the pool" }

func (c convPoolGrad[T]) Shape(in []tensor.Shape) (tensor.Shape, error) {
	s, err := c.conv.geometry(in[1], in[2])
	if err != nil {
		return nil, err
	}
	return images(s), c.conv.then.MaxPool.checkGrad(images(s), in[0], in[3])
}

func (c convPoolGrad[T]) Run(out gorgonia.Value, in []gorgonia.Value) error {
	pool.MaxGrad(c.conv.then.MaxPool.on(out.Shape()), data[T](in[0]), Elements[uint16](in[3]), data[T](out))
	return nil
}

// convPoolData is the gradient by the images from that by the pooled values: inputs dy; w; x, of which only the shape
// is read; and the places of the maxima.
type convPoolData[T kernel.Float] struct{ conv conv2D[T] }

func (c convPoolData[T]) String() string { return c.conv.String() + " data gradient" }

func (c convPoolData[T]) Shape(in []tensor.Shape) (tensor.Shape, error) {
	return slices.Clone(in[2]), c.conv.checkPooled(in[2], in[1], in[0], in[3])
}

func (c convPoolData[T]) Run(out gorgonia.Value, in []gorgonia.Value) error {
	s, p := c.conv.pooled(in[2].Shape(), in[1].Shape())
	conv.PoolBackwardData(s, p, data[T](in[0]), Elements[uint16](in[3]), data[T](in[1]), data[T](out))
	return nil
}

// convPoolWeights is the gradient by the filters from that by the pooled values: inputs x; dy; w, of which only the
// shape is read; and the places of the maxima.
type convPoolWeights[T kernel.Float] struct{ conv conv2D[T] }

func (c convPoolWeights[T]) String() string { return c.conv.String() + " weight gradient" }

func (c convPoolWeights[T]) Shape(in []tensor.Shape) (tensor.Shape, error) {
	return slices.Clone(in[2]), c.conv.checkPooled(in[0], in[2], in[1], in[3])
}

func (c convPoolWeights[T]) Run(out gorgonia.Value, in []gorgonia.Value) error {
	s, p := c.conv.pooled(in[0].Shape(), in[2].Shape())
	conv.PoolBackwardWeights(s, p, data[T](in[0]), data[T](in[1]), Elements[uint16](in[3]), data[T](out))
	return nil
}

// checkPooled checks that dy and the places have the shape of the result.
func (c conv2D[T]) checkPooled(x, w, dy, maxima tensor.Shape) error {
	want, err := c.Shape([]tensor.Shape{x, w})
	if err != nil {
		return err
	}
	if !equal(dy, want) || !equal(maxima, want) {
		return errors.Errorf("gradient of shape %v and maxima of shape %v, want %v", dy, maxima, want)
	}
	return nil
}
