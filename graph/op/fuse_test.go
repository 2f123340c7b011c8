package op

import (
	"fmt"
	"testing"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// fusions are chains that become one operation; name is what it is called.
var fusions = []opCase{
	{name: "affine+relu", shapes: [][]int{{5, 4}, {4, 3}, {3}}, fixed: []int{1, 2}, build: then(affineCase, ReLU)},
	{name: "conv2d+relu", shapes: [][]int{{3, 6, 5, 2}, {3, 4, 2, 3}, {3}}, fixed: []int{1, 2}, build: then(convolve(convPadded), ReLU)},
	{name: "relu+maxpool2d", shapes: [][]int{{3, 5, 4, 3}}, build: then(unary(ReLU), maxpool(poolOverlap))},
	{name: "conv2d+relu+maxpool2d", shapes: [][]int{{3, 6, 7, 2}, {3, 2, 2, 4}, {4}}, fixed: []int{1, 2},
		build: then(convolve(DefaultConv2D), ReLU, maxpool(pool2))},
	{name: "conv2d+relu+maxpool2d", shapes: [][]int{{3, 6, 5, 2}, {3, 4, 2, 3}}, fixed: []int{1},
		build: then(convolve(convPadded), ReLU, maxpool(poolOverlap))},
	{name: "conv2d+maxpool2d", shapes: [][]int{{3, 6, 7, 2}, {3, 2, 2, 4}}, fixed: []int{1}, build: then(convolve(DefaultConv2D), maxpool(pool2))},
	{name: "conv2d+maxpool2d", shapes: [][]int{{3, 6, 5, 2}, {3, 4, 2, 3}, {3}}, fixed: []int{1, 2},
		build: then(convolve(convPadded), maxpool(poolOverlap))},
	{name: "batchnorm+relu", shapes: [][]int{{3, 2, 4, 2}, {2}, {2}}, fixed: []int{1, 2}, build: then(batchnorm(true), ReLU)},
	{name: "batchnorm+relu", shapes: [][]int{{6, 3}, {3}, {3}}, fixed: []int{1, 2}, build: then(batchnorm(false), ReLU)},
	{name: "batchnorm+gelu", shapes: [][]int{{3, 2, 4, 2}, {2}, {2}}, fixed: []int{1, 2}, build: then(batchnorm(true), GELU)},
	{name: "batchnorm+gelu", shapes: [][]int{{6, 3}, {3}, {3}}, fixed: []int{1, 2}, build: then(batchnorm(false), GELU)},
	{name: "batchnorm+maxpool2d", shapes: [][]int{{3, 4, 6, 2}, {2}, {2}}, fixed: []int{1, 2}, build: then(batchnorm(true), maxpool(pool2))},
	{name: "batchnorm+relu+maxpool2d", shapes: [][]int{{3, 4, 6, 2}, {2}, {2}}, fixed: []int{1, 2},
		build: then(batchnorm(true), ReLU, maxpool(pool2))},
	{name: "batchnorm+relu+maxpool2d", shapes: [][]int{{3, 5, 6, 3}, {3}, {3}}, fixed: []int{1, 2},
		build: then(batchnorm(true), ReLU, maxpool(poolOverlap))},
	{name: "batchnorm+gelu+maxpool2d", shapes: [][]int{{3, 5, 6, 3}, {3}, {3}}, fixed: []int{1, 2},
		build: then(batchnorm(false), GELU, maxpool(pool2))},
	{name: "add+relu", shapes: [][]int{{3, 4}, {3, 4}}, build: then(addCase, ReLU)},
}

// allCases are the cases of single operations and, fused into one, of chains.
var allCases = append(append([]opCase{}, opCases...), fusedCases()...)

func fusedCases() (cases []opCase) {
	for _, c := range fusions {
		c.build = fused(c.build)
		cases = append(cases, c)
	}
	return cases
}

func (c opCase) net(t testing.TB, dt tensor.Dtype) *net {
	t.Helper()
	return build(t, dt, c)
}

// fused builds a chain in a graph of its own, fuses its operations from the first on, and applies the result to the
// inputs.
func fused(chain func(gorgonia.Nodes) (*gorgonia.Node, error)) func(gorgonia.Nodes) (*gorgonia.Node, error) {
	return func(in gorgonia.Nodes) (*gorgonia.Node, error) {
		g := gorgonia.NewGraph()
		var twins gorgonia.Nodes
		for _, n := range in {
			twins = append(twins, gorgonia.NewTensor(g, n.Dtype(), n.Dims(), gorgonia.WithShape(n.Shape()...), gorgonia.WithName(n.Name())))
		}
		y, err := chain(twins)
		if err != nil {
			return nil, err
		}
		var whole gorgonia.Op
		for _, n := range newMachine(y).order {
			o, ok := n.Op().(*operation)
			switch {
			case !ok:
			case whole == nil:
				whole = o
			default:
				if whole, ok = whole.(*operation).Fuse(o); !ok {
					return nil, fail(o.Description, errors.New("not taken over"))
				}
			}
		}
		return gorgonia.ApplyOp(whole, in...)
	}
}

// TestFusion compares the fused operation with the chain that it stands for.
func TestFusion(t *testing.T) {
	for _, c := range fusions {
		t.Run(c.name, func(t *testing.T) {
			for _, dt := range []tensor.Dtype{tensor.Float64, tensor.Float32} {
				chain := c.net(t, dt)
				whole := c
				whole.build = fused(c.build)
				one := whole.net(t, dt)
				if got := one.y.Op().String(); got != c.name {
					t.Fatalf("fused to %s, want %s", got, c.name)
				}
				for _, batch := range []int{3, 7} {
					chain.bind(t, c, batch, uint64(batch))
					one.bind(t, c, batch, uint64(batch))
					got, want := one.results(t), chain.results(t)
					for k := range want {
						tolerance := 0.0 // but for sums in another order
						if k > 1 {
							tolerance = map[tensor.Dtype]float64{tensor.Float64: 1e-12, tensor.Float32: 1e-6}[dt]
						}
						compare(t, one.y.Name(), got[k], want[k], tolerance)
					}
				}
			}
		})
	}
}

// TestConvPoolBatches compares batches that are and aren't multiples of what the convolution takes at a time with the
// chain.
func TestConvPoolBatches(t *testing.T) {
	chain := opCase{shapes: [][]int{{3, 4, 5, 2}, {3, 2, 2, 3}, {3}}, fixed: []int{1, 2}, build: then(convolve(DefaultConv2D), ReLU, maxpool(pool2))}
	whole := chain
	whole.build = fused(chain.build)
	a, b := chain.net(t, tensor.Float64), whole.net(t, tensor.Float64)
	for _, batch := range []int{69, 32, 7} {
		a.bind(t, chain, batch, 1)
		b.bind(t, chain, batch, 1)
		want, got := a.results(t), b.results(t)
		for k := range want {
			compare(t, b.y.Name(), got[k], want[k], 1e-12)
		}
	}
}

// TestNotFused lists neighbours that must stay apart.
func TestNotFused(t *testing.T) {
	for _, c := range []opCase{
		{name: "affine, sigmoid", shapes: [][]int{{5, 4}, {4, 3}, {3}}, build: then(affineCase, Sigmoid)},
		{name: "affine, relu twice", shapes: [][]int{{5, 4}, {4, 3}, {3}}, build: then(affineCase, ReLU, ReLU)},
		{name: "affine, relu gradient", shapes: [][]int{{5, 4}, {4, 3}, {3}}, build: then(affineCase, func(x *gorgonia.Node) (*gorgonia.Node, error) {
			return apply(activationGrad[float64]{ActReLU}, x, x)
		})},
		{name: "relu, mean pool", shapes: [][]int{{3, 5, 4, 3}}, build: then(unary(ReLU), avgpool(pool2))},
		{name: "tanh, pool", shapes: [][]int{{3, 5, 4, 3}}, build: then(unary(Tanh), maxpool(pool2))},
		{name: "softmax, relu", shapes: [][]int{{3, 5}}, build: then(unary(Softmax), ReLU)},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.build = fused(c.build)
			g := gorgonia.NewGraph()
			var in gorgonia.Nodes
			for _, s := range c.shapes {
				in = append(in, gorgonia.NewTensor(g, tensor.Float64, len(s), gorgonia.WithShape(s...), gorgonia.WithName(fmt.Sprint(s))))
			}
			if y, err := c.build(in); err == nil {
				t.Errorf("fused to %v", y.Op())
			}
		})
	}
}
