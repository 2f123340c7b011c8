package graph

import (
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// stockOp is a graph of one of Gorgonia's functions, for a batch of r.n.
type stockOp struct {
	of      string // the function
	how     string // of several rows for one function
	build   func(r *rig) *gorgonia.Node
	refuses bool // at any other batch
	unrun   bool // refused or failing at any batch
}

type (
	unaryFunc     = func(*gorgonia.Node) (*gorgonia.Node, error)
	binaryFunc    = func(a, b *gorgonia.Node) (*gorgonia.Node, error)
	relationFunc  = func(a, b *gorgonia.Node, same bool) (*gorgonia.Node, error)
	broadcastFunc = func(a, b *gorgonia.Node, left, right []byte) (*gorgonia.Node, error)
)

// stockOps has a row at least for every function of Gorgonia that makes nodes; TestEveryStockOp holds that.
func stockOps() []stockOp {
	list := append(elementwiseOps(), shapeOps()...)
	list = append(list, productOps()...)
	list = append(list, reducingOps()...)
	return append(list, networkOps()...)
}

func elementwiseOps() []stockOp {
	var list []stockOp
	for name, f := range map[string]unaryFunc{
		"Abs": gorgonia.Abs, "Sign": gorgonia.Sign, "Ceil": gorgonia.Ceil, "Floor": gorgonia.Floor, "Sin": gorgonia.Sin, "Cos": gorgonia.Cos,
		"Exp": gorgonia.Exp, "Neg": gorgonia.Neg, "Square": gorgonia.Square, "Cube": gorgonia.Cube, "Tanh": gorgonia.Tanh, "Sigmoid": gorgonia.Sigmoid,
		"Expm1": gorgonia.Expm1, "Softplus": gorgonia.Softplus, "Inverse": gorgonia.Inverse, "Mish": gorgonia.Mish, "Rectify": gorgonia.Rectify,
	} {
		list = append(list, stockOp{of: name, build: func(r *rig) *gorgonia.Node { return must(f(r.rows())) }})
	}
	for name, f := range map[string]unaryFunc{
		"Log": gorgonia.Log, "Log2": gorgonia.Log2, "Log1p": gorgonia.Log1p, "Sqrt": gorgonia.Sqrt, "InverseSqrt": gorgonia.InverseSqrt,
	} {
		list = append(list, stockOp{of: name, build: func(r *rig) *gorgonia.Node { return must(f(r.positive())) }})
	}
	for name, f := range map[string]binaryFunc{
		"Add": gorgonia.Add, "Sub": gorgonia.Sub, "HadamardProd": gorgonia.HadamardProd, "HadamardDiv": gorgonia.HadamardDiv, "Div": gorgonia.Div,
		"Pow": gorgonia.Pow, "MinBetween": gorgonia.MinBetween, "MaxBetween": gorgonia.MaxBetween,
	} {
		list = append(list,
			stockOp{of: name, build: func(r *rig) *gorgonia.Node {
				return must(f(r.positive(), must(gorgonia.Exp(r.feed("y", 4)))))
			}},
			stockOp{of: name, how: "of a tensor of the batch's size", refuses: true, build: func(r *rig) *gorgonia.Node {
				return must(f(r.positive(), must(gorgonia.Exp(r.param("k", r.n, 4)))))
			}})
		if name == "MinBetween" || name == "MaxBetween" {
			continue
		}
		list = append(list, stockOp{of: name, how: "with a scalar", build: func(r *rig) *gorgonia.Node {
			return must(f(r.positive(), must(gorgonia.Exp(r.param("k")))))
		}}, stockOp{of: name, how: "of a scalar", build: func(r *rig) *gorgonia.Node {
			return must(f(must(gorgonia.Exp(r.param("k"))), r.positive()))
		}})
	}
	for name, f := range map[string]relationFunc{
		"Lt": gorgonia.Lt, "Gt": gorgonia.Gt, "Lte": gorgonia.Lte, "Gte": gorgonia.Gte, "Eq": gorgonia.Eq, "Ne": gorgonia.Ne,
	} {
		list = append(list, stockOp{of: name, build: func(r *rig) *gorgonia.Node {
			x := r.rows()
			return must(gorgonia.HadamardProd(x, must(f(x, r.feed("y", 4), true))))
		}})
	}
	return append(list, broadcastOps()...)
}

func broadcastOps() []stockOp {
	var list []stockOp
	both := map[string]broadcastFunc{
		"BroadcastAdd": gorgonia.BroadcastAdd, "BroadcastSub": gorgonia.BroadcastSub, "BroadcastHadamardProd": gorgonia.BroadcastHadamardProd,
		"BroadcastHadamardDiv": gorgonia.BroadcastHadamardDiv, "BroadcastPow": gorgonia.BroadcastPow,
	}
	for name, f := range map[string]func(a, b *gorgonia.Node, same bool, left, right []byte) (*gorgonia.Node, error){
		"BroadcastLt": gorgonia.BroadcastLt, "BroadcastGt": gorgonia.BroadcastGt, "BroadcastLte": gorgonia.BroadcastLte,
		"BroadcastGte": gorgonia.BroadcastGte, "BroadcastEq": gorgonia.BroadcastEq, "BroadcastNe": gorgonia.BroadcastNe,
	} {
		both[name] = func(a, b *gorgonia.Node, left, right []byte) (*gorgonia.Node, error) {
			c, err := f(a, b, true, left, right)
			if err != nil {
				return nil, err
			}
			return gorgonia.HadamardProd(c, a)
		}
	}
	for name, f := range both {
		list = append(list, stockOp{of: name, build: func(r *rig) *gorgonia.Node {
			return must(f(r.positive(), must(gorgonia.Exp(r.param("b", 1, 4))), nil, []byte{0}))
		}})
		if name == "BroadcastAdd" || name == "BroadcastHadamardDiv" {
			list = append(list,
				stockOp{of: name, how: "of a column", build: func(r *rig) *gorgonia.Node {
					return must(f(r.positive(), must(gorgonia.Exp(must(gorgonia.Reshape(r.column(), tensor.Shape{r.n, 1})))), nil, []byte{1}))
				}},
				stockOp{of: name, how: "of a vector", build: func(r *rig) *gorgonia.Node {
					return must(f(r.positive(), must(gorgonia.Exp(r.column())), nil, []byte{1}))
				}},
				stockOp{of: name, how: "to the left", build: func(r *rig) *gorgonia.Node {
					return must(f(must(gorgonia.Exp(r.param("b", 1, 4))), r.positive(), []byte{0}, nil))
				}},
				stockOp{of: name, how: "of cubes", build: func(r *rig) *gorgonia.Node {
					return must(f(must(gorgonia.Square(r.cubes())), must(gorgonia.Exp(r.param("b", 1, 4, 1))), nil, []byte{0, 2}))
				}})
		}
	}
	return append(list,
		stockOp{of: "Auto", build: func(r *rig) *gorgonia.Node {
			return must(gorgonia.Auto(gorgonia.BroadcastAdd, r.rows(), r.param("b", 1, 4)))
		}},
		stockOp{of: "Broadcast", build: func(r *rig) *gorgonia.Node {
			a, b, err := gorgonia.Broadcast(r.rows(), r.param("b", 1, 4), gorgonia.NewBroadcastPattern(nil, []byte{0}))
			return must(gorgonia.HadamardProd(must(a, err), b))
		}})
}

func TestStockOpsAtAnotherBatch(t *testing.T) {
	quiet(t)
	for _, op := range stockOps() {
		t.Run(op.of+" "+op.how, func(t *testing.T) { op.test(t) })
	}
}

// test runs the op at all pairs of batches. What it may refuse is what the row says, batches of 1 and those that other
// axes have.
func (op stockOp) test(t *testing.T) {
	equals, built := 0, 0
	eachPair(func(n, m int) {
		v, err := atAnother(op.build, n, m)
		if !testing.Short() && v != wrong {
			if w, err2 := atAnother(op.build, n, m, NoFusion()); w == wrong || w != v && w != unbuilt {
				t.Errorf("built for %d, run at %d: without fusion verdict %d of %d: %v", n, m, w, v, err2)
			}
		}
		switch {
		case v == wrong:
			t.Errorf("built for %d, run at %d: %v", n, m, err)
		case v == refused && n == m && !op.unrun:
			t.Errorf("refused at its own batch %d: %v", n, err)
		case v == refused && n > 4 && !op.refuses:
			t.Errorf("built for %d, refused at %d: %v", n, m, err)
		case v == equal && n != m && op.refuses:
			t.Errorf("built for %d, not refused at %d", n, m)
		}
		if v != unbuilt {
			built++
		}
		if v == equal {
			equals++
		}
	})
	if !op.unrun && equals == 0 {
		_, err := atAnother(op.build, 5, 5)
		t.Errorf("built for %d pairs of batches, equal at %d: %v", built, equals, err)
	}
}
