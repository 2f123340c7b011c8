package graph

import (
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

func shapeOps() []stockOp {
	reshape := func(x *gorgonia.Node, shape ...int) *gorgonia.Node { return must(gorgonia.Reshape(x, shape)) }
	turned := func(r *rig) *gorgonia.Node { return must(gorgonia.Transpose(r.cubes(), 1, 0, 2)) }
	return []stockOp{
		{of: "Reshape", how: "flattened", build: func(r *rig) *gorgonia.Node {
			return must(gorgonia.Mul(reshape(r.cubes(), r.n, 12), r.param("v", 12, 2)))
		}},
		{of: "Reshape", how: "to rows", build: func(r *rig) *gorgonia.Node {
			return must(gorgonia.Mul(reshape(r.cubes(), r.n*4, 3), r.param("v", 3, 2)))
		}},
		{of: "Reshape", how: "to rows and back", build: func(r *rig) *gorgonia.Node {
			h := must(gorgonia.Mul(reshape(r.cubes(), r.n*4, 3), r.param("v", 3, 2)))
			return must(gorgonia.Mul(reshape(h, r.n, 8), r.param("u", 8, 3)))
		}},
		{of: "Reshape", how: "the batch in the middle", build: func(r *rig) *gorgonia.Node {
			return must(gorgonia.Sum(reshape(turned(r), 4, 3*r.n), 0))
		}},
		{of: "Reshape", how: "the batch behind, joined before", build: func(r *rig) *gorgonia.Node {
			return must(gorgonia.Sum(reshape(turned(r), 4*r.n, 3), 1))
		}},
		{of: "Reshape", how: "of the transpose", build: func(r *rig) *gorgonia.Node {
			return reshape(must(gorgonia.Transpose(r.rows())), 4*r.n)
		}},
		{of: "Reshape", how: "divided", build: func(r *rig) *gorgonia.Node { return reshape(r.rows(), r.n, 2, 2) }},
		{of: "Reshape", how: "more axes", build: func(r *rig) *gorgonia.Node { return reshape(r.rows(), r.n, 1, 4, 1) }},
		{of: "Reshape", how: "of a parameter", build: func(r *rig) *gorgonia.Node {
			return must(gorgonia.Mul(r.rows(), reshape(r.param("v", 2, 4), 4, 2)))
		}},
		{of: "Reshape", how: "to one row", build: func(r *rig) *gorgonia.Node {
			return must(gorgonia.Square(reshape(r.rows(), 1, 4*r.n)))
		}},
		{of: "Reshape", how: "in another order", build: func(r *rig) *gorgonia.Node { // row-major, so that examples mix
			return must(gorgonia.Mul(r.param("v", 3, 7), reshape(must(gorgonia.HadamardProd(r.feed("x7", 7), r.param("s"))), 7, r.n)))
		}},
		{of: "Ravel", build: func(r *rig) *gorgonia.Node { return must(gorgonia.Square(must(gorgonia.Ravel(r.cubes())))) }},
		{of: "Transpose", build: func(r *rig) *gorgonia.Node { return must(gorgonia.Transpose(r.rows())) }},
		{of: "Transpose", how: "of cubes", build: turned},
		{of: "Slice", how: "of features", build: func(r *rig) *gorgonia.Node { return must(gorgonia.Slice(r.rows(), nil, gorgonia.S(0, 2))) }},
		{of: "Slice", how: "one feature", build: func(r *rig) *gorgonia.Node { return must(gorgonia.Slice(r.rows(), nil, gorgonia.S(1))) }},
		{of: "Slice", how: "a feature of cubes", build: func(r *rig) *gorgonia.Node {
			return must(gorgonia.Slice(r.cubes(), nil, gorgonia.S(1, 4)))
		}},
		{of: "Slice", how: "the whole batch", refuses: true, build: func(r *rig) *gorgonia.Node {
			return must(gorgonia.Slice(r.rows(), gorgonia.S(0, r.n)))
		}},
		{of: "Slice", how: "the whole batch beside the batch", build: func(r *rig) *gorgonia.Node {
			return must(gorgonia.HadamardProd(must(gorgonia.Slice(r.rows(), gorgonia.S(0, r.n))), r.feed("y", 4)))
		}},
		{of: "Slice", how: "half the batch", refuses: true, build: func(r *rig) *gorgonia.Node {
			return must(gorgonia.Slice(r.rows(), gorgonia.S(0, (r.n+1)/2)))
		}},
		{of: "Slice", how: "the first two", refuses: true, build: func(r *rig) *gorgonia.Node {
			return must(gorgonia.Slice(r.rows(), gorgonia.S(0, 2)))
		}},
		{of: "Slice", how: "the last", refuses: true, build: func(r *rig) *gorgonia.Node {
			return must(gorgonia.Slice(r.rows(), gorgonia.S(r.n-1)))
		}},
		{of: "Slice", how: "all but the first", refuses: true, build: func(r *rig) *gorgonia.Node {
			return must(gorgonia.Slice(r.rows(), gorgonia.S(1, r.n)))
		}},
		{of: "Unconcat", how: "along features", build: func(r *rig) *gorgonia.Node {
			parts, err := gorgonia.Unconcat(r.rows(), 1, 2)
			if err != nil {
				panic(err)
			}
			return must(gorgonia.HadamardProd(must(gorgonia.HadamardProd(parts[0], parts[1])), r.feed("y", 2)))
		}},
		{of: "Unconcat", how: "along the batch", refuses: true, build: func(r *rig) *gorgonia.Node {
			parts, err := gorgonia.Unconcat(r.rows(), 0, r.n)
			if err != nil {
				panic(err)
			}
			return must(gorgonia.ReduceAdd(parts))
		}},
		{of: "Concat", how: "along features", build: func(r *rig) *gorgonia.Node {
			return must(gorgonia.Concat(1, r.rows(), r.feed("y", 3)))
		}},
		{of: "Concat", how: "along the batch", build: func(r *rig) *gorgonia.Node {
			return must(gorgonia.Concat(0, r.rows(), must(gorgonia.HadamardProd(r.feed("y", 4), r.param("s")))))
		}},
		{of: "Concat", how: "with itself", build: func(r *rig) *gorgonia.Node {
			x := r.rows()
			return must(gorgonia.Concat(0, x, x, must(gorgonia.Exp(x))))
		}},
		{of: "Concat", how: "with a row", build: func(r *rig) *gorgonia.Node {
			return must(gorgonia.Square(must(gorgonia.Concat(0, r.rows(), r.param("row", 1, 4)))))
		}},
		{of: "Concat", how: "a row first", build: func(r *rig) *gorgonia.Node {
			return must(gorgonia.Square(must(gorgonia.Concat(0, r.param("row", 1, 4), r.rows()))))
		}},
		{of: "Concat", how: "with rows of the batch's size", refuses: true, build: func(r *rig) *gorgonia.Node {
			return must(gorgonia.Concat(1, r.rows(), r.param("k", r.n, 3)))
		}},
		{of: "KeepDims", build: func(r *rig) *gorgonia.Node {
			x := r.rows()
			m := must(gorgonia.KeepDims(x, false, func(a *gorgonia.Node) (*gorgonia.Node, error) { return gorgonia.Mean(a, 1) }))
			return must(gorgonia.BroadcastSub(x, m, nil, []byte{1}))
		}},
		{of: "KeepDims", how: "to the left", build: func(r *rig) *gorgonia.Node {
			x := r.rows()
			m := must(gorgonia.KeepDims(x, true, func(a *gorgonia.Node) (*gorgonia.Node, error) { return gorgonia.Mean(a, 0) }))
			return must(gorgonia.BroadcastSub(x, m, nil, []byte{0}))
		}},
		{of: "ByIndices", how: "of a table", build: func(r *rig) *gorgonia.Node {
			k := gorgonia.NewVector(r.g, tensor.Int, gorgonia.WithShape(3), gorgonia.WithName("k"), gorgonia.WithValue(tensor.New(tensor.WithBacking([]int{2, 0, 1}))))
			return must(gorgonia.Mul(r.feed("x", 3), must(gorgonia.ByIndices(r.param("table", 3, 4), k, 0))))
		}},
		{of: "ByIndices", how: "of the batch", build: func(r *rig) *gorgonia.Node {
			k := gorgonia.NewVector(r.g, tensor.Int, gorgonia.WithShape(3), gorgonia.WithName("k"), gorgonia.WithValue(tensor.New(tensor.WithBacking([]int{0, 0, 0}))))
			return must(gorgonia.ByIndices(r.rows(), k, 0))
		}},
		{of: "At", how: "of the batch", refuses: true, build: func(r *rig) *gorgonia.Node {
			return must(gorgonia.Add(must(gorgonia.At(r.rows(), r.n-1, 1)), r.param("b")))
		}},
		{of: "At", how: "of a parameter", build: func(r *rig) *gorgonia.Node {
			return must(gorgonia.HadamardProd(r.rows(), must(gorgonia.At(r.input("k", 2, 2), 1, 1))))
		}},
		{of: "SizeOf", build: func(r *rig) *gorgonia.Node {
			x := r.rows()
			return must(gorgonia.HadamardDiv(x, must(gorgonia.SizeOf(0, x))))
		}},
		{of: "DiagFlat", build: func(r *rig) *gorgonia.Node {
			return must(gorgonia.DiagFlat(r.feed("x")))
		}},
		{of: "DiagFlat", how: "of rows", build: func(r *rig) *gorgonia.Node {
			return must(gorgonia.DiagFlat(r.feed("x", 2)))
		}},
		{of: "ConvType", refuses: true, build: func(r *rig) *gorgonia.Node {
			x := must(gorgonia.ConvType(r.feed("x", 4), tensor.Float64, tensor.Int))
			return must(gorgonia.HadamardProd(must(gorgonia.ConvType(x, tensor.Int, tensor.Float64)), r.param("s")))
		}},
		{of: "UniformRandomNode", refuses: true, build: func(r *rig) *gorgonia.Node { return noise(r, gorgonia.UniformRandomNode, 0, 1) }},
		{of: "GaussianRandomNode", refuses: true, build: func(r *rig) *gorgonia.Node { return noise(r, gorgonia.GaussianRandomNode, 0, 1) }},
		{of: "BinomialRandomNode", refuses: true, build: func(r *rig) *gorgonia.Node { return noise(r, gorgonia.BinomialRandomNode, 5, 0.5) }},
		{of: "OneHotVector", build: func(r *rig) *gorgonia.Node {
			return must(gorgonia.Mul(r.rows(), gorgonia.OneHotVector(2, 4, r.dt, gorgonia.In(r.g), gorgonia.WithName("hot"))))
		}},
		{of: "NewConstant", how: "of the batch's size", refuses: true, build: func(r *rig) *gorgonia.Node {
			return must(gorgonia.HadamardProd(r.rows(), gorgonia.NewConstant(random(r.dt, "k", r.n, 4))))
		}},
		{of: "NewConstant", how: "of features", build: func(r *rig) *gorgonia.Node {
			return must(gorgonia.BroadcastHadamardProd(r.rows(), gorgonia.NewConstant(random(r.dt, "k", 1, 4), gorgonia.In(r.g)), nil, []byte{0}))
		}},
	}
}

// noise adds nothing times random numbers of the batch's size.
func noise(r *rig, f func(g *gorgonia.ExprGraph, dt tensor.Dtype, a, b float64, shape ...int) *gorgonia.Node, a, b float64) *gorgonia.Node {
	none := must(gorgonia.HadamardProd(f(r.g, r.dt, a, b, r.n, 4), r.constant(0)))
	return must(gorgonia.Add(r.rows(), none))
}

func productOps() []stockOp {
	return []stockOp{
		{of: "Mul", build: func(r *rig) *gorgonia.Node { return must(gorgonia.Mul(r.rows(), r.param("v", 4, 2))) }},
		{of: "Mul", how: "by a vector", build: func(r *rig) *gorgonia.Node { return must(gorgonia.Mul(r.rows(), r.param("v", 4))) }},
		{of: "Mul", how: "of a vector", build: func(r *rig) *gorgonia.Node { return must(gorgonia.Mul(r.column(), r.rows())) }},
		{of: "Mul", how: "of vectors", build: func(r *rig) *gorgonia.Node { return must(gorgonia.Mul(r.column(), r.feed("y"))) }},
		{of: "Mul", how: "with the transpose", build: func(r *rig) *gorgonia.Node {
			x := r.rows()
			return must(gorgonia.Mul(must(gorgonia.Transpose(x)), must(gorgonia.Tanh(x))))
		}},
		{of: "Mul", how: "all pairs", build: func(r *rig) *gorgonia.Node {
			x := r.rows()
			return must(gorgonia.Tanh(must(gorgonia.Mul(x, must(gorgonia.Transpose(must(gorgonia.Exp(x))))))))
		}},
		{of: "Mul", how: "by a matrix of the batch's size", refuses: true, build: func(r *rig) *gorgonia.Node {
			return must(gorgonia.Mul(r.param("k", 3, r.n), r.rows()))
		}},
		{of: "Mul", how: "of vectors of the batch's size", refuses: true, build: func(r *rig) *gorgonia.Node {
			return must(gorgonia.Mul(r.column(), r.param("k", r.n)))
		}},
		{of: "OuterProd", build: func(r *rig) *gorgonia.Node { return must(gorgonia.OuterProd(r.feed("u"), r.feed("v"))) }},
		{of: "OuterProd", how: "with features", build: func(r *rig) *gorgonia.Node {
			return must(gorgonia.OuterProd(r.feed("u"), r.input("v", 3)))
		}},
		{of: "OuterProd", how: "flattened", build: func(r *rig) *gorgonia.Node {
			k := must(gorgonia.OuterProd(r.feed("u"), r.feed("v")))
			return must(gorgonia.HadamardProd(must(gorgonia.Reshape(k, tensor.Shape{r.n * r.n})), r.param("s")))
		}},
		{of: "BatchedMatMul", build: func(r *rig) *gorgonia.Node {
			return must(gorgonia.BatchedMatMul(r.cubes(), must(gorgonia.HadamardProd(r.feed("y", 3, 2), r.param("s")))))
		}},
		{of: "BatchedMatMul", how: "transposed", build: func(r *rig) *gorgonia.Node {
			return must(gorgonia.BatchedMatMul(r.cubes(), must(gorgonia.HadamardProd(r.feed("y", 4, 2), r.param("s"))), true, false))
		}},
		{of: "BatchedMatMul", how: "by a stack of the batch's size", refuses: true, build: func(r *rig) *gorgonia.Node {
			return must(gorgonia.BatchedMatMul(r.cubes(), r.param("k", r.n, 3, 2)))
		}},
		{of: "Tensordot", build: func(r *rig) *gorgonia.Node {
			return must(gorgonia.Tensordot([]int{1}, []int{0}, r.rows(), r.param("v", 4, 2)))
		}},
		{of: "Tensordot", how: "of cubes", build: func(r *rig) *gorgonia.Node {
			return must(gorgonia.Tensordot([]int{1, 2}, []int{0, 1}, r.cubes(), r.param("v", 4, 3, 2)))
		}},
		{of: "Tensordot", how: "over the batch", build: func(r *rig) *gorgonia.Node {
			return must(gorgonia.Tensordot([]int{0}, []int{0}, r.rows(), r.feed("y", 2)))
		}},
		{of: "Tensordot", how: "over a parameter of the batch's size", refuses: true, build: func(r *rig) *gorgonia.Node {
			return must(gorgonia.Tensordot([]int{0}, []int{0}, r.rows(), r.param("k", r.n, 2)))
		}},
	}
}

func reducingOps() []stockOp {
	var list []stockOp
	for name, f := range map[string]func(a *gorgonia.Node, along ...int) (*gorgonia.Node, error){"Sum": gorgonia.Sum, "Mean": gorgonia.Mean, "Max": gorgonia.Max} {
		for how, along := range map[string][]int{"of all": nil, "of the batch": {0}, "of features": {1}} {
			list = append(list, stockOp{of: name, how: how, build: func(r *rig) *gorgonia.Node { return must(f(r.rows(), along...)) }})
		}
		for how, along := range map[string][]int{"cubes, the last": {2}, "cubes, two": {1, 2}, "cubes, the batch": {0}, "cubes, first and last": {0, 2}} {
			list = append(list, stockOp{of: name, how: how, build: func(r *rig) *gorgonia.Node { return must(f(r.cubes(), along...)) }})
		}
	}
	add := func(of, how string, build func(r *rig) *gorgonia.Node) {
		list = append(list, stockOp{of: of, how: how, build: build})
	}
	add("Norm", "of features", func(r *rig) *gorgonia.Node { return must(gorgonia.Norm(r.rows(), 1, 2)) })
	add("Norm", "of the batch", func(r *rig) *gorgonia.Node { return must(gorgonia.Norm(r.rows(), 0, 2)) })
	add("Norm", "of the fourth order", func(r *rig) *gorgonia.Node { return must(gorgonia.Norm(r.positive(), 1, 4)) })
	add("ReduceAdd", "", func(r *rig) *gorgonia.Node {
		return must(gorgonia.ReduceAdd(gorgonia.Nodes{r.rows(), r.feed("y", 4), r.feed("z", 4)}))
	})
	add("ReduceMul", "", func(r *rig) *gorgonia.Node {
		return must(gorgonia.ReduceMul(gorgonia.Nodes{must(gorgonia.Sum(r.rows())), r.param("s"), r.param("t")}))
	})
	add("SoftMax", "", func(r *rig) *gorgonia.Node { return must(gorgonia.SoftMax(r.rows())) })
	add("SoftMax", "of the batch", func(r *rig) *gorgonia.Node { return must(gorgonia.SoftMax(r.rows(), 0)) })
	add("SoftMax", "of a vector", func(r *rig) *gorgonia.Node { return must(gorgonia.SoftMax(r.column())) })
	add("SoftMax", "of a column", func(r *rig) *gorgonia.Node {
		return must(gorgonia.SoftMax(must(gorgonia.Reshape(r.column(), tensor.Shape{r.n, 1}))))
	})
	add("LogSoftMax", "", func(r *rig) *gorgonia.Node { return must(gorgonia.LogSoftMax(r.rows())) })
	add("Sparsemax", "", func(r *rig) *gorgonia.Node {
		return must(gorgonia.HadamardProd(must(gorgonia.Sparsemax(r.rows())), r.feed("y", 4)))
	})
	return append(list, stockOp{of: "LogSumExp", refuses: true, unrun: true, build: func(r *rig) *gorgonia.Node {
		return must(gorgonia.LogSumExp(r.column(), 0))
	}})
}
