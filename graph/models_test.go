package graph

import (
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// model is a graph to compare machines on.
type model struct {
	name  string
	build func(r *rig) *gorgonia.Node
	fixed bool // Gorgonia's ops in it work at one batch size only
}

// models are graphs of stock ops that a TapeMachine runs right.
var models = []model{
	{name: "mlp", build: func(r *rig) *gorgonia.Node {
		h := must(gorgonia.Mul(r.feed("x", 7), r.param("w0", 7, 6)))
		h = must(gorgonia.BroadcastAdd(h, r.param("b0", 1, 6), nil, []byte{0}))
		h = must(gorgonia.Rectify(h))
		h = must(gorgonia.Mul(h, r.param("w1", 6, 4)))
		h = must(gorgonia.BroadcastAdd(h, r.param("b1", 1, 4), nil, []byte{0}))
		p := must(gorgonia.SoftMax(h))
		return must(gorgonia.Neg(must(gorgonia.Mean(must(gorgonia.HadamardProd(must(gorgonia.Log(p)), r.feed("y", 4)))))))
	}},
	{name: "logistic", build: func(r *rig) *gorgonia.Node {
		h := must(gorgonia.Sigmoid(must(gorgonia.Mul(r.feed("x", 5), r.param("w", 5)))))
		return r.cost(must(gorgonia.Sub(h, r.feed("y"))))
	}},
	{name: "scalar bias", build: func(r *rig) *gorgonia.Node {
		h := must(gorgonia.Add(must(gorgonia.Mul(r.feed("x", 5), r.param("w", 5))), r.param("b")))
		return r.cost(h)
	}},
	{name: "scalars only", build: func(r *rig) *gorgonia.Node {
		a, b, c := r.param("a"), r.param("b"), r.param("c")
		h := must(gorgonia.Add(must(gorgonia.Mul(a, b)), must(gorgonia.Exp(c))))
		return must(gorgonia.Div(must(gorgonia.Tanh(h)), must(gorgonia.Add(must(gorgonia.Square(a)), r.constant(2)))))
	}},
	{name: "scalar gradient is a constant", build: func(r *rig) *gorgonia.Node {
		return must(gorgonia.Add(must(gorgonia.Sum(r.feed("x", 3))), r.param("b")))
	}},
	{name: "unary ops", build: func(r *rig) *gorgonia.Node {
		h := must(gorgonia.Mul(r.feed("x", 4), r.param("w", 4, 4)))
		var sum *gorgonia.Node
		for _, f := range []func(*gorgonia.Node) (*gorgonia.Node, error){
			gorgonia.Abs, gorgonia.Sin, gorgonia.Cos, gorgonia.Exp, gorgonia.Neg, gorgonia.Square, gorgonia.Cube, gorgonia.Tanh,
			gorgonia.Sigmoid, gorgonia.Expm1, gorgonia.Softplus, gorgonia.Inverse,
		} {
			n := must(f(h))
			if sum != nil {
				n = must(gorgonia.Add(sum, n))
			}
			sum = n
		}
		return must(gorgonia.Mean(sum))
	}},
	{name: "unary ops of positive numbers", build: func(r *rig) *gorgonia.Node {
		h := must(gorgonia.Square(must(gorgonia.Mul(r.feed("x", 4), r.param("w", 4, 4)))))
		sum := must(gorgonia.Log(must(gorgonia.Add(h, r.constant(0.5)))))
		for _, f := range []func(*gorgonia.Node) (*gorgonia.Node, error){gorgonia.Sqrt, gorgonia.Log1p} {
			sum = must(gorgonia.Add(sum, must(f(must(gorgonia.Add(h, r.constant(0.25)))))))
		}
		return must(gorgonia.Mean(sum))
	}},
	{name: "scalar with tensor", build: func(r *rig) *gorgonia.Node {
		h := must(gorgonia.Mul(r.feed("x", 4), r.param("w", 4, 3)))
		s := r.param("s")
		h = must(gorgonia.Add(must(gorgonia.HadamardProd(h, s)), s))
		h = must(gorgonia.Sub(r.constant(1.5), h))
		h = must(gorgonia.HadamardDiv(h, must(gorgonia.Add(must(gorgonia.Square(s)), r.constant(1)))))
		h = must(gorgonia.Pow(must(gorgonia.Abs(h)), r.constant(2)))
		return must(gorgonia.Mean(h))
	}},
	{name: "comparisons", build: func(r *rig) *gorgonia.Node {
		h := must(gorgonia.Mul(r.feed("x", 4), r.param("w", 4, 3)))
		k := r.feed("k", 3)
		var sum *gorgonia.Node
		for _, f := range []func(a, b *gorgonia.Node, same bool) (*gorgonia.Node, error){
			gorgonia.Lt, gorgonia.Gt, gorgonia.Lte, gorgonia.Gte, gorgonia.Eq, gorgonia.Ne,
		} {
			n := must(gorgonia.HadamardProd(h, must(f(h, k, true))))
			if sum != nil {
				n = must(gorgonia.Add(must(gorgonia.HadamardProd(sum, r.constant(1.5))), n))
			}
			sum = n
		}
		return r.cost(sum)
	}},
	{name: "reductions", build: func(r *rig) *gorgonia.Node {
		h := must(gorgonia.Mul(r.feed("x", 4), r.param("w", 4, 3)))
		a := must(gorgonia.Mean(must(gorgonia.Square(must(gorgonia.Sum(h, 0))))))
		b := must(gorgonia.Sum(must(gorgonia.Tanh(must(gorgonia.Mean(h, 1))))))
		c := must(gorgonia.Mean(must(gorgonia.Max(h, 1))))
		return must(gorgonia.Add(must(gorgonia.Add(a, b)), c))
	}},
	{name: "softmax", build: func(r *rig) *gorgonia.Node {
		h := must(gorgonia.Mul(r.feed("x", 4), r.param("w", 4, 3)))
		return r.cost(must(gorgonia.HadamardProd(must(gorgonia.SoftMax(h, 1)), r.feed("y", 3))))
	}},
	{name: "logsoftmax", build: func(r *rig) *gorgonia.Node {
		h := must(gorgonia.Mul(r.feed("x", 4), r.param("w", 4, 3)))
		return r.cost(must(gorgonia.HadamardProd(must(gorgonia.LogSoftMax(h)), r.feed("y", 3))))
	}},
	{name: "leaky rectifier", build: func(r *rig) *gorgonia.Node {
		return r.cost(must(gorgonia.LeakyRelu(must(gorgonia.Mul(r.feed("x", 4), r.param("w", 4, 3))), 0.1)))
	}},
	{name: "threshold at one", build: func(r *rig) *gorgonia.Node {
		h := must(gorgonia.Mul(r.feed("x", 4), r.param("w", 4, 3)))
		return r.cost(must(gorgonia.HadamardProd(h, must(gorgonia.Gte(h, r.constant(1), true)))))
	}},
	{name: "gate of another value", build: func(r *rig) *gorgonia.Node {
		h := must(gorgonia.Mul(r.feed("x", 4), r.param("w", 4, 3)))
		gate := must(gorgonia.Gte(h, r.constant(0), true))
		return r.cost(must(gorgonia.HadamardProd(must(gorgonia.HadamardProd(r.feed("k", 3), gate)), must(gorgonia.Exp(h)))))
	}},
	{name: "broadcast", build: func(r *rig) *gorgonia.Node {
		h := must(gorgonia.Mul(r.feed("x", 4), r.param("w", 4, 3)))
		h = must(gorgonia.BroadcastHadamardProd(h, r.param("scale", 1, 3), nil, []byte{0}))
		h = must(gorgonia.BroadcastSub(h, r.param("shift", 3), nil, []byte{0}))
		h = must(gorgonia.BroadcastAdd(r.param("row", 1, 3), h, []byte{0}, nil))
		return r.cost(h)
	}},
	{name: "broadcast a column", build: func(r *rig) *gorgonia.Node {
		h := must(gorgonia.Mul(r.feed("x", 4), r.param("w", 4, 3)))
		c := must(gorgonia.Mul(r.feed("z", 2), r.param("v", 2, 1)))
		return r.cost(must(gorgonia.BroadcastAdd(h, c, nil, []byte{1})))
	}},
	{name: "slices", build: func(r *rig) *gorgonia.Node {
		h := must(gorgonia.Mul(r.feed("x", 4), r.param("w", 4, 6)))
		a := must(gorgonia.Slice(h, nil, gorgonia.S(0, 2)))
		b := must(gorgonia.Slice(h, nil, gorgonia.S(3, 5)))
		return r.cost(must(gorgonia.Sub(must(gorgonia.Tanh(a)), b)))
	}},
	{name: "slice one column", build: func(r *rig) *gorgonia.Node {
		h := must(gorgonia.Mul(r.feed("x", 4), r.param("w", 4, 6)))
		return r.cost(must(gorgonia.Tanh(must(gorgonia.Slice(h, nil, gorgonia.S(2))))))
	}},
	{name: "concat", build: func(r *rig) *gorgonia.Node {
		x := r.feed("x", 4)
		a := must(gorgonia.Tanh(must(gorgonia.Mul(x, r.param("w0", 4, 3)))))
		b := must(gorgonia.Mul(x, r.param("w1", 4, 2)))
		return r.cost(must(gorgonia.Concat(1, a, b, a)))
	}},
	{name: "reshape", build: func(r *rig) *gorgonia.Node {
		h := must(gorgonia.Mul(r.feed("x", 6), r.param("w", 6, 4)))
		return r.cost(must(gorgonia.Tanh(must(gorgonia.Reshape(h, tensor.Shape{r.n, 2, 2})))))
	}},
	{name: "reshape an input", build: func(r *rig) *gorgonia.Node {
		h := must(gorgonia.Reshape(r.feed("x", 2, 3), tensor.Shape{r.n, 6}))
		return r.cost(must(gorgonia.Mul(h, r.param("w", 6, 4))))
	}},
	{name: "reshape to a vector", build: func(r *rig) *gorgonia.Node {
		h := must(gorgonia.Tanh(must(gorgonia.Mul(r.feed("x", 6), r.param("w", 6, 4)))))
		return r.cost(must(gorgonia.Exp(must(gorgonia.Reshape(h, tensor.Shape{r.n * 4})))))
	}},
	{name: "reshape a weight", build: func(r *rig) *gorgonia.Node {
		w := must(gorgonia.Reshape(r.param("w", 12), tensor.Shape{4, 3}))
		return r.cost(must(gorgonia.Mul(r.feed("x", 4), w)))
	}},
	{name: "transpose", build: func(r *rig) *gorgonia.Node {
		w := must(gorgonia.Transpose(r.param("w", 3, 4), 1, 0))
		h := must(gorgonia.Mul(r.feed("x", 4), w))
		return r.cost(must(gorgonia.Transpose(must(gorgonia.Tanh(h)), 1, 0)))
	}},
	{name: "repeated children", build: func(r *rig) *gorgonia.Node {
		w := r.param("w", 4, 4)
		h := must(gorgonia.Mul(r.feed("x", 4), must(gorgonia.Mul(w, w))))
		h = must(gorgonia.HadamardProd(h, h))
		return r.cost(must(gorgonia.Add(h, h)))
	}},
	{name: "constants", build: func(r *rig) *gorgonia.Node {
		h := must(gorgonia.Mul(r.feed("x", 4), gorgonia.NewConstant(random(r.dt, "k", 4, 3))))
		h = must(gorgonia.HadamardProd(h, r.constant(0.5)))
		return r.cost(must(gorgonia.Mul(h, r.param("w", 3, 2))))
	}},
	{name: "shared gradient node", build: func(r *rig) *gorgonia.Node {
		x := r.feed("x", 4)
		h := must(gorgonia.Add(must(gorgonia.Mul(x, r.param("w0", 4, 3))), must(gorgonia.Mul(x, r.param("w1", 4, 3)))))
		return r.cost(h)
	}},
	{name: "gradient is a fed node", build: func(r *rig) *gorgonia.Node {
		return must(gorgonia.Sum(must(gorgonia.HadamardProd(r.param("w", 3, 2), r.input("k", 3, 2)))))
	}},
	{name: "gradient used twice", build: func(r *rig) *gorgonia.Node {
		h := must(gorgonia.Add(r.param("a", 3, 2), r.param("b", 3, 2)))
		return r.cost(must(gorgonia.Mul(r.feed("x", 3), h)))
	}},
	{name: "frozen weights", build: func(r *rig) *gorgonia.Node {
		f := r.input("f", 4, 5)
		r.frozen = append(r.frozen, f)
		return r.cost(must(gorgonia.Mul(must(gorgonia.Tanh(must(gorgonia.Mul(r.feed("x", 4), f)))), r.param("w", 5, 2))))
	}},
	{name: "several outputs", build: func(r *rig) *gorgonia.Node {
		h := must(gorgonia.Tanh(must(gorgonia.Mul(r.feed("x", 4), r.param("w", 4, 3)))))
		r.outs = append(r.outs, must(gorgonia.Exp(h)), must(gorgonia.Mul(h, r.param("v", 3, 2))))
		return must(gorgonia.Add(r.cost(h), must(gorgonia.Sum(must(gorgonia.Square(r.params[1]))))))
	}},
	{name: "matrix times vector", build: func(r *rig) *gorgonia.Node {
		return r.cost(must(gorgonia.Mul(r.feed("x", 3), must(gorgonia.Mul(r.param("w", 3, 4), r.param("v", 4))))))
	}},
	{name: "scalar product", build: func(r *rig) *gorgonia.Node {
		h := must(gorgonia.Tanh(must(gorgonia.Mul(r.feed("x", 3), r.param("v", 3)))))
		return must(gorgonia.Mul(h, must(gorgonia.Exp(h))))
	}},
	{name: "outer product", build: func(r *rig) *gorgonia.Node {
		k := must(gorgonia.OuterProd(r.input("u", 3), r.input("v", 4)))
		return r.cost(must(gorgonia.Mul(r.feed("x", 3), must(gorgonia.HadamardProd(k, r.param("w", 3, 4))))))
	}},
	{name: "batched product", build: func(r *rig) *gorgonia.Node {
		return r.cost(must(gorgonia.BatchedMatMul(r.feed("x", 3, 4), must(gorgonia.Tanh(r.param("w", r.n, 4, 2))))))
	}, fixed: true},
	{name: "tensordot", build: func(r *rig) *gorgonia.Node {
		return r.cost(must(gorgonia.Tensordot([]int{1}, []int{0}, r.feed("x", 3), r.param("w", 3, 2))))
	}},
	{name: "conv", build: func(r *rig) *gorgonia.Node {
		k, p, s, d := tensor.Shape{3, 3}, []int{1, 1}, []int{1, 1}, []int{1, 1}
		h := must(gorgonia.Rectify(must(gorgonia.Conv2d(r.feed("x", 2, 6, 6), r.param("c0", 3, 2, 3, 3), k, p, s, d))))
		h = must(gorgonia.MaxPool2D(h, tensor.Shape{2, 2}, []int{0, 0}, []int{2, 2}))
		h = must(gorgonia.Conv2d(h, r.param("c1", 4, 3, 3, 3), k, p, s, d))
		h = must(gorgonia.Reshape(h, tensor.Shape{r.n, 36}))
		return r.cost(must(gorgonia.Mul(h, r.param("w", 36, 2))))
	}, fixed: true},
	{name: "one convolution", build: func(r *rig) *gorgonia.Node {
		h := must(gorgonia.Conv2d(r.feed("x", 2, 6, 6), r.param("c", 3, 2, 3, 3), tensor.Shape{3, 3}, []int{0, 0}, []int{1, 1}, []int{1, 1}))
		return r.cost(must(gorgonia.Tanh(h)))
	}},
	{name: "pools", build: func(r *rig) *gorgonia.Node {
		h := must(gorgonia.HadamardProd(r.feed("x", 2, 6, 6), r.param("s")))
		h = must(gorgonia.MaxPool2D(h, tensor.Shape{3, 3}, []int{1, 1}, []int{2, 2}))
		return r.cost(must(gorgonia.MaxPool2D(h, tensor.Shape{2, 2}, []int{0, 0}, []int{1, 1})))
	}},
	{name: "batch norm", build: func(r *rig) *gorgonia.Node {
		h := must(gorgonia.Mul(r.feed("x", 4), r.param("w", 4, 3)))
		y, _, _, _, err := gorgonia.BatchNorm(h, r.param("scale", 1, 3), r.param("bias", 1, 3), 0.1, 1e-5)
		return r.cost(must(gorgonia.Tanh(must(y, err))))
	}},
	{name: "minimum and maximum", build: func(r *rig) *gorgonia.Node {
		h := must(gorgonia.Mul(r.feed("x", 4), r.param("w", 4, 3)))
		k := r.feed("k", 3)
		return r.cost(must(gorgonia.Add(must(gorgonia.MinBetween(h, k)), must(gorgonia.Exp(must(gorgonia.MaxBetween(h, k)))))))
	}},
	{name: "mish", build: func(r *rig) *gorgonia.Node {
		return r.cost(must(gorgonia.Mish(must(gorgonia.Mul(r.feed("x", 4), r.param("w", 4, 3))))))
	}},
	{name: "norms", build: func(r *rig) *gorgonia.Node {
		h := must(gorgonia.Mul(r.feed("x", 4), r.param("w", 4, 3)))
		return must(gorgonia.Sum(must(gorgonia.Norm(h, 1, 2))))
	}},
	{name: "upsample", build: func(r *rig) *gorgonia.Node {
		return r.cost(must(gorgonia.Upsample2D(must(gorgonia.HadamardProd(r.feed("x", 2, 3, 3), r.param("s"))), 2)))
	}},
	{name: "rows by index", build: func(r *rig) *gorgonia.Node {
		k := gorgonia.NewVector(r.g, tensor.Int, gorgonia.WithShape(3), gorgonia.WithName("k"), gorgonia.WithValue(tensor.New(tensor.WithBacking([]int{4, 0, 2}))))
		rows := must(gorgonia.ByIndices(r.param("w", 5, 4), k, 0))
		return r.cost(must(gorgonia.Mul(r.feed("x", 3), rows)))
	}},
	{name: "keep dimensions", build: func(r *rig) *gorgonia.Node {
		h := must(gorgonia.Mul(r.feed("x", 4), r.param("w", 4, 3)))
		m := must(gorgonia.KeepDims(h, false, func(a *gorgonia.Node) (*gorgonia.Node, error) { return gorgonia.Mean(a, 1) }))
		return r.cost(must(gorgonia.BroadcastSub(h, m, nil, []byte{1})))
	}},
	{name: "binary cross-entropy", build: func(r *rig) *gorgonia.Node {
		h := must(gorgonia.Sigmoid(must(gorgonia.Mul(r.feed("x", 4), r.param("w", 4)))))
		return must(gorgonia.Mean(must(gorgonia.BinaryXent(h, r.feed("y")))))
	}},
	{name: "one row of a weight", build: func(r *rig) *gorgonia.Node {
		row := must(gorgonia.Slice(r.param("w", 3, 4), gorgonia.S(1)))
		return r.cost(must(gorgonia.Mul(r.feed("x", 4), row)))
	}},
	{name: "stacked rows", build: func(r *rig) *gorgonia.Node {
		w := must(gorgonia.Concat(0, r.param("w0", 2, 3), r.param("w1", 3, 3)))
		return r.cost(must(gorgonia.Mul(r.feed("x", 5), w)))
	}},
	{name: "negated twice", build: func(r *rig) *gorgonia.Node {
		h := must(gorgonia.Neg(must(gorgonia.Mul(r.feed("x", 4), r.param("w", 4, 3)))))
		return must(gorgonia.Neg(r.cost(must(gorgonia.Exp(h)))))
	}},
	{name: "dead branches", build: func(r *rig) *gorgonia.Node {
		h := must(gorgonia.Tanh(must(gorgonia.Mul(r.feed("x", 4), r.param("w", 4, 3)))))
		must(gorgonia.Exp(must(gorgonia.Sum(h))))
		return r.cost(h)
	}},
}
