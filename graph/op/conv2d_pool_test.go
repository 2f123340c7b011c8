package op

import (
	"testing"

	"gorgonia.org/tensor"
)

// TestConvPoolSpreads compares the gradients of a convolution whose pool they take over with the chain, at batches that
// the kernels take in one way and another, and again with a smaller one after a larger.
func TestConvPoolSpreads(t *testing.T) {
	same := Conv2DConfig{StrideH: 1, StrideW: 1, PadH: 1, PadW: 1}
	for _, c := range []opCase{
		{name: "without relu", shapes: [][]int{{2, 7, 7, 32}, {3, 3, 32, 48}}, fixed: []int{1}, build: then(convolve(same), maxpool(pool2))},
		{name: "with relu and bias", shapes: [][]int{{2, 7, 7, 32}, {3, 3, 32, 48}, {48}}, fixed: []int{1, 2},
			build: then(convolve(same), ReLU, maxpool(poolOverlap))},
	} {
		t.Run(c.name, func(t *testing.T) {
			whole := c
			whole.build = fused(c.build)
			chain, one := c.net(t, tensor.Float32), whole.net(t, tensor.Float32)
			for _, batch := range []int{150, 3, 80} {
				chain.bind(t, c, batch, uint64(batch))
				one.bind(t, c, batch, uint64(batch))
				got, want := one.results(t), chain.results(t)
				for k := range want {
					compare(t, one.y.Name(), got[k], want[k], 1e-5)
				}
			}
		})
	}
}

// TestConvPoolStale wants an error of gradients whose batch isn't the one of the forward pass before them.
func TestConvPoolStale(t *testing.T) {
	c := conv2D[float32]{Conv2DConfig{StrideH: 1, StrideW: 1}, Then{MaxPool: pool2}}
	x, w, y, other := tensor.Shape{2, 4, 4, 3}, tensor.Shape{3, 3, 3, 5}, tensor.Shape{2, 1, 1, 5}, tensor.Shape{3, 1, 1, 5}
	for _, b := range []struct {
		Description
		in []tensor.Shape
	}{
		{convPoolData[float32]{c}, []tensor.Shape{y, w, x, other}},
		{convPoolData[float32]{c}, []tensor.Shape{other, w, x, y}},
		{convPoolWeights[float32]{c}, []tensor.Shape{x, y, w, other}},
		{convPoolGrad[float32]{c}, []tensor.Shape{y, x, w, other}},
		{maxPoolGrad[float32]{pool2}, []tensor.Shape{y, {2, 2, 2, 5}, other}},
	} {
		if _, err := b.Shape(b.in); err == nil {
			t.Errorf("%v takes shapes %v", b, b.in)
		}
	}
}
