package op

import (
	"math"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// opCase is one way to use an operation; every law below holds for every case.
type opCase struct {
	name    string
	shapes  [][]int // of the inputs; the first axis is the batch
	fixed   []int   // inputs without a batch axis
	labels  int     // the input of labels, if above 0
	classes int
	stock   bool // Gorgonia puts an operation of its own between, which allocates
	build   func(in gorgonia.Nodes) (*gorgonia.Node, error)
}

// state is a batch normalisation's state with statistics that are not the initial ones.
func state(channels int) *BatchNormState {
	s, err := NewBatchNormState(channels, DefaultBatchNorm)
	if err != nil {
		panic(err)
	}
	for i := range s.RunningMean {
		s.RunningMean[i], s.RunningVar[i] = 0.3*float64(i)-0.2, 0.5+0.4*float64(i)
	}
	s.MoveStats = false
	return s
}

func unary(f func(*gorgonia.Node) (*gorgonia.Node, error)) func(gorgonia.Nodes) (*gorgonia.Node, error) {
	return func(in gorgonia.Nodes) (*gorgonia.Node, error) { return f(in[0]) }
}

func convolve(cfg Conv2DConfig) func(gorgonia.Nodes) (*gorgonia.Node, error) {
	return func(in gorgonia.Nodes) (*gorgonia.Node, error) {
		if len(in) == 2 {
			return Conv2D(in[0], in[1], nil, cfg)
		}
		return Conv2D(in[0], in[1], in[2], cfg)
	}
}

func maxpool(cfg Pool2DConfig) func(*gorgonia.Node) (*gorgonia.Node, error) {
	return func(x *gorgonia.Node) (*gorgonia.Node, error) { return MaxPool2D(x, cfg) }
}

func avgpool(cfg Pool2DConfig) func(*gorgonia.Node) (*gorgonia.Node, error) {
	return func(x *gorgonia.Node) (*gorgonia.Node, error) { return AvgPool2D(x, cfg) }
}

func batchnorm(training bool) func(gorgonia.Nodes) (*gorgonia.Node, error) {
	return func(in gorgonia.Nodes) (*gorgonia.Node, error) {
		return BatchNorm(in[0], in[1], in[2], state(in[1].Shape()[0]), training)
	}
}

// then applies more operations to the result of the first.
func then(first func(gorgonia.Nodes) (*gorgonia.Node, error), more ...func(*gorgonia.Node) (*gorgonia.Node, error)) func(gorgonia.Nodes) (*gorgonia.Node, error) {
	return func(in gorgonia.Nodes) (*gorgonia.Node, error) {
		y, err := first(in)
		for _, f := range more {
			if err != nil {
				return nil, err
			}
			y, err = f(y)
		}
		return y, err
	}
}

func affineCase(in gorgonia.Nodes) (*gorgonia.Node, error) {
	if len(in) == 2 {
		return Affine(in[0], in[1], nil)
	}
	return Affine(in[0], in[1], in[2])
}

func addCase(in gorgonia.Nodes) (*gorgonia.Node, error) { return Add(in[0], in[1]) }

var (
	pool2       = Pool2DConfig{KH: 2, KW: 2, StrideH: 2, StrideW: 2}
	poolOverlap = Pool2DConfig{KH: 3, KW: 2, StrideH: 2, StrideW: 1, PadH: 1, PadW: 1}
	convPadded  = Conv2DConfig{StrideH: 2, StrideW: 1, PadH: 1, PadW: 2}
)

var opCases = []opCase{
	{name: "affine", shapes: [][]int{{5, 4}, {4, 3}, {3}}, fixed: []int{1, 2}, build: affineCase},
	{name: "affine without bias", shapes: [][]int{{5, 4}, {4, 3}}, fixed: []int{1}, build: affineCase},
	{name: "conv2d", shapes: [][]int{{3, 5, 6, 2}, {3, 2, 2, 4}, {4}}, fixed: []int{1, 2}, build: convolve(DefaultConv2D)},
	{name: "conv2d strided and padded", shapes: [][]int{{3, 6, 5, 2}, {3, 4, 2, 3}, {3}}, fixed: []int{1, 2}, build: convolve(convPadded)},
	{name: "conv2d without bias", shapes: [][]int{{2, 4, 4, 3}, {1, 1, 3, 2}}, fixed: []int{1}, build: convolve(DefaultConv2D)},
	{name: "maxpool2d", shapes: [][]int{{3, 4, 6, 2}}, build: unary(maxpool(pool2))},
	{name: "maxpool2d overlapping and padded", shapes: [][]int{{3, 5, 4, 3}}, build: unary(maxpool(poolOverlap))},
	{name: "avgpool2d", shapes: [][]int{{3, 4, 6, 2}}, build: unary(avgpool(pool2))},
	{name: "avgpool2d overlapping and padded", shapes: [][]int{{3, 5, 4, 3}}, build: unary(avgpool(poolOverlap))},
	{name: "avgpool2d of whole images", shapes: [][]int{{3, 5, 4, 3}}, build: unary(avgpool(Pool2DConfig{KH: 5, KW: 4, StrideH: 1, StrideW: 1}))},
	{name: "relu", shapes: [][]int{{5, 7}}, build: unary(ReLU)},
	{name: "sigmoid", shapes: [][]int{{5, 2, 3, 2}}, build: unary(Sigmoid)},
	{name: "tanh", shapes: [][]int{{5}}, build: unary(Tanh)},
	{name: "gelu", shapes: [][]int{{5, 2, 3, 2}}, build: unary(GELU)},
	{name: "scale", shapes: [][]int{{4, 5}}, build: unary(func(x *gorgonia.Node) (*gorgonia.Node, error) { return Scale(x, -0.75) })},
	{name: "global maxpool2d", shapes: [][]int{{3, 5, 4, 3}}, build: unary(GlobalMaxPool2D)},
	{name: "global avgpool2d", shapes: [][]int{{3, 5, 4, 3}}, build: unary(GlobalAvgPool2D)},
	{name: "concat", shapes: [][]int{{3, 2, 4, 3}, {3, 2, 4, 1}, {3, 2, 4, 5}},
		build: func(in gorgonia.Nodes) (*gorgonia.Node, error) { return Concat(in...) }},
	{name: "concat of rows", shapes: [][]int{{5, 2}, {5, 3}},
		build: func(in gorgonia.Nodes) (*gorgonia.Node, error) { return Concat(in...) }},
	{name: "smoothed cross-entropy", shapes: [][]int{{6, 4}, {6}}, labels: 1, classes: 4,
		build: func(in gorgonia.Nodes) (*gorgonia.Node, error) { return SmoothedCrossEntropy(in[0], in[1], 0.3) }},
	{name: "softmax", shapes: [][]int{{4, 5}}, build: unary(Softmax)},
	{name: "softmax cross-entropy", shapes: [][]int{{6, 4}, {6}}, labels: 1, classes: 4,
		build: func(in gorgonia.Nodes) (*gorgonia.Node, error) { return SoftmaxCrossEntropy(in[0], in[1]) }},
	{name: "mean squared error", shapes: [][]int{{6, 4}, {6, 4}},
		build: func(in gorgonia.Nodes) (*gorgonia.Node, error) { return MeanSquaredError(in[0], in[1]) }},
	{name: "dropout", shapes: [][]int{{6, 9}}, build: unary(func(x *gorgonia.Node) (*gorgonia.Node, error) {
		return Dropout(x, 0.3, &Stream{Seed: 4, Draw: 5})
	})},
	{name: "dropout of nothing", shapes: [][]int{{6, 3, 2, 4}}, build: unary(func(x *gorgonia.Node) (*gorgonia.Node, error) {
		return Dropout(x, 0, &Stream{})
	})},
	{name: "flatten", shapes: [][]int{{3, 4, 2, 5}}, build: unary(Flatten)},
	{name: "add", shapes: [][]int{{3, 4, 2, 2}, {3, 4, 2, 2}}, build: addCase},
	{name: "add to itself", shapes: [][]int{{3, 4}}, stock: true,
		build: func(in gorgonia.Nodes) (*gorgonia.Node, error) { return Add(in[0], in[0]) }},
	{name: "an op of one's own", shapes: [][]int{{4, 3, 2}},
		build: func(in gorgonia.Nodes) (*gorgonia.Node, error) { return Apply(cube{}, in[0]) }},
	{name: "a loss of one's own", shapes: [][]int{{6, 4}, {6}}, labels: 1, classes: 4,
		build: func(in gorgonia.Nodes) (*gorgonia.Node, error) { return Apply(chosen{}, in[0], in[1]) }},
	{name: "batchnorm of rows", shapes: [][]int{{6, 3}, {3}, {3}}, fixed: []int{1, 2}, build: batchnorm(true)},
	{name: "batchnorm of images", shapes: [][]int{{3, 2, 4, 2}, {2}, {2}}, fixed: []int{1, 2}, build: batchnorm(true)},
	{name: "batchnorm in evaluation", shapes: [][]int{{3, 2, 4, 2}, {2}, {2}}, fixed: []int{1, 2}, build: batchnorm(false)},
	{name: "a residual block and a loss", shapes: [][]int{{6, 4}, {4, 4}, {4}, {6}}, fixed: []int{1, 2}, labels: 3, classes: 4, stock: true,
		build: func(in gorgonia.Nodes) (*gorgonia.Node, error) {
			y, err := then(affineCase, Tanh)(in)
			if err != nil {
				return nil, err
			}
			if y, err = Add(in[0], y); err != nil {
				return nil, err
			}
			return SoftmaxCrossEntropy(y, in[3])
		}},
}

// TestGradients compares with central differences, for the batch size that the graph is built with and for others.
func TestGradients(t *testing.T) {
	for _, c := range allCases {
		t.Run(c.name, func(t *testing.T) {
			n := c.net(t, tensor.Float64)
			for _, batch := range []int{c.shapes[0][0], 2, 9} {
				n.bind(t, c, batch, uint64(batch))
				n.checkGradient(t)
			}
		})
	}
}

func (n *net) checkGradient(t *testing.T) {
	t.Helper()
	const h = 1e-5
	if err := n.m.run(); err != nil {
		t.Fatal(err)
	}
	var grads [][]float64
	for _, g := range n.grads {
		grads = append(grads, floats(n.m.values[g]))
	}
	for k, i := range n.gradient {
		got := grads[k]
		x := n.m.values[n.in[i]].(*tensor.Dense).Float64s()
		if len(got) != len(x) {
			t.Fatalf("gradient %d has %d elements, want %d", i, len(got), len(x))
		}
		scale := 1.0
		for _, v := range got {
			scale = max(scale, math.Abs(v))
		}
		for j, old := range x {
			x[j] = old + h
			up := n.costAt(t)
			x[j] = old - h
			down := n.costAt(t)
			x[j] = old
			if want := (up - down) / (2 * h); !(math.Abs(got[j]-want) <= 1e-8*scale) {
				t.Fatalf("gradient by input %d, element %d: %v, by differences %v", i, j, got[j], want)
			}
		}
	}
}

func (n *net) costAt(t *testing.T) float64 {
	t.Helper()
	if err := n.m.run(); err != nil {
		t.Fatal(err)
	}
	return scalar(n.m.values[n.cost])
}

// TestTapeMachine runs every case in Gorgonia's own machine: the same values to the bit, in both types, and float32
// near float64.
func TestTapeMachine(t *testing.T) {
	for _, c := range allCases {
		t.Run(c.name, func(t *testing.T) {
			batch := c.shapes[0][0]
			var exact [][]float64
			for _, dt := range []tensor.Dtype{tensor.Float64, tensor.Float32} {
				n := c.net(t, dt)
				n.bind(t, c, batch, 3)
				want := n.results(t)
				vm := gorgonia.NewTapeMachine(n.cost.Graph())
				for range 2 {
					if err := vm.RunAll(); err != nil {
						t.Fatal(err)
					}
					vm.Reset()
				}
				for k, node := range append(gorgonia.Nodes{n.y, n.cost}, n.grads...) {
					compare(t, node.Name(), floats(node.Value()), want[k], 0)
				}
				if err := vm.Close(); err != nil {
					t.Fatal(err)
				}
				if dt == tensor.Float64 {
					exact = want
					continue
				}
				for k := range want {
					compare(t, "float32", want[k], exact[k], 2e-5)
				}
			}
		})
	}
}

// results runs a net and returns y, the cost and the gradients.
func (n *net) results(t *testing.T) (r [][]float64) {
	t.Helper()
	if err := n.m.run(); err != nil {
		t.Fatal(err)
	}
	for _, node := range append(gorgonia.Nodes{n.y, n.cost}, n.grads...) {
		r = append(r, floats(n.m.values[node]))
	}
	return r
}

// compare checks got against want, with a tolerance relative to the largest element.
func compare(t *testing.T, name string, got, want []float64, tolerance float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d elements, want %d", name, len(got), len(want))
	}
	scale := 0.0
	for _, v := range want {
		scale = max(scale, math.Abs(v))
	}
	for i := range got {
		if !(math.Abs(got[i]-want[i]) <= tolerance*scale) {
			t.Fatalf("%s: element %d is %v, want %v", name, i, got[i], want[i])
		}
	}
}

// TestAllocations checks that a step makes no garbage, also where batch sizes alternate.
func TestAllocations(t *testing.T) {
	for _, c := range allCases {
		if c.stock {
			continue
		}
		t.Run(c.name, func(t *testing.T) {
			for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
				n := c.net(t, dt)
				var plans []machine
				for _, batch := range []int{8, 5} {
					n.bind(t, c, batch, 1)
					p := *n.m
					p.values = map[*gorgonia.Node]gorgonia.Value{}
					for node, v := range n.m.values {
						p.values[node] = v
					}
					plans = append(plans, p)
				}
				allocs := testing.AllocsPerRun(20, func() {
					for i := range plans {
						if err := plans[i].run(); err != nil {
							t.Fatal(err)
						}
					}
				})
				if allocs != 0 {
					t.Errorf("%v: %v allocations a step", dt, allocs)
				}
			}
		})
	}
}
