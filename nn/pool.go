package nn

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/fallline/fallline/graph/op"
)

// MaxPool2D takes the maximum of each channel in a square window that moves over an image.
//
//	y[i, j, k] = max x[i·stride + r − pad, j·stride + s − pad, k]        over r, s < size, inside the image
//
// x: (height, width, channels), y: (h', w', channels) with h' = ⌊(height + 2 pad − size)/stride⌋ + 1: rows and columns
// that don't fill a window are left out. Defaults: stride size, no padding. Options: Stride, Pad, Same.
func MaxPool2D(size int, options ...PoolOption) Layer {
	return newPool("maxpool2d", op.MaxPool2D, size, options)
}

// AvgPool2D takes the mean of each channel in a square window that moves over an image.
//
//	y[i, j, k] = 1/size² Σ x[i·stride + r − pad, j·stride + s − pad, k]        over r, s < size
//
// Padding counts as zeros. Shapes, defaults and options are MaxPool2D's.
func AvgPool2D(size int, options ...PoolOption) Layer {
	return newPool("avgpool2d", op.AvgPool2D, size, options)
}

// GlobalMaxPool2D takes the maximum of each channel of an image.
//
//	y[k] = max x[i, j, k]        over all i, j
//
// x: (height, width, channels), y: (channels).
func GlobalMaxPool2D() Layer { return unary("globalmaxpool2d", op.GlobalMaxPool2D) }

// GlobalAvgPool2D takes the mean of each channel of an image.
//
//	y[k] = 1/(height·width) Σ x[i, j, k]        over all i, j
//
// x: (height, width, channels), y: (channels).
func GlobalAvgPool2D() Layer { return unary("globalavgpool2d", op.GlobalAvgPool2D) }

type poolOp func(x *gorgonia.Node, config op.Pool2DConfig) (*gorgonia.Node, error)

type pool struct {
	name   string
	op     poolOp
	window window
	err    error
}

func newPool(name string, op poolOp, size int, options []PoolOption) Layer {
	l := &pool{name: name, op: op, window: window{size: size, stride: size}}
	l.err = each(options, func(o PoolOption) { o.pool(l) })
	return l
}

func (l *pool) Name() string { return l.name }

func (l *pool) Apply(c *Context, x *gorgonia.Node) (*gorgonia.Node, error) {
	if l.err != nil {
		return nil, l.err
	}
	w := l.window
	pad, err := w.fit(c.Shape(x))
	if err != nil {
		return nil, err
	}
	if pad > w.size/2 {
		return nil, errors.Errorf("padding %d over half the window size %d: a window could lie outside the image", pad, w.size)
	}
	return l.op(x, op.Pool2DConfig{KH: w.size, KW: w.size, StrideH: w.stride, StrideW: w.stride, PadH: pad, PadW: pad})
}
