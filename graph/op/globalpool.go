package op

import (
	"slices"

	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/pool"
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// GlobalMaxPool2D is the maximum of each channel of an image, of at most 65535 pixels.
//
//	y[n,c] = max_{i,j} x[n,i,j,c]        x (batch, H, W, C)   y (batch, C)
//
//	dx: each dy goes to the first maximum
//
// A channel with a NaN gives NaN.
func GlobalMaxPool2D(x *gorgonia.Node) (*gorgonia.Node, error) {
	dt, err := operands("global maxpool2d", x)
	if err != nil {
		return nil, err
	}
	return apply(pick(dt, globalMaxPool[float32]{}, globalMaxPool[float64]{}), x)
}

// GlobalAvgPool2D is the mean of each channel of an image.
//
//	y[n,c] = 1/(H·W)·Σ_{i,j} x[n,i,j,c]        x (batch, H, W, C)   y (batch, C)
//
//	dx: each dy is spread evenly over the image
func GlobalAvgPool2D(x *gorgonia.Node) (*gorgonia.Node, error) {
	dt, err := operands("global avgpool2d", x)
	if err != nil {
		return nil, err
	}
	return apply(pick(dt, globalAvgPool[float32]{}, globalAvgPool[float64]{}), x)
}

// channels is the shape of a pool of whole images of shape x.
func channels(x tensor.Shape) (tensor.Shape, error) {
	if len(x) != 4 {
		return nil, errors.Errorf("x has shape %v, want (batch, height, width, channels)", x)
	}
	return tensor.Shape{x[0], x[3]}, nil
}

// whole is the pool whose one window is the image, for images of shape x.
func whole(x tensor.Shape) pool.Shape {
	return Pool2DConfig{KH: x[1], KW: x[2], StrideH: 1, StrideW: 1}.on(x)
}

type globalMaxPool[T kernel.Float] struct{}

func (globalMaxPool[T]) String() string { return "global maxpool2d" }

func (globalMaxPool[T]) Shape(in []tensor.Shape) (tensor.Shape, error) {
	s, err := channels(in[0])
	if x := in[0]; err == nil && x[1] > maxWindow/x[2] {
		err = errors.Errorf("x has shape %v, want at most %d pixels", x, maxWindow)
	}
	return s, err
}

// Extras are the places of the maxima.
func (globalMaxPool[T]) Extras(in []tensor.Shape) []Extra {
	return places(tensor.Shape{in[0][0], in[0][3]})
}

func (globalMaxPool[T]) RunExtras(out gorgonia.Value, extras, in []gorgonia.Value) error {
	pool.Max(whole(in[0].Shape()), data[T](in[0]), data[T](out), Elements[uint16](extras[0]))
	return nil
}

func (globalMaxPool[T]) Gradients(in gorgonia.Nodes, out, grad *gorgonia.Node) (gorgonia.Nodes, error) {
	maxima, err := ExtraOf(out, 0)
	if err != nil {
		return nil, err
	}
	dx, err := apply(globalMaxPoolGrad[T]{}, grad, in[0], maxima)
	return gorgonia.Nodes{dx}, err
}

// globalMaxPoolGrad is the gradient of a globalMaxPool: inputs dy; x, of which only the shape is read; and the places
// of the maxima.
type globalMaxPoolGrad[T kernel.Float] struct{}

func (globalMaxPoolGrad[T]) String() string { return "global maxpool2d gradient" }

func (globalMaxPoolGrad[T]) Shape(in []tensor.Shape) (tensor.Shape, error) {
	return globalGradShape(in)
}

func (p globalMaxPoolGrad[T]) Run(out gorgonia.Value, in []gorgonia.Value) error {
	pool.MaxGrad(whole(in[1].Shape()), data[T](in[0]), Elements[uint16](in[2]), data[T](out))
	return nil
}

// globalGradShape is the shape of the gradient of a pool of whole images by its input: inputs dy and x.
func globalGradShape(in []tensor.Shape) (tensor.Shape, error) {
	want, err := channels(in[1])
	if err != nil {
		return nil, err
	}
	if !equal(in[0], want) {
		return nil, errors.Errorf("gradient of shape %v, want %v", in[0], want)
	}
	return slices.Clone(in[1]), nil
}

type globalAvgPool[T kernel.Float] struct{}

func (globalAvgPool[T]) String() string { return "global avgpool2d" }

func (globalAvgPool[T]) Shape(in []tensor.Shape) (tensor.Shape, error) { return channels(in[0]) }

func (globalAvgPool[T]) Run(out gorgonia.Value, in []gorgonia.Value) error {
	pool.Avg(whole(in[0].Shape()), data[T](in[0]), data[T](out), true)
	return nil
}

func (globalAvgPool[T]) Gradients(in gorgonia.Nodes, _, grad *gorgonia.Node) (gorgonia.Nodes, error) {
	dx, err := apply(globalAvgPoolGrad[T]{}, grad, in[0])
	return gorgonia.Nodes{dx}, err
}

// globalAvgPoolGrad is the gradient of a globalAvgPool: inputs dy, and x, of which only the shape is read.
type globalAvgPoolGrad[T kernel.Float] struct{}

func (globalAvgPoolGrad[T]) String() string { return "global avgpool2d gradient" }

func (globalAvgPoolGrad[T]) Shape(in []tensor.Shape) (tensor.Shape, error) {
	return globalGradShape(in)
}

func (globalAvgPoolGrad[T]) Run(out gorgonia.Value, in []gorgonia.Value) error {
	pool.AvgGrad(whole(in[1].Shape()), data[T](in[0]), data[T](out), true)
	return nil
}
