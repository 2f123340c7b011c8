package graph

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/fallline/fallline/graph/op"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// convnet is a network of every chain of package op's that becomes one operation, under construction.
type convnet struct {
	*rig
	y      *gorgonia.Node
	layers int
}

// convnetForward is what its forward pass runs when fused.
var convnetForward = []string{
	"conv2d", "batchnorm+relu",
	"conv2d", "batchnorm+relu+maxpool2d",
	"conv2d", "batchnorm+relu",
	"conv2d", "batchnorm", "add+relu",
	"conv2d+maxpool2d", "batchnorm+gelu",
	"conv2d", "batchnorm+gelu+maxpool2d",
	"conv2d", "batchnorm+maxpool2d",
	"conv2d+relu+maxpool2d",
	"conv2d+relu", "flatten",
	"affine+relu",
	"affine", "scale", "softmax cross-entropy",
}

// convnetConvs is how many convolutions it has.
const convnetConvs = 9

// newConvnet builds it for images of 32 by 32 pixels and returns the cost. The parameters of the first layer have names
// that end in b, those of the second in c, and so on.
func newConvnet(dt tensor.Dtype, batch int) (*rig, *gorgonia.Node) {
	n := &convnet{rig: newRig(dt, batch)}
	n.y = n.feed("x", 32, 32, 3)
	pool := func(x *gorgonia.Node) (*gorgonia.Node, error) {
		return op.MaxPool2D(x, op.Pool2DConfig{KH: 2, KW: 2, StrideH: 2, StrideW: 2})
	}
	n.conv(4, false).norm().then(op.ReLU)
	n.conv(8, false).norm().then(op.ReLU, pool)
	skip := n.y
	n.conv(8, false).norm().then(op.ReLU)
	n.conv(8, false).norm()
	n.y = must(op.Add(n.y, skip))
	n.then(op.ReLU)
	n.conv(32, false).then(pool).norm().then(op.GELU)
	n.conv(40, false).norm().then(op.GELU, pool)
	n.conv(40, false).norm().then(pool)
	n.conv(24, true).then(op.ReLU, pool)
	n.conv(24, true).then(op.ReLU, op.Flatten)
	n.affine(20).then(op.ReLU)
	n.affine(10).then(func(x *gorgonia.Node) (*gorgonia.Node, error) { return op.Scale(x, 0.05) })
	labels := make([]int, batch)
	for i := range labels {
		labels[i] = 7 * i % 10
	}
	truth := gorgonia.NewVector(n.g, tensor.Int, gorgonia.WithName("labels"), gorgonia.WithValue(tensor.New(tensor.WithBacking(labels))))
	return n.rig, must(op.SmoothedCrossEntropy(n.y, truth, 0.1))
}

// weight is a parameter of the layer in hand.
func (n *convnet) weight(name string, shape ...int) *gorgonia.Node {
	return n.param(name+string(rune('a'+n.layers)), shape...)
}

// last is the size of the last axis of y.
func (n *convnet) last() int { return n.y.Shape()[n.y.Dims()-1] }

func (n *convnet) conv(filters int, bias bool) *convnet {
	n.layers++
	var b *gorgonia.Node
	w := n.weight("filters", 3, 3, n.last(), filters)
	if bias {
		b = n.weight("bias", filters)
	}
	n.y = must(op.Conv2D(n.y, w, b, op.Conv2DConfig{StrideH: 1, StrideW: 1, PadH: 1, PadW: 1}))
	return n
}

func (n *convnet) norm() *convnet {
	s, err := op.NewBatchNormState(n.last(), op.DefaultBatchNorm)
	if err != nil {
		panic(err)
	}
	n.y = must(op.BatchNorm(n.y, n.weight("scale", n.last()), n.weight("shift", n.last()), s, true))
	return n
}

func (n *convnet) affine(units int) *convnet {
	n.layers++
	n.y = must(op.Affine(n.y, n.weight("weights", n.last(), units), n.weight("bias", units)))
	return n
}

func (n *convnet) then(fs ...func(*gorgonia.Node) (*gorgonia.Node, error)) *convnet {
	for _, f := range fs {
		n.y = must(f(n.y))
	}
	return n
}

// TestConvnetFuses wants all fusions in a whole network, the cost and gradients of the operations run one by one, and
// no allocations.
func TestConvnetFuses(t *testing.T) {
	eachType(t, func(t *testing.T, dt tensor.Dtype) {
		run := func(opts ...Option) (*Program, func()) {
			r, cost := newConvnet(dt, 3)
			p := compiled(t, r, cost, opts...)
			step := func() {
				if err := p.RunAll(); err != nil {
					t.Fatal(err)
				}
			}
			step()
			return p, step
		}
		fused, step := run()
		plain, _ := run(NoFusion())
		if n := testing.AllocsPerRun(2, step); n != 0 {
			t.Errorf("%v allocations in a step, want none", n)
		}
		if ops := fused.ops(); !slices.Equal(ops[:min(len(ops), len(convnetForward))], convnetForward) {
			t.Errorf("the fused network runs %q, want %q first", ops, convnetForward)
		}
		for _, name := range convnetForward {
			if strings.Contains(name, "+") && slices.Contains(plain.ops(), name) {
				t.Errorf("%s without fusion", name)
			}
		}
		tolerance := map[tensor.Dtype]float64{tensor.Float64: 1e-11, tensor.Float32: 1e-3}[dt]
		if d := math.Abs(fused.Cost() - plain.Cost()); !(d <= tolerance*plain.Cost()) {
			t.Errorf("cost %v, without fusion %v", fused.Cost(), plain.Cost())
		}
		for i, r := range plain.Gradient().Ranges {
			got, want := floats(View(fused.Gradient(), i)), floats(View(plain.Gradient(), i))
			if d := distance(got, want); !(d <= tolerance*distance(want, make([]float64, len(want)))) {
				t.Errorf("gradient by %s is %v off", r.Name, d)
			}
		}
	})
}

func distance(x, y []float64) float64 {
	sum := 0.0
	for i, v := range x {
		sum += (v - y[i]) * (v - y[i])
	}
	return math.Sqrt(sum)
}

// TestConvnetWithoutNeedlessGradients wants no gradient by the images, and with the first layers frozen none by what
// only they would need.
func TestConvnetWithoutNeedlessGradients(t *testing.T) {
	for frozen := range 3 {
		for _, opts := range [][]Option{nil, {NoFusion()}} {
			r, cost := newConvnet(tensor.Float32, 3)
			var keep, rest gorgonia.Nodes
			for _, n := range r.params {
				if name := n.Name(); int(name[len(name)-1]-'a') <= frozen {
					keep = append(keep, n)
				} else {
					rest = append(rest, n)
				}
			}
			p, err := Compile(cost, append(opts, Params(rest...), Frozen(keep...))...)
			if err != nil {
				t.Fatal(err)
			}
			data, weights := 0, 0
			for _, name := range p.ops() {
				switch {
				case strings.HasSuffix(name, "data gradient"):
					data++
				case strings.HasSuffix(name, "weight gradient"):
					weights++
				}
			}
			if want := convnetConvs - frozen; weights != want || data != want-1 {
				t.Errorf("%d layers frozen: %d gradients by filters and %d by images, want %d and %d", frozen, weights, data, want, want-1)
			}
		}
	}
}
