package op

import (
	"github.com/fallline/fallline/internal/kernel"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// convPool is Conv2D, ReLU and MaxPool2D in one: the result of the convolution is never stored for the backward pass.
type convPool[T kernel.Float] struct {
	conv  Conv2DConfig
	pool  Pool2DConfig
	id    uint64
	cells *cells
}

func newConvPool[T kernel.Float](conv Conv2DConfig, pool Pool2DConfig) convPool[T] {
	return convPool[T]{conv, pool, newID(), new(cells)}
}

func (c convPool[T]) String() string { return "conv2d+relu+maxpool2d" }

func (c convPool[T]) Shape(in []tensor.Shape) (tensor.Shape, error) {
	s, err := conv2D[T]{Conv2DConfig: c.conv}.Shape(in)
	if err != nil {
		return nil, err
	}
	return c.pool.outShape(s)
}

func (c convPool[T]) Run(out gorgonia.Value, in []gorgonia.Value) error {
	x, w, y := data[T](in[0]), data[T](in[1]), data[T](out)
	conv := c.conv.on(in[0].Shape(), in[1].Shape())
	oh, ow := conv.Out()
	size := [4]int{conv.N, oh, ow, conv.K}
	c.cells.arg = grow(c.cells.arg, len(y))
	kernel.ConvPoolForward(conv, c.pool.on(size[:]), x, w, y, c.cells.arg, epilogue[T](in, true))
	return nil
}

// Gradients goes back through the ReLU on the pooled values, which are fewer, and sums the bias's gradient there.
func (c convPool[T]) Gradients(in gorgonia.Nodes, out, grad *gorgonia.Node) (gorgonia.Nodes, error) {
	pooled, err := beforeReLU[T](true, out, grad)
	if err != nil {
		return nil, err
	}
	full, err := apply(convPoolGrad[T]{c.conv, maxPoolGrad[T]{c.pool, c.id, c.cells}}, pooled, in[0], in[1], out)
	if err != nil {
		return nil, err
	}
	return convGradients[T](c.conv, in, full, pooled)
}

// convPoolGrad is the gradient by the result of the convolution before the pool: inputs dy; x and w, of which only the shapes
// are read; and y, which puts it behind the forward pass.
type convPoolGrad[T kernel.Float] struct {
	conv Conv2DConfig
	pool maxPoolGrad[T]
}

func (c convPoolGrad[T]) String() string { return "conv2d+relu+maxpool2d gradient before the pool" }

func (c convPoolGrad[T]) Shape(in []tensor.Shape) (tensor.Shape, error) {
	s, err := conv2D[T]{Conv2DConfig: c.conv}.Shape(in[1:3])
	if err != nil {
		return nil, err
	}
	return s, c.pool.checkGrad(s, in[0])
}

func (c convPoolGrad[T]) Run(out gorgonia.Value, in []gorgonia.Value) error {
	return c.pool.scatter(c.pool.on(out.Shape()), data[T](in[0]), data[T](out))
}
