package op

import (
	"slices"

	"github.com/fallline/fallline/internal/kernel"
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// convPool is Conv2D, ReLU if it has one, and MaxPool2D in one: the result of the convolution is never stored for the backward pass.
type convPool[T kernel.Float] struct {
	conv  conv2D[T]
	pool  Pool2DConfig
	id    uint64
	cells *cells
}

func newConvPool[T kernel.Float](conv conv2D[T], pool Pool2DConfig) convPool[T] {
	return convPool[T]{conv, pool, newID(), new(cells)}
}

func (c convPool[T]) String() string { return c.conv.String() + "+maxpool2d" }

func (c convPool[T]) Shape(in []tensor.Shape) (tensor.Shape, error) {
	s, err := c.conv.Shape(in)
	if err != nil {
		return nil, err
	}
	return c.pool.outShape(s)
}

func (c convPool[T]) Run(out gorgonia.Value, in []gorgonia.Value) error {
	x, w, y := data[T](in[0]), data[T](in[1]), data[T](out)
	conv, pool := c.on(in[0].Shape(), in[1].Shape())
	c.cells.arg = grow(c.cells.arg, len(y))
	kernel.ConvPoolForward(conv, pool, x, w, y, c.cells.arg, epilogue[T](in, c.conv.relu))
	return nil
}

// on is the convolution and the pool for images and filters of these shapes.
func (c convPool[T]) on(x, w tensor.Shape) (kernel.Conv, kernel.Pool) {
	conv := c.conv.on(x, w)
	oh, ow := conv.Out()
	size := [4]int{conv.N, oh, ow, conv.K}
	return conv, c.pool.on(size[:])
}

// Gradients goes back through the ReLU on the pooled values, which are fewer, and sums the bias's gradient there. The gradient before the
// pool is a node of its own, unless the kernels of the two that need it have their own way to make it in passing.
func (c convPool[T]) Gradients(in gorgonia.Nodes, out, grad *gorgonia.Node) (gorgonia.Nodes, error) {
	pooled, err := beforeReLU[T](c.conv.relu, out, grad)
	if err != nil {
		return nil, err
	}
	if !kernel.SpreadsPool[T](c.conv.on(in[0].Shape(), in[1].Shape())) {
		full, err := apply(convPoolGrad[T]{c.conv, maxPoolGrad[T]{c.pool, c.id, c.cells}}, pooled, in[0], in[1], out)
		if err != nil {
			return nil, err
		}
		return convGradients[T](c.conv.Conv2DConfig, in, full, pooled)
	}
	dx, err := apply(convPoolData[T]{c}, pooled, in[1], in[0], out)
	if err != nil {
		return nil, err
	}
	dw, err := apply(convPoolWeights[T]{c}, in[0], pooled, in[1], out)
	if err != nil {
		return nil, err
	}
	return withBias[T](in, dx, dw, pooled)
}

// convPoolGrad is the gradient by the result of the convolution before the pool: inputs dy; x and w, of which only the shapes
// are read; and y, which puts it behind the forward pass.
type convPoolGrad[T kernel.Float] struct {
	conv conv2D[T]
	pool maxPoolGrad[T]
}

func (c convPoolGrad[T]) String() string {
	return c.conv.String() + "+maxpool2d gradient before the pool"
}

func (c convPoolGrad[T]) Shape(in []tensor.Shape) (tensor.Shape, error) {
	s, err := c.conv.Shape(in[1:3])
	if err != nil {
		return nil, err
	}
	return s, c.pool.checkGrad(s, in[0])
}

func (c convPoolGrad[T]) Run(out gorgonia.Value, in []gorgonia.Value) error {
	return c.pool.scatter(c.pool.on(out.Shape()), data[T](in[0]), data[T](out))
}

// convPoolData is the gradient by the images from that by the pooled values: inputs dy, w; x, of which only the shape is read; and y, which
// puts it behind the forward pass.
type convPoolData[T kernel.Float] struct{ convPool[T] }

func (c convPoolData[T]) String() string { return c.convPool.String() + " data gradient" }

func (c convPoolData[T]) Shape(in []tensor.Shape) (tensor.Shape, error) {
	if err := c.checkPooled(in[2], in[1], in[0]); err != nil {
		return nil, err
	}
	return slices.Clone(in[2]), nil
}

func (c convPoolData[T]) Run(out gorgonia.Value, in []gorgonia.Value) error {
	conv, pool := c.on(in[2].Shape(), in[1].Shape())
	dy := data[T](in[0])
	if err := c.cells.check(len(dy)); err != nil {
		return err
	}
	kernel.ConvPoolBackwardData(conv, pool, dy, c.cells.arg, data[T](in[1]), data[T](out))
	return nil
}

// convPoolWeights is the gradient by the filters from that by the pooled values: inputs x, dy; w, of which only the shape is read; and y,
// which puts it behind the forward pass.
type convPoolWeights[T kernel.Float] struct{ convPool[T] }

func (c convPoolWeights[T]) String() string { return c.convPool.String() + " weight gradient" }

func (c convPoolWeights[T]) Shape(in []tensor.Shape) (tensor.Shape, error) {
	if err := c.checkPooled(in[0], in[2], in[1]); err != nil {
		return nil, err
	}
	return slices.Clone(in[2]), nil
}

func (c convPoolWeights[T]) Run(out gorgonia.Value, in []gorgonia.Value) error {
	conv, pool := c.on(in[0].Shape(), in[2].Shape())
	dy := data[T](in[1])
	if err := c.cells.check(len(dy)); err != nil {
		return err
	}
	kernel.ConvPoolBackwardWeights(conv, pool, data[T](in[0]), dy, c.cells.arg, data[T](out))
	return nil
}

// checkPooled checks that dy has the shape of the result.
func (c convPool[T]) checkPooled(x, w, dy tensor.Shape) error {
	want, err := c.Shape([]tensor.Shape{x, w})
	if err != nil {
		return err
	}
	if !equal(dy, want) {
		return errors.Errorf("gradient of shape %v, want %v", dy, want)
	}
	return nil
}
