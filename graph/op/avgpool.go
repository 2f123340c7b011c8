package op

import (
	"slices"

	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/pool"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// AvgPool2D is the mean of each window, channel by channel. Padding counts as zeros, so that every sum is divided by
// KH·KW, as PyTorch does by default. A window of the size of the image, without padding, is global average pooling.
//
//	y[n,i,j,c] = 1/(KH·KW)·Σ_{a,b} x[n, i·StrideH + a − PadH, j·StrideW + b − PadW, c]
//
//	x (batch, H, W, C)   y (batch, OH, OW, C)   OH = ⌊(H + 2·PadH − KH)/StrideH⌋ + 1, OW alike
//
//	dx: each dy is spread evenly over its window; where windows overlap the gradients add
func AvgPool2D(x *gorgonia.Node, cfg Pool2DConfig) (*gorgonia.Node, error) {
	dt, err := operands("avgpool2d", x)
	if err != nil {
		return nil, err
	}
	return apply(pick(dt, avgPool[float32]{cfg}, avgPool[float64]{cfg}), x)
}

type avgPool[T kernel.Float] struct{ Pool2DConfig }

func (p avgPool[T]) String() string { return "avgpool2d" }

func (p avgPool[T]) Shape(in []tensor.Shape) (tensor.Shape, error) { return p.outShape(in[0]) }

func (p avgPool[T]) Run(out gorgonia.Value, in []gorgonia.Value) error {
	pool.Avg(p.on(in[0].Shape()), data[T](in[0]), data[T](out), true)
	return nil
}

func (p avgPool[T]) Gradients(in gorgonia.Nodes, _, grad *gorgonia.Node) (gorgonia.Nodes, error) {
	dx, err := apply(avgPoolGrad[T](p), grad, in[0])
	return gorgonia.Nodes{dx}, err
}

// avgPoolGrad is the gradient of an avgPool: inputs dy, and x, of which only the shape is read.
type avgPoolGrad[T kernel.Float] struct{ Pool2DConfig }

func (p avgPoolGrad[T]) String() string { return "avgpool2d gradient" }

func (p avgPoolGrad[T]) Shape(in []tensor.Shape) (tensor.Shape, error) {
	if err := p.checkGrad(in[1], in[0]); err != nil {
		return nil, err
	}
	return slices.Clone(in[1]), nil
}

func (p avgPoolGrad[T]) Run(out gorgonia.Value, in []gorgonia.Value) error {
	pool.AvgGrad(p.on(in[1].Shape()), data[T](in[0]), data[T](out), true)
	return nil
}
