package op

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// node makes an input of this type and shape.
func node(g *gorgonia.ExprGraph, dt tensor.Dtype, shape ...int) *gorgonia.Node {
	name := fmt.Sprint("input", len(g.AllNodes()))
	if len(shape) == 0 {
		return gorgonia.NewScalar(g, dt, gorgonia.WithName(name))
	}
	return gorgonia.NewTensor(g, dt, len(shape), gorgonia.WithShape(shape...), gorgonia.WithName(name))
}

// TestConstructorErrors lists wrong arguments: each is an error that says what is wrong with what.
func TestConstructorErrors(t *testing.T) {
	g := gorgonia.NewGraph()
	f := func(shape ...int) *gorgonia.Node { return node(g, tensor.Float64, shape...) }
	f32 := func(shape ...int) *gorgonia.Node { return node(g, tensor.Float32, shape...) }
	ints := func(shape ...int) *gorgonia.Node { return node(g, tensor.Int, shape...) }
	pool := func(change func(c *Pool2DConfig)) Pool2DConfig {
		c := pool2
		change(&c)
		return c
	}
	normed := func(x *gorgonia.Node, c int, s *BatchNormState) func() (*gorgonia.Node, error) {
		return func() (*gorgonia.Node, error) { return BatchNorm(x, f(c), f(c), s, true) }
	}
	half := 0.5
	for _, c := range []struct {
		want string
		f    func() (*gorgonia.Node, error)
	}{
		{"op: affine: w has shape (7, 3), want (4, units) for x of shape (5, 4)",
			func() (*gorgonia.Node, error) { return Affine(f(5, 4), f(7, 3), f(3)) }},
		{"op: affine: b has shape (4), want (3) for w of shape (4, 3)",
			func() (*gorgonia.Node, error) { return Affine(f(5, 4), f(4, 3), f(4)) }},
		{"op: affine: x has shape (5, 2, 2), want (batch, features)",
			func() (*gorgonia.Node, error) { return Affine(f(5, 2, 2), f(4, 3), f(3)) }},
		{"op: affine: w has shape (4), want", func() (*gorgonia.Node, error) { return Affine(f(5, 4), f(4), f(3)) }},
		{"op: affine: inputs of types float64 and float32", func() (*gorgonia.Node, error) { return Affine(f(5, 4), f32(4, 3), f(3)) }},
		{"op: affine: input 1 is nil", func() (*gorgonia.Node, error) { return Affine(f(5, 4), nil, f(3)) }},
		{"op: affine: ", func() (*gorgonia.Node, error) {
			return Affine(f(5, 4), node(gorgonia.NewGraph(), tensor.Float64, 4, 3), f(3))
		}},
		{"op: conv2d: w of shape (3, 3, 2, 8) has 2 channels, x of shape (1, 6, 6, 3) has 3",
			func() (*gorgonia.Node, error) { return Conv2D(f(1, 6, 6, 3), f(3, 3, 2, 8), nil, DefaultConv2D) }},
		{"op: conv2d: b has shape (7), want (8)",
			func() (*gorgonia.Node, error) { return Conv2D(f(1, 6, 6, 3), f(3, 3, 3, 8), f(7), DefaultConv2D) }},
		{"op: conv2d: window of 7 x 3 pixels is larger than x of shape (1, 6, 6, 3)",
			func() (*gorgonia.Node, error) { return Conv2D(f(1, 6, 6, 3), f(7, 3, 3, 8), nil, DefaultConv2D) }},
		{"op: conv2d: stride of 0 x 0", func() (*gorgonia.Node, error) { return Conv2D(f(1, 6, 6, 3), f(3, 3, 3, 8), nil, Conv2DConfig{}) }},
		{"op: conv2d: padding of 3 x 0 pixels, want less than the window of 3 x 3",
			func() (*gorgonia.Node, error) {
				return Conv2D(f(1, 6, 6, 3), f(3, 3, 3, 8), nil, Conv2DConfig{StrideH: 1, StrideW: 1, PadH: 3})
			}},
		{"op: conv2d: padding of 0 x -1", func() (*gorgonia.Node, error) {
			return Conv2D(f(1, 6, 6, 3), f(3, 3, 3, 8), nil, Conv2DConfig{StrideH: 1, StrideW: 1, PadW: -1})
		}},
		{"op: conv2d: w has shape (3, 3)", func() (*gorgonia.Node, error) { return Conv2D(f(1, 6, 6, 3), f(3, 3), nil, DefaultConv2D) }},
		{"op: conv2d: x has shape (1, 6)", func() (*gorgonia.Node, error) { return Conv2D(f(1, 6), f(3, 3, 3, 8), nil, DefaultConv2D) }},
		{"op: maxpool2d: window of 0 x 2 pixels", func() (*gorgonia.Node, error) {
			return MaxPool2D(f(1, 4, 4, 1), pool(func(c *Pool2DConfig) { c.KH = 0 }))
		}},
		{"op: maxpool2d: stride of 2 x -1 pixels", func() (*gorgonia.Node, error) {
			return MaxPool2D(f(1, 4, 4, 1), pool(func(c *Pool2DConfig) { c.StrideW = -1 }))
		}},
		{"op: maxpool2d: padding of 2 x 0 pixels", func() (*gorgonia.Node, error) {
			return MaxPool2D(f(1, 4, 4, 1), pool(func(c *Pool2DConfig) { c.PadH = 2 }))
		}},
		{"op: maxpool2d: window of 256 x 256 pixels, want at most 65535", func() (*gorgonia.Node, error) {
			return MaxPool2D(f(1, 300, 300, 1), pool(func(c *Pool2DConfig) { c.KH, c.KW = 256, 256 }))
		}},
		{"op: avgpool2d: window of 2 x 2 pixels is larger than x of shape (1, 1, 4, 1)", func() (*gorgonia.Node, error) { return AvgPool2D(f(1, 1, 4, 1), pool2) }},
		{"op: avgpool2d: x has shape (4, 4)", func() (*gorgonia.Node, error) { return AvgPool2D(f(4, 4), pool2) }},
		{"op: relu: input 0 has shape (3, 0), want dimensions of at least 1", func() (*gorgonia.Node, error) { return ReLU(f(3, 0)) }},
		{"op: relu: input 0 is nil", func() (*gorgonia.Node, error) { return ReLU(nil) }},
		{"op: sigmoid: input 0 has elements of type int", func() (*gorgonia.Node, error) { return Sigmoid(ints(4)) }},
		{"op: tanh: input is a scalar", func() (*gorgonia.Node, error) { return Tanh(f()) }},
		{"op: softmax: logits have shape (4), want (batch, classes)", func() (*gorgonia.Node, error) { return Softmax(f(4)) }},
		{"op: softmax cross-entropy: labels have shape (6), want (5) for logits of shape (5, 3)",
			func() (*gorgonia.Node, error) { return SoftmaxCrossEntropy(f(5, 3), ints(6)) }},
		{"op: softmax cross-entropy: labels have elements of type float64, want int",
			func() (*gorgonia.Node, error) { return SoftmaxCrossEntropy(f(5, 3), f(5)) }},
		{"op: softmax cross-entropy: labels are nil", func() (*gorgonia.Node, error) { return SoftmaxCrossEntropy(f(5, 3), nil) }},
		{"op: softmax cross-entropy: logits have shape (5)", func() (*gorgonia.Node, error) { return SoftmaxCrossEntropy(f(5), ints(5)) }},
		{"op: softmax cross-entropy: smoothing 1.5 outside [0, 1]",
			func() (*gorgonia.Node, error) { return SmoothedCrossEntropy(f(5, 3), ints(5), 1.5) }},
		{"op: softmax cross-entropy: smoothing NaN outside [0, 1]",
			func() (*gorgonia.Node, error) { return SmoothedCrossEntropy(f(5, 3), ints(5), math.NaN()) }},
		{"op: softmax cross-entropy: labels are nil", func() (*gorgonia.Node, error) { return SmoothedCrossEntropy(f(5, 3), nil, 0.1) }},
		{"op: gelu: input 0 is nil", func() (*gorgonia.Node, error) { return GELU(nil) }},
		{"op: gelu: input is a scalar", func() (*gorgonia.Node, error) { return GELU(f()) }},
		{"op: scale: factor +Inf, want a finite number", func() (*gorgonia.Node, error) { return Scale(f(5), math.Inf(1)) }},
		{"op: scale: input 0 is nil", func() (*gorgonia.Node, error) { return Scale(nil, 1) }},
		{"op: global maxpool2d: x has shape (4, 4), want (batch, height, width, channels)",
			func() (*gorgonia.Node, error) { return GlobalMaxPool2D(f(4, 4)) }},
		{"op: global maxpool2d: x has shape (1, 256, 256, 1), want at most 65535 pixels",
			func() (*gorgonia.Node, error) { return GlobalMaxPool2D(f(1, 256, 256, 1)) }},
		{"op: global avgpool2d: x has shape (4, 4, 1)", func() (*gorgonia.Node, error) { return GlobalAvgPool2D(f(4, 4, 1)) }},
		{"op: concat: no inputs", func() (*gorgonia.Node, error) { return Concat() }},
		{"op: concat: input 1 is nil", func() (*gorgonia.Node, error) { return Concat(f(3, 2), nil) }},
		{"op: concat: inputs of types float64 and float32, want one", func() (*gorgonia.Node, error) { return Concat(f(3, 2), f32(3, 2)) }},
		{"op: concat: input 0 has shape (3), want (batch, ..., n) of rank 2 or more", func() (*gorgonia.Node, error) { return Concat(f(3), f(3)) }},
		{"op: concat: input 2 has shape (3, 5, 2), input 0 (3, 4, 2): want them alike but for the last axis",
			func() (*gorgonia.Node, error) { return Concat(f(3, 4, 2), f(3, 4, 7), f(3, 5, 2)) }},
		{"op: mean squared error: shapes (5, 3) and (5, 1)", func() (*gorgonia.Node, error) { return MeanSquaredError(f(5, 3), f(5, 1)) }},
		{"op: add: shapes (5, 3) and (3, 5)", func() (*gorgonia.Node, error) { return Add(f(5, 3), f(3, 5)) }},
		{"op: dropout: probability 1 outside [0, 1)", func() (*gorgonia.Node, error) { return Dropout(f(5, 3), 1, &Stream{}) }},
		{"op: dropout: probability NaN outside [0, 1)", func() (*gorgonia.Node, error) { return Dropout(f(5, 3), math.NaN(), &Stream{}) }},
		{"op: dropout: the probability or the stream is nil", func() (*gorgonia.Node, error) { return Dropout(f(5, 3), 0.5, nil) }},
		{"op: dropout: the probability or the stream is nil", func() (*gorgonia.Node, error) { return DropoutVar(f(5, 3), nil, &Stream{}) }},
		{"op: dropout: x is a scalar", func() (*gorgonia.Node, error) { return DropoutVar(f(), &half, &Stream{}) }},
		{"op: flatten: x has shape (5)", func() (*gorgonia.Node, error) { return Flatten(f(5)) }},
		{"op: flatten: x has shape (1, 1, 1, 1, 1, 1, 1, 1, 2), want at most rank 8",
			func() (*gorgonia.Node, error) { return Flatten(f(1, 1, 1, 1, 1, 1, 1, 1, 2)) }},
		{"op: batchnorm: x has shape (5, 4), the running statistics have shape (3)", normed(f(5, 4), 4, state(3))},
		{"op: batchnorm: gamma has shape (3), want (4) for x of shape (5, 4)", normed(f(5, 4), 3, state(4))},
		{"op: batchnorm: x has shape (4), want (batch, ..., channels)", normed(f(4), 4, state(4))},
		{"op: batchnorm: the state is nil", normed(f(5, 4), 4, nil)},
		{"op: batchnorm: epsilon 0", normed(f(5, 4), 4, &BatchNormState{})},
		{"op: batchnorm: 0 channels", func() (*gorgonia.Node, error) {
			_, err := NewBatchNormState(0, DefaultBatchNorm)
			return nil, err
		}},
		{"op: batchnorm: momentum 1.5 outside [0, 1]", func() (*gorgonia.Node, error) {
			_, err := NewBatchNormState(3, BatchNormConfig{Epsilon: 1e-5, Momentum: 1.5})
			return nil, err
		}},
	} {
		n, err := c.f()
		if err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%v, %v, want %q", n, err, c.want)
		}
	}
}

