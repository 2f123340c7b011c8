package op

import (
	"github.com/pkg/errors"
	"gorgonia.org/tensor"
)

// window is the geometry that convolutions and pools have in common.
type window struct{ kh, kw, strideH, strideW, padH, padW int }

// check returns an error for a setting that is illegal on any image.
func (w window) check() error {
	switch {
	case w.kh < 1 || w.kw < 1:
		return errors.Errorf("window of %d x %d pixels, want at least 1 x 1", w.kh, w.kw)
	case w.strideH < 1 || w.strideW < 1:
		return errors.Errorf("stride of %d x %d pixels, want at least 1 x 1", w.strideH, w.strideW)
	case w.padH < 0 || w.padW < 0:
		return errors.Errorf("padding of %d x %d pixels, want at least 0 x 0", w.padH, w.padW)
	case w.padH >= w.kh || w.padW >= w.kw:
		return errors.Errorf("padding of %d x %d pixels, want less than the window of %d x %d", w.padH, w.padW, w.kh, w.kw)
	}
	return nil
}

// out is the height and width of the result on images of shape x.
func (w window) out(x tensor.Shape) (oh, ow int, err error) {
	if len(x) != 4 {
		return 0, 0, errors.Errorf("x has shape %v, want (batch, height, width, channels)", x)
	}
	h, v := x[1]+2*w.padH, x[2]+2*w.padW
	if w.kh > h || w.kw > v {
		return 0, 0, errors.Errorf("window of %d x %d pixels is larger than x of shape %v with padding %d x %d",
			w.kh, w.kw, x, w.padH, w.padW)
	}
	return (h-w.kh)/w.strideH + 1, (v-w.kw)/w.strideW + 1, nil
}
