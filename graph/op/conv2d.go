package op

import (
	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/conv"
	"github.com/fallline/fallline/internal/kernel/gemm"
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Conv2DConfig is how the filters of a convolution move over an image: by StrideH rows and StrideW columns, at least 1,
// with PadH rows and PadW columns of zeros on each side, at least 0 and less than a filter has.
type Conv2DConfig struct {
	StrideH, StrideW, PadH, PadW int

	// Direct forbids Winograd's method (Lavin & Gray 2016), in the gradients too. In float32, filters of 3 by 3 pixels
	// that move by one are computed by it where that is faster, in a third to a half of the time. Its rounding errors
	// are larger, a few times 1e-6 relative to the result as a whole instead of a few times 1e-7, and a NaN or infinity
	// in an image spoils the up to 16 outputs that are computed together. In float64 the sums are always direct.
	Direct bool
}

// DefaultConv2D moves filters by one pixel and pads nothing.
var DefaultConv2D = Conv2DConfig{StrideH: 1, StrideW: 1}

// Conv2D is a convolution of images (a cross-correlation, as everywhere in this field).
//
//	y[n,i,j,k] = b[k] + Σ_{a,c,d} x[n, i·StrideH + a − PadH, j·StrideW + c − PadW, d]·w[a,c,d,k]
//
//	x (batch, H, W, C)   w (KH, KW, C, K)   b (K)   y (batch, OH, OW, K)
//	OH = ⌊(H + 2·PadH − KH)/StrideH⌋ + 1, OW alike
//
//	dx = the transposed convolution of dy with w
//	dw[a,c,d,k] = Σ_{n,i,j} x[...]·dy[n,i,j,k]   db = sums of dy over all but k
//
// b may be nil: no bias.
func Conv2D(x, w, b *gorgonia.Node, cfg Conv2DConfig) (*gorgonia.Node, error) {
	in := []*gorgonia.Node{x, w}
	if b != nil {
		in = append(in, b)
	}
	dt, err := operands("conv2d", in...)
	if err != nil {
		return nil, err
	}
	return apply(pick(dt, conv2D[float32]{Conv2DConfig: cfg}, conv2D[float64]{Conv2DConfig: cfg}), in...)
}

// conv2D is the convolution with what it has taken over; with a pool the result of the convolution itself is never
// stored.
type conv2D[T kernel.Float] struct {
	Conv2DConfig
	then Then
}

func (c conv2D[T]) String() string { return "conv2d" + c.then.String() }

func (c conv2D[T]) Shape(in []tensor.Shape) (tensor.Shape, error) {
	s, err := c.geometry(in[0], in[1])
	if err != nil {
		return nil, err
	}
	if len(in) > 2 && (len(in[2]) != 1 || in[2][0] != s.K) {
		return nil, errors.Errorf("b has shape %v, want (%d) for w of shape %v", in[2], s.K, in[1])
	}
	if c.then.pools() {
		return c.then.MaxPool.outShape(images(s))
	}
	return images(s), nil
}

// images is the shape of the result of a convolution.
func images(s conv.Shape) tensor.Shape {
	oh, ow := s.Out()
	return tensor.Shape{s.N, oh, ow, s.K}
}

// geometry is the convolution of images and filters of these shapes.
func (c Conv2DConfig) geometry(x, w tensor.Shape) (conv.Shape, error) {
	if len(w) != 4 {
		return conv.Shape{}, errors.Errorf("w has shape %v, want (filter height, filter width, channels, filters)", w)
	}
	win := window{w[0], w[1], c.StrideH, c.StrideW, c.PadH, c.PadW}
	if err := win.check(); err != nil {
		return conv.Shape{}, err
	}
	if _, _, err := win.out(x); err != nil {
		return conv.Shape{}, err
	}
	if w[2] != x[3] {
		return conv.Shape{}, errors.Errorf("w of shape %v has %d channels, x of shape %v has %d", w, w[2], x, x[3])
	}
	return c.on(x, w), nil
}

// on is geometry for shapes that are known to fit.
func (c Conv2DConfig) on(x, w tensor.Shape) conv.Shape {
	return conv.Shape{
		N: x[0], H: x[1], W: x[2], C: x[3], K: w[3], KH: w[0], KW: w[1],
		StrideH: c.StrideH, StrideW: c.StrideW, PadH: c.PadH, PadW: c.PadW, Direct: c.Direct,
	}
}

// Extras are the places of the maxima, where there is a pool.
func (c conv2D[T]) Extras(in []tensor.Shape) []Extra {
	if !c.then.pools() {
		return nil
	}
	s, err := c.Shape(in[:2])
	if err != nil {
		return nil
	}
	return places(s)
}

func (c conv2D[T]) RunExtras(out gorgonia.Value, extras, in []gorgonia.Value) error {
	x, w, y := data[T](in[0]), data[T](in[1]), data[T](out)
	if c.then.pools() {
		s, p := c.pooled(in[0].Shape(), in[1].Shape())
		conv.PoolForward(s, p, x, w, y, Elements[uint16](extras[0]), epilogue[T](in, c.then))
		return nil
	}
	conv.Forward(c.on(in[0].Shape(), in[1].Shape()), x, w, y, epilogue[T](in, c.then))
	return nil
}

// epilogue is what follows the sum: the bias, where there is one, and the ReLU.
func epilogue[T kernel.Float](in []gorgonia.Value, t Then) gemm.Epilogue[T] {
	e := gemm.Epilogue[T]{ReLU: t.Activation == ActReLU}
	if len(in) > 2 {
		e.Bias = data[T](in[2])
	}
	return e
}

// Fuse takes over a ReLU and a pool.
func (c conv2D[T]) Fuse(next Description) Description {
	t, ok := c.then.with(next)
	if !ok || t.Activation > ActReLU {
		return nil
	}
	return conv2D[T]{c.Conv2DConfig, t}
}

func (c conv2D[T]) Gradients(in gorgonia.Nodes, out, grad *gorgonia.Node) (gorgonia.Nodes, error) {
	grad, err := beforeReLU[T](c.then, out, grad)
	if err != nil {
		return nil, err
	}
	if c.then.pools() {
		return c.pooledGradients(in, out, grad)
	}
	return convGradients[T](c.Conv2DConfig, in, grad, grad)
}
