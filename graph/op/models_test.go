package op

import (
	"fmt"
	"math"
	"testing"

	"github.com/fallline/fallline/graph"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// layers chains operations and stops at the first error.
type layers struct {
	y      *gorgonia.Node
	p      gorgonia.Nodes // parameters not used yet
	direct bool           // no convolution by Winograd's method
	err    error
}

func (l *layers) take(f func(x, w, b *gorgonia.Node) (*gorgonia.Node, error)) {
	if l.err == nil {
		l.y, l.err = f(l.y, l.p[0], l.p[1])
		l.p = l.p[2:]
	}
}

func (l *layers) affine() { l.take(Affine) }

func (l *layers) conv() {
	l.take(func(x, w, b *gorgonia.Node) (*gorgonia.Node, error) { return Conv2D(x, w, b, DefaultConv2D) })
}

// convNorm is a convolution of 3 by 3 pixels that keeps the image's size, without bias, and batch norm.
func (l *layers) convNorm() {
	if l.err == nil {
		l.y, l.err = Conv2D(l.y, l.p[0], nil, Conv2DConfig{StrideH: 1, StrideW: 1, PadH: 1, PadW: 1, Direct: l.direct})
		l.p = l.p[1:]
	}
	l.take(func(x, scale, shift *gorgonia.Node) (*gorgonia.Node, error) {
		s, err := NewBatchNormState(scale.Shape()[0], DefaultBatchNorm)
		if err != nil {
			return nil, err
		}
		return BatchNorm(x, scale, shift, s, true)
	})
}

func (l *layers) then(fs ...func(*gorgonia.Node) (*gorgonia.Node, error)) {
	for _, f := range fs {
		if l.err == nil {
			l.y, l.err = f(l.y)
		}
	}
}

// networks are those of testdata/gen.py.
var networks = map[string]func(l *layers){
	"mlp": func(l *layers) {
		l.affine()
		l.then(ReLU)
		l.affine()
		l.then(ReLU)
		l.affine()
	},
	"lenet": func(l *layers) {
		for range 2 {
			l.conv()
			l.then(ReLU, maxpool(pool2))
		}
		l.then(Flatten)
		l.affine()
		l.then(ReLU)
		l.affine()
	},
	"convnorm": func(l *layers) {
		for range 2 {
			l.convNorm()
			l.then(GELU, maxpool(pool2))
		}
		l.then(GlobalAvgPool2D)
		l.affine()
	},
}

// network is a model of testdata/gen.py as a graph.
type network struct {
	cost   *gorgonia.Node
	params gorgonia.Nodes
}

// network builds the model on the golden weights and batch, in one element type; direct forbids Winograd's method.
func (m goldenModel) network(t testing.TB, dt tensor.Dtype, direct bool) network {
	t.Helper()
	g := gorgonia.NewGraph()
	input := func(name string, v *tensor.Dense) *gorgonia.Node {
		return gorgonia.NodeFromAny(g, v, gorgonia.WithName(name))
	}
	l := &layers{direct: direct, y: input("x", filled(dt, 1, 0.5, 0.5, append([]int{m.Batch}, m.Shape...)...))}
	var n network
	for i, p := range m.Params {
		n.params = append(n.params, input(fmt.Sprint("p", i), filled(dt, 10+i, p.Scale, 0, p.Shape...)))
	}
	labels := make([]int, m.Batch)
	for i := range labels {
		labels[i] = i * 7 % 10
	}
	l.p = n.params
	networks[m.Name](l)
	if l.err != nil {
		t.Fatal(l.err)
	}
	cost, err := SoftmaxCrossEntropy(l.y, input("labels", tensor.New(tensor.WithBacking(labels))))
	if err != nil {
		t.Fatal(err)
	}
	n.cost = cost
	return n
}

// gradient runs the network in a program and returns its loss and gradients.
func (n network) gradient(t *testing.T, opts ...graph.Option) (float64, [][]float64) {
	t.Helper()
	p, err := graph.Compile(n.cost, append(opts, graph.Params(n.params...))...)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.RunAll(); err != nil {
		t.Fatal(err)
	}
	g := p.Gradient()
	var grads [][]float64
	for i := range g.Ranges {
		grads = append(grads, floats(graph.View(g, i)))
	}
	return p.Cost(), grads
}

// TestGoldenModels compares the gradients of networks with PyTorch's on the same weights and batch: to 1e-9 in float64,
// and in float32 no further from float64 than twice PyTorch's own, ten times where a convolution may be by Winograd's
// method.
func TestGoldenModels(t *testing.T) {
	for _, m := range readGolden(t).Models {
		t.Run(m.Name, func(t *testing.T) {
			for _, opts := range [][]graph.Option{nil, {graph.NoFusion()}} {
				loss, exact := m.network(t, tensor.Float64, false).gradient(t, opts...)
				if math.Abs(loss-m.Loss) > 1e-12*m.Loss {
					t.Errorf("loss %v, want %v", loss, m.Loss)
				}
				for i, p := range m.Params {
					if d := p.distance(exact[i]) / p.Norm; !(d <= 1e-9) {
						t.Errorf("parameter %d: gradient off by %v of its norm", i, d)
					}
				}
				m.checkSingle(t, exact, true, 2, opts)
				m.checkSingle(t, exact, false, 10, opts)
			}
		})
	}
}

// checkSingle compares the errors of float32 with PyTorch's.
func (m goldenModel) checkSingle(t *testing.T, exact [][]float64, direct bool, factor float64, opts []graph.Option) {
	t.Helper()
	loss, single := m.network(t, tensor.Float32, direct).gradient(t, opts...)
	if got, want := math.Abs(loss-m.Loss), math.Abs(m.Loss32-m.Loss); got > factor*want+1e-7 {
		t.Errorf("float32: loss off by %v, PyTorch's by %v", got, want)
	}
	for i, p := range m.Params {
		if d := distance(single[i], exact[i]) / p.Norm; !(d <= factor*p.Error32) {
			t.Errorf("direct %t: parameter %d: float32 off by %v of the norm, PyTorch's by %v", direct, i, d, p.Error32)
		} else {
			t.Logf("direct %t: parameter %d: float32 off by %.2f times as much as PyTorch's", direct, i, d/p.Error32)
		}
	}
}

// TestProgramFuses checks that graph.Compile finds the operations that fuse.
func TestProgramFuses(t *testing.T) {
	for _, m := range readGolden(t).Models {
		n := m.network(t, tensor.Float32, false)
		if _, err := graph.Compile(n.cost, graph.Params(n.params...)); err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		for _, node := range n.cost.Graph().AllNodes() {
			if o, ok := node.Op().(*operation); ok {
				seen[o.String()] = true
			}
		}
		want := map[string][]string{"mlp": {"affine+relu"}, "lenet": {"conv2d+relu+maxpool2d", "affine+relu"}, "convnorm": {"batchnorm+gelu+maxpool2d"}}
		for _, name := range want[m.Name] {
			if !seen[name] {
				t.Errorf("%s: no %s among %v", m.Name, name, seen)
			}
		}
	}
}
