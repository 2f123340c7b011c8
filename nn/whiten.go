package nn

import (
	"math"
	"math/rand/v2"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/fallline/fallline/graph/op"
)

// Whiten is a first layer for images: a convolution whose filters, computed from training images and then left alone,
// make the numbers of a patch of the image uncorrelated and of about equal size. Each filter is there with both signs,
// for the activation that follows.
//
//	C = 1/n Σ p pᵀ = Σ λᵢ vᵢ vᵢᵀ        over the n patches p of size·size·channels numbers
//	W[:, i] = vᵢ/√(λᵢ + epsilon)        W[:, size²·channels + i] = −W[:, i]        λ₁ ≥ λ₂ ≥ ...
//
// x: (height, width, channels), y: (height − size + 1, width − size + 1, 2·size²·channels). images are as the layer
// gets them in training, normalised: a few thousand, one behind the other, which Build reads. Without any, C is the
// unit matrix, which serves a model whose weights Load brings. epsilon is a finite number above 0, such as 5e-4.
//
// Weights: weight, group "weight", frozen; bias, group "bias", starts at 0 and learns.
//
// Jordan 2024, "94% on CIFAR-10 in 3.29 Seconds on a Single GPU", section 3.2.
func Whiten(size int, images []float32, epsilon float64) Layer {
	return &whiten{window{size: size, stride: 1}, images, epsilon}
}

type whiten struct {
	window  window
	images  []float32
	epsilon float64
}

func (*whiten) Name() string { return "whiten" }

func (l *whiten) Apply(c *Context, x *gorgonia.Node) (*gorgonia.Node, error) {
	shape := c.Shape(x)
	if _, err := l.window.fit(shape); err != nil {
		return nil, err
	}
	if !(l.epsilon > 0) || math.IsInf(l.epsilon, 1) {
		return nil, errors.Errorf("epsilon %v, want a finite number above 0", l.epsilon)
	}
	init := Initializer(Zeros)
	if c.Training() { // the one graph whose starting numbers count
		filters, err := whiteningFilters(l.images, shape, l.window.size, l.epsilon)
		if err != nil {
			return nil, err
		}
		init = func(_ *rand.Rand, _ []int, w []float64) { copy(w, filters) }
	}
	size := l.window.size
	filters := 2 * size * size * shape[2]
	w, err := c.Frozen("weight", init, size, size, shape[2], filters)
	if err != nil {
		return nil, err
	}
	b, err := c.Bias("bias", filters)
	if err != nil {
		return nil, err
	}
	return op.Conv2D(x, w, b, op.Conv2DConfig{StrideH: 1, StrideW: 1, Direct: c.net.direct})
}
