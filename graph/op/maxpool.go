package op

import (
	"slices"

	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/pointwise"
	"github.com/fallline/fallline/internal/kernel/pool"
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Pool2DConfig is a pool's window of KH by KW pixels, at least 1 and no more than 65535 in all, and how it moves over
// an image: by StrideH rows and StrideW columns, at least 1, with PadH rows and PadW columns beyond each side, less
// than the window has.
type Pool2DConfig struct{ KH, KW, StrideH, StrideW, PadH, PadW int }

// maxWindow is how many pixels a window may have: a maximum's place in it is kept in 16 bits.
const maxWindow = 65535

// MaxPool2D is the maximum of each window, channel by channel.
//
//	y[n,i,j,c] = max_{a,b} x[n, i·StrideH + a − PadH, j·StrideW + b − PadW, c]    over the pixels inside the image
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
	return apply(pick(dt, maxPool[float32]{Then{MaxPool: cfg}}, maxPool[float64]{Then{MaxPool: cfg}}), x)
}

// maxPool takes the maximum and, with a ReLU, clips it at zero, which is the maximum of the clipped pixels.
type maxPool[T kernel.Float] struct{ then Then }

func (p maxPool[T]) String() string { return p.then.String()[1:] }

func (p maxPool[T]) Shape(in []tensor.Shape) (tensor.Shape, error) {
	return p.then.MaxPool.outShape(in[0])
}

// outShape is the shape of the result on images of shape x.
func (c Pool2DConfig) outShape(x tensor.Shape) (tensor.Shape, error) {
	win := window{c.KH, c.KW, c.StrideH, c.StrideW, c.PadH, c.PadW}
	if err := win.check(); err != nil {
		return nil, err
	}
	if c.KH > maxWindow/c.KW {
		return nil, errors.Errorf("window of %d x %d pixels, want at most %d in all", c.KH, c.KW, maxWindow)
	}
	oh, ow, err := win.out(x)
	if err != nil {
		return nil, err
	}
	return tensor.Shape{x[0], oh, ow, x[3]}, nil
}

// on is the pool for images of shape x.
func (c Pool2DConfig) on(x tensor.Shape) pool.Shape {
	return pool.Shape{
		N: x[0], H: x[1], W: x[2], C: x[3], KH: c.KH, KW: c.KW,
		StrideH: c.StrideH, StrideW: c.StrideW, PadH: c.PadH, PadW: c.PadW,
	}
}

// places are the places of the maxima of a pool whose result has this shape, each in its window.
func places(result tensor.Shape) []Extra {
	return []Extra{{Dtype: tensor.Uint16, Shape: result, Always: true}}
}

// Extras are the places of the maxima.
func (p maxPool[T]) Extras(in []tensor.Shape) []Extra {
	s, err := p.Shape(in)
	if err != nil {
		return nil
	}
	return places(s)
}

func (p maxPool[T]) RunExtras(out gorgonia.Value, extras, in []gorgonia.Value) error {
	y := data[T](out)
	pool.Max(p.then.MaxPool.on(in[0].Shape()), data[T](in[0]), y, Elements[uint16](extras[0]))
	if p.then.Activation == ActReLU {
		pointwise.Relu(y, y)
	}
	return nil
}

// Then is the pool, with a ReLU if that is in it.
func (p maxPool[T]) Then() (Then, bool) { return p.then, true }

func (p maxPool[T]) Gradients(in gorgonia.Nodes, out, grad *gorgonia.Node) (gorgonia.Nodes, error) {
	grad, err := beforeReLU[T](p.then, out, grad)
	if err != nil {
		return nil, err
	}
	maxima, err := ExtraOf(out, 0)
	if err != nil {
		return nil, err
	}
	dx, err := apply(maxPoolGrad[T]{p.then.MaxPool}, grad, in[0], maxima)
	return gorgonia.Nodes{dx}, err
}

// maxPoolGrad is the gradient of a maxPool: inputs dy; x, of which only the shape is read; and the places of the
// maxima.
type maxPoolGrad[T kernel.Float] struct{ Pool2DConfig }

func (p maxPoolGrad[T]) String() string { return "maxpool2d gradient" }

func (p maxPoolGrad[T]) Shape(in []tensor.Shape) (tensor.Shape, error) {
	return slices.Clone(in[1]), p.checkGrad(in[1], in[0], in[2])
}

// checkGrad checks that dy, and the places of the maxima, have the shape of the result on images of shape x.
func (c Pool2DConfig) checkGrad(x tensor.Shape, grads ...tensor.Shape) error {
	want, err := c.outShape(x)
	if err != nil {
		return err
	}
	for _, s := range grads {
		if !equal(s, want) {
			return errors.Errorf("gradient of shape %v, want %v", s, want)
		}
	}
	return nil
}

func (p maxPoolGrad[T]) Run(out gorgonia.Value, in []gorgonia.Value) error {
	pool.MaxGrad(p.on(in[1].Shape()), data[T](in[0]), Elements[uint16](in[2]), data[T](out))
	return nil
}
