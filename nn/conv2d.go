package nn

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/fallline/fallline/graph/op"
	"github.com/fallline/fallline/internal/text"
)

// Conv2D moves a square window over an image and makes filters channels of it.
//
//	y[i, j, k] = b[k] + Σ x[i·stride + r − pad, j·stride + s − pad, c] W[r, s, c, k]
//
// over r, s < size and the channels c.
//
// x: (height, width, channels), W: (size, size, channels, filters), b: (filters), y: (h', w', filters) with h' =
// ⌊(height + 2 pad − size)/stride⌋ + 1. Defaults: stride 1, no padding.
//
// Weights: weight, group "weight", starts as He; bias, group "bias", starts at 0. Options: Stride, Pad, Same, NoBias,
// Init, Direct.
func Conv2D(filters, size int, options ...Conv2DOption) Layer {
	l := &conv2D{filters: filters, window: window{size: size, stride: 1}, init: He}
	l.err = each(options, func(o Conv2DOption) { o.conv2D(l) })
	return l
}

type conv2D struct {
	filters int
	window  window
	noBias  bool
	direct  bool
	init    Initializer
	err     error
}

func (*conv2D) Name() string { return "conv2d" }

func (l *conv2D) Apply(c *Context, x *gorgonia.Node) (*gorgonia.Node, error) {
	if l.err != nil {
		return nil, l.err
	}
	if l.filters < 1 {
		return nil, errors.Errorf("%d filters, want at least 1", l.filters)
	}
	shape := c.Shape(x)
	pad, err := l.window.fit(shape)
	if err != nil {
		return nil, err
	}
	w, err := c.Weight("weight", l.init, l.window.size, l.window.size, shape[2], l.filters)
	if err != nil {
		return nil, err
	}
	var b *gorgonia.Node
	if !l.noBias {
		if b, err = c.Bias("bias", l.filters); err != nil {
			return nil, err
		}
	}
	return op.Conv2D(x, w, b, op.Conv2DConfig{StrideH: l.window.stride, StrideW: l.window.stride, PadH: pad, PadW: pad, Direct: l.direct || c.net.direct})
}

// window is a square window that moves over an image.
type window struct {
	size, stride, pad int
	same              bool
}

// fit checks the window against an image's shape and returns the padding.
func (w window) fit(shape []int) (pad int, err error) {
	pad = w.pad
	if w.same {
		pad = (w.size - 1) / 2
	}
	switch {
	case len(shape) != 3:
		return 0, errors.Errorf("input of shape %s, want an image (height, width, channels)", text.Shape(shape))
	case w.size < 1:
		return 0, errors.Errorf("window size %d, want at least 1", w.size)
	case w.stride < 1:
		return 0, errors.Errorf("stride %d, want at least 1", w.stride)
	case pad < 0:
		return 0, errors.Errorf("padding %d, want at least 0", pad)
	case w.same && w.size%2 == 0:
		return 0, errors.Errorf("window size %d can't keep the image's size with equal padding on both sides: want an odd size", w.size)
	case shape[0]+2*pad < w.size || shape[1]+2*pad < w.size:
		return 0, errors.Errorf("window %dx%d doesn't fit into input of shape %s with padding %d", w.size, w.size, text.Shape(shape), pad)
	}
	return pad, nil
}