// TestRunErrors lists values that don't fit an operation when it runs.
func TestRunErrors(t *testing.T) {
	f := func(shape ...int) *tensor.Dense {
		return tensor.New(tensor.Of(tensor.Float64), tensor.WithShape(shape...))
	}
	labels := func(l ...int) *tensor.Dense { return tensor.New(tensor.WithBacking(l)) }
	p := 0.5
	stream := &Stream{Index: []int32{1, 2, 3}}
	dropout := func(in gorgonia.Nodes) (*gorgonia.Node, error) { return DropoutVar(in[0], &p, stream) }
	entropy := opCase{shapes: [][]int{{2, 3}, {2}}, labels: 1,
		build: func(in gorgonia.Nodes) (*gorgonia.Node, error) { return SoftmaxCrossEntropy(in[0], in[1]) }}
	for _, c := range []struct {
		want string
		opCase
		out gorgonia.Value
		in  []gorgonia.Value
	}{
		{"op: softmax cross-entropy: row 1 has label 3, outside 0 to 2 for 3 classes", entropy, gorgonia.NewF64(0),
			[]gorgonia.Value{f(2, 3), labels(2, 3)}},
		{"op: softmax cross-entropy: row 0 has label -1, outside 0 to 2 for 3 classes", entropy, gorgonia.NewF64(0),
			[]gorgonia.Value{f(2, 3), labels(-1, 3)}},
		{"op: softmax cross-entropy: labels have shape (3), want (2)", entropy, gorgonia.NewF64(0),
			[]gorgonia.Value{f(2, 3), labels(0, 0, 0)}},
		{"op: softmax cross-entropy: 1 inputs, want 2", entropy, gorgonia.NewF64(0), []gorgonia.Value{f(2, 3)}},
		{"op: softmax cross-entropy: input 1: elements of type float64, want int", entropy, gorgonia.NewF64(0), []gorgonia.Value{f(2, 3), f(2)}},
		{"op: softmax cross-entropy: result: shape (2), want a scalar", entropy, f(2), []gorgonia.Value{f(2, 3), labels(0, 0)}},
		{"op: affine: w has shape (5, 3), want (4, units) for x of shape (2, 4)", opCases[0], f(2, 3), []gorgonia.Value{f(2, 4), f(5, 3), f(3)}},
		{"op: affine: result has shape (2, 3), the value to write to (3, 2)", opCases[0], f(3, 2), []gorgonia.Value{f(2, 4), f(4, 3), f(3)}},
		{"op: affine: input 0: no value", opCases[0], f(2, 3), []gorgonia.Value{nil, f(4, 3), f(3)}},
		{"op: affine: result: no value", opCases[0], nil, []gorgonia.Value{f(2, 4), f(4, 3), f(3)}},
		{"op: affine: input 2: shape (3, 1), want rank 1", opCases[0], f(2, 3), []gorgonia.Value{f(2, 4), f(4, 3), f(3, 1)}},
		{"op: affine: input 2: a value of type *gorgonia.F64", opCases[0], f(2, 3), []gorgonia.Value{f(2, 4), f(4, 3), gorgonia.NewF64(1)}},
		{"op: batchnorm: x of shape (1, 3) has one value a channel", opCase{shapes: [][]int{{4, 3}, {3}, {3}}, build: batchnorm(true)},
			f(1, 3), []gorgonia.Value{f(1, 3), f(3), f(3)}},
		{"op: dropout: the stream has 3 example numbers for a batch of 2", opCase{shapes: [][]int{{4, 3}}, build: dropout},
			f(2, 3), []gorgonia.Value{f(2, 3)}},
	} {
		n := build(t, tensor.Float64, c.opCase)
		o := n.y.Op().(*operation)
		if v, err := o.UsePreallocDo(c.out, c.in...); err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%v, %v, want %q", v, err, c.want)
		}
		if strings.Contains(c.want, "result") {
			continue
		}
		if v, err := o.Do(c.in...); err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("Do: %v, %v, want %q", v, err, c.want)
		}
	}
	n := build(t, tensor.Float64, opCase{shapes: [][]int{{3, 2}}, build: dropout})
	p = 1
	if _, err := n.y.Op().Do(f(3, 2)); err == nil || !strings.Contains(err.Error(), "probability 1 outside [0, 1)") {
		t.Errorf("probability changed to 1: %v", err)
	}
}

// TestNoSecondDerivative checks that differentiating a gradient is an error, not a panic or a wrong number.
func TestNoSecondDerivative(t *testing.T) {
	n := build(t, tensor.Float64, opCases[0])
	o := n.grads[0].Op().(*operation)
	if _, err := o.SymDiff(n.in, n.grads[0], n.grads[0]); err == nil || !strings.Contains(err.Error(), "has no derivative") {
		t.Errorf("second derivative: %v", err)
	}
	for _, d := range o.DiffWRT(2) {
		if d {
			t.Error("a gradient says that it can be differentiated")
		}
	}
	if _, err := o.InferShape(tensor.Shape{1}); err == nil {
		t.Error("InferShape takes 1 shape for 2 inputs")
	}
	if _, err := o.InferShape(tensor.Shape{1}, tensor.Shape{2, 3}); err == nil {
		t.Error("InferShape takes a vector for a matrix")
	}
}
