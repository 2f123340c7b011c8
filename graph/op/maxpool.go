package op

import (
	"slices"

	"github.com/fallline/fallline/internal/kernel"
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Pool2DConfig is a pool's window of KH by KW cells, at least 1 and no more than 65535 in all, and how it moves over an image:
// by StrideH rows and StrideW columns, at least 1, with PadH rows and PadW columns beyond each side, less than the window has.
type Pool2DConfig struct{ KH, KW, StrideH, StrideW, PadH, PadW int }

// maxCells is how many cells a window may have: a maximum's place in it is kept in 16 bits.
const maxCells = 65535

// MaxPool2D is the maximum of each window, channel by channel.
//
//	y[n,i,j,c] = max_{a,b} x[n, i·StrideH + a − PadH, j·StrideW + b − PadW, c]    over the cells inside the image
//
//	x (batch, H, W, C)   y (batch, OH, OW, C)   OH = ⌊(H + 2·PadH − KH)/StrideH⌋ + 1, OW alike
//
//	dx: each dy goes to the first maximum of its window; where windows overlap the gradients add
//
// A window with a NaN gives NaN.
func MaxPool2D(x *gorgonia.Node, cfg Pool2DConfig) (*gorgonia.Node, error) {
	dt, err := operands("maxpool2d", x)
	if err != nil {
		return nil, err
	}
	return apply(pick(dt, newMaxPool[float32](cfg, false), newMaxPool[float64](cfg, false)), x)
}

// maxPool takes the maximum and, with relu, clips it at zero, which is the maximum of the clipped cells.
type maxPool[T kernel.Float] struct {
	Pool2DConfig
	relu  bool
	id    uint64
	cells *cells
}

// cells is where the maxima of a forward pass were, for the backward pass.
type cells struct{ arg []uint16 }

// check refuses a gradient of n elements that isn't of the forward pass before it.
func (c *cells) check(n int) error {
	if len(c.arg) != n {
		return errors.Errorf("gradient of %d elements after a forward pass of %d", n, len(c.arg))
	}
	return nil
}

func newMaxPool[T kernel.Float](cfg Pool2DConfig, relu bool) maxPool[T] {
	return maxPool[T]{cfg, relu, newID(), new(cells)}
}

func (p maxPool[T]) String() string {
	if p.relu {
		return "relu+maxpool2d"
	}
	return "maxpool2d"
}

func (p maxPool[T]) Shape(in []tensor.Shape) (tensor.Shape, error) { return p.outShape(in[0]) }

// outShape is the shape of the result on images of shape x.
func (c Pool2DConfig) outShape(x tensor.Shape) (tensor.Shape, error) {
	win := window{c.KH, c.KW, c.StrideH, c.StrideW, c.PadH, c.PadW}
	if err := win.check(); err != nil {
		return nil, err
	}
	if c.KH > maxCells/c.KW {
		return nil, errors.Errorf("window of %d x %d cells, want at most %d in all", c.KH, c.KW, maxCells)
	}
	oh, ow, err := win.out(x)
	if err != nil {
		return nil, err
	}
	return tensor.Shape{x[0], oh, ow, x[3]}, nil
}

// on is the pool for images of shape x.
func (c Pool2DConfig) on(x tensor.Shape) kernel.Pool {
	return kernel.Pool{
		N: x[0], H: x[1], W: x[2], C: x[3], KH: c.KH, KW: c.KW,
		StrideH: c.StrideH, StrideW: c.StrideW, PadH: c.PadH, PadW: c.PadW,
	}
}

func (p maxPool[T]) Run(out gorgonia.Value, in []gorgonia.Value) error {
	y := data[T](out)
	p.cells.arg = grow(p.cells.arg, len(y))
	kernel.MaxPool(p.on(in[0].Shape()), data[T](in[0]), y, p.cells.arg)
	if p.relu {
		kernel.Relu(y, y)
	}
	return nil
}

func (p maxPool[T]) Gradients(in gorgonia.Nodes, out, grad *gorgonia.Node) (gorgonia.Nodes, error) {
	grad, err := beforeReLU[T](p.relu, out, grad)
	if err != nil {
		return nil, err
	}
	dx, err := apply(maxPoolGrad[T]{p.Pool2DConfig, p.id, p.cells}, grad, in[0], out)
	return gorgonia.Nodes{dx}, err
}

// maxPoolGrad is the gradient of a maxPool: inputs dy; x, of which only the shape is read; and y, which puts it behind the
// forward pass.
type maxPoolGrad[T kernel.Float] struct {
	Pool2DConfig
	id    uint64
	cells *cells
}

func (p maxPoolGrad[T]) String() string { return "maxpool2d gradient" }

func (p maxPoolGrad[T]) Shape(in []tensor.Shape) (tensor.Shape, error) {
	if err := p.checkGrad(in[1], in[0]); err != nil {
		return nil, err
	}
	return slices.Clone(in[1]), nil
}

// checkGrad checks that dy has the shape of the result on images of shape x.
func (c Pool2DConfig) checkGrad(x, dy tensor.Shape) error {
	want, err := c.outShape(x)
	if err != nil {
		return err
	}
	if !equal(dy, want) {
		return errors.Errorf("gradient of shape %v, want %v", dy, want)
	}
	return nil
}

func (p maxPoolGrad[T]) Run(out gorgonia.Value, in []gorgonia.Value) error {
	return p.scatter(p.on(in[1].Shape()), data[T](in[0]), data[T](out))
}

func (p maxPoolGrad[T]) scatter(s kernel.Pool, dy, dx []T) error {
	if err := p.cells.check(len(dy)); err != nil {
		return err
	}
	kernel.MaxPoolGrad(s, dy, p.cells.arg, dx)
	return nil
}
