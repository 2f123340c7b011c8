package nn

import "github.com/pkg/errors"

// Conv2DOption changes what Conv2D does; DenseOption and PoolOption are the same for Dense and for the pooling layers.
// An option that several layers take is of each of their types, and one that a layer doesn't take doesn't compile.
type Conv2DOption interface{ conv2D(*conv2D) }

// each applies a layer's options. A nil one is an error, which the layer's Apply returns, since constructors can't.
func each[O comparable](options []O, apply func(O)) error {
	var none O
	for i, o := range options {
		if o == none {
			return errors.Errorf("option %d is nil", i)
		}
		apply(o)
	}
	return nil
}

// DenseOption changes what Dense does.
type DenseOption interface{ dense(*dense) }

// PoolOption changes what MaxPool2D and AvgPool2D do.
type PoolOption interface{ pool(*pool) }

// WindowOption is an option of everything that moves a window over an image: Conv2D, MaxPool2D, AvgPool2D.
type WindowOption interface {
	Conv2DOption
	PoolOption
}

// WeightOption is an option of everything that multiplies by a weight: Conv2D, Dense.
type WeightOption interface {
	Conv2DOption
	DenseOption
}

// Stride sets how far the window moves at a time, at least 1. The default is 1 for Conv2D and the window's size for
// pooling.
func Stride(n int) WindowOption { return stride(n) }

type stride int

func (n stride) conv2D(l *conv2D) { l.window.stride = int(n) }
func (n stride) pool(l *pool)     { l.window.stride = int(n) }

// Pad sets how many pixels of padding surround the image on each side, at least 0; the default is none. A convolution
// and an average take padding for zeros, a maximum never picks it. Of Pad and Same the last one counts.
func Pad(n int) WindowOption { return pad(n) }

type pad int

func (n pad) conv2D(l *conv2D) { l.window.pad, l.window.same = int(n), false }
func (n pad) pool(l *pool)     { l.window.pad, l.window.same = int(n), false }

// Same pads so that stride 1 keeps the image's size, and stride s makes it ceil(size/s). The window's size must be odd.
func Same() WindowOption { return same{} }

type same struct{}

func (same) conv2D(l *conv2D) { l.window.same = true }
func (same) pool(l *pool)     { l.window.same = true }

// Direct computes a convolution without Winograd's method, whose rounding errors are larger: a few times 1e-6 in
// float32 relative to the result as a whole instead of a few times 1e-7. It takes two to three times as long where that
// method would have been chosen. NoWinograd is the same for a whole model.
func Direct() Conv2DOption { return direct{} }

type direct struct{}

func (direct) conv2D(l *conv2D) { l.direct = true }

// NoBias leaves the bias out, as in front of BatchNorm, which has its own shift.
func NoBias() WeightOption { return noBias{} }

type noBias struct{}

func (noBias) conv2D(l *conv2D) { l.noBias = true }
func (noBias) dense(l *dense)   { l.noBias = true }

// Init sets how the weight starts; the default is He. A bias starts at 0.
func Init(init Initializer) WeightOption { return initOption{init} }

type initOption struct{ init Initializer }

func (o initOption) conv2D(l *conv2D) { l.init = o.init }
func (o initOption) dense(l *dense)   { l.init = o.init }
