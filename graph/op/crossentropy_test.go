package op

import (
	"math"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// TestExtremeLogits checks losses and gradients far from 0, where exp overflows.
func TestExtremeLogits(t *testing.T) {
	for _, c := range []struct {
		name   string
		dtype  tensor.Dtype
		logits []float64
		label  int
		loss   float64
		grad   []float64
	}{
		{"sure and right", tensor.Float32, []float64{-1e30, 1e30, 0}, 1, 0, []float64{0, 0, 0}},
		{"sure and wrong", tensor.Float32, []float64{-1e30, 1e30, 0}, 2, 1e30, []float64{0, 1, -1}},
		{"large and equal", tensor.Float32, []float64{1e38, 1e38, 1e38}, 0, math.Log(3), []float64{-2. / 3, 1. / 3, 1. / 3}},
		{"small and equal", tensor.Float32, []float64{-3e38, -3e38, -3e38}, 0, math.Log(3), []float64{-2. / 3, 1. / 3, 1. / 3}},
		{"first of the row is the least", tensor.Float64, []float64{0, 1, 200}, 2, 0, []float64{math.Exp(-200), math.Exp(-199), -math.Exp(-199)}},
		{"far", tensor.Float64, []float64{-1e300, 1e300, 0}, 0, 2e300, []float64{-1, 1, 0}},
		{"ordinary", tensor.Float64, []float64{0, math.Log(2), math.Log(3)}, 1, math.Log(3), []float64{1. / 6, -2. / 3, 1. / 2}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := opCase{shapes: [][]int{{1, 3}, {1}}, labels: 1, classes: 1,
				build: func(in gorgonia.Nodes) (*gorgonia.Node, error) { return SoftmaxCrossEntropy(in[0], in[1]) }}
			n := build(t, c.dtype, s)
			x := filled(c.dtype, 0, 0, 0, 1, 3)
			for i, v := range c.logits {
				if c.dtype == tensor.Float32 {
					x.Float32s()[i] = float32(v)
				} else {
					x.Float64s()[i] = v
				}
			}
			n.set(n.in[0], x)
			n.set(n.in[1], tensor.New(tensor.WithShape(1), tensor.WithBacking([]int{c.label})))
			if err := n.m.plan(); err != nil {
				t.Fatal(err)
			}
			r := n.results(t)
			if math.Abs(r[0][0]-c.loss) > 1e-6*max(1, c.loss) {
				t.Errorf("loss %v, want %v", r[0][0], c.loss)
			}
			for i, want := range c.grad {
				if !(math.Abs(r[2][i]-want) <= 1e-6) {
					t.Errorf("gradient %v, want %v", r[2], c.grad)
				}
			}
		})
	}
}

// TestSoftmaxExtreme is the same for the probabilities.
func TestSoftmaxExtreme(t *testing.T) {
	x := tensor.New(tensor.WithShape(3, 3), tensor.WithBacking([]float64{0, 1, 2000, 1e308, -1e308, 1e308, -5, -5, -5}))
	y, err := Softmax(gorgonia.NodeFromAny(gorgonia.NewGraph(), x, gorgonia.WithName("x")))
	if err != nil {
		t.Fatal(err)
	}
	v, err := y.Op().Do(x)
	if err != nil {
		t.Fatal(err)
	}
	compare(t, "softmax", floats(v), []float64{0, 0, 1, 0.5, 0, 0.5, 1. / 3, 1. / 3, 1. / 3}, 1e-15)
}

// TestUpstreamScale checks a loss that is a part of the cost.
func TestUpstreamScale(t *testing.T) {
	for name, loss := range map[string]func(x, y, labels *gorgonia.Node) (*gorgonia.Node, error){
		"cross-entropy":      func(x, _, labels *gorgonia.Node) (*gorgonia.Node, error) { return SoftmaxCrossEntropy(x, labels) },
		"mean squared error": func(x, y, _ *gorgonia.Node) (*gorgonia.Node, error) { return MeanSquaredError(x, y) },
	} {
		grad := func(scale float64) []float64 {
			g := gorgonia.NewGraph()
			x := gorgonia.NodeFromAny(g, filled(tensor.Float64, 1, 1, 0, 4, 3), gorgonia.WithName("x"))
			y := gorgonia.NodeFromAny(g, filled(tensor.Float64, 2, 1, 0, 4, 3), gorgonia.WithName("y"))
			labels := gorgonia.NodeFromAny(g, tensor.New(tensor.WithBacking([]int{0, 2, 1, 1})), gorgonia.WithName("labels"))
			cost, err := loss(x, y, labels)
			if err != nil {
				t.Fatal(err)
			}
			if scale != 1 {
				cost = gorgonia.Must(gorgonia.Mul(cost, gorgonia.NewConstant(scale)))
			}
			grads, err := gorgonia.Grad(cost, x)
			if err != nil {
				t.Fatal(err)
			}
			if err := gorgonia.NewTapeMachine(g).RunAll(); err != nil {
				t.Fatal(err)
			}
			return floats(grads[0].Value())
		}
		one, third := grad(1), grad(-0.25)
		for i := range one {
			one[i] *= -0.25
		}
		compare(t, name, third, one, 1e-15)
	}
}
