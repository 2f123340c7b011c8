package gate

import (
	"fmt"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// pin is a call of Gorgonia's, the op that it makes, by Go type and print, and what OpOf says of it.
type pin struct {
	call  string
	typ   string
	print string // of elementwise ops and products
	want  Op
	make  func() *gorgonia.Node
}

var must = gorgonia.Must

// f is an input of float64.
func f(name string, shape ...int) *gorgonia.Node {
	g := graphs[len(graphs)-1]
	if len(shape) == 0 {
		return gorgonia.NewScalar(g, tensor.Float64, gorgonia.WithName(name))
	}
	return gorgonia.NewTensor(g, tensor.Float64, len(shape), gorgonia.WithShape(shape...), gorgonia.WithName(name))
}

// k is a constant tensor of ints.
func k(name string, shape []int, v ...int) *gorgonia.Node {
	return gorgonia.NewConstant(tensor.New(tensor.WithBacking(v), tensor.WithShape(shape...)), gorgonia.WithName(name))
}

// graphs are those of the pins that were made; the last is of the present one.
var graphs []*gorgonia.ExprGraph

// differentiated is a node whose sum was differentiated by what it is made of.
func differentiated(n *gorgonia.Node, by ...*gorgonia.Node) *gorgonia.Node {
	if _, err := gorgonia.Grad(must(gorgonia.Sum(n)), by...); err != nil {
		panic(err)
	}
	return n
}

func unary(call, print string, of Function, apply func(*gorgonia.Node) (*gorgonia.Node, error)) pin {
	return pin{call, "gorgonia.elemUnaryOp", print, Op{Kind: Unary, Function: of}, func() *gorgonia.Node { return must(apply(f("x", 2))) }}
}

func binary(call, print string, of Function, apply func(a, b *gorgonia.Node) (*gorgonia.Node, error)) pin {
	return pin{call, "gorgonia.elemBinOp", print, Op{Kind: Binary, Function: of}, func() *gorgonia.Node { return must(apply(f("x", 2), f("y", 2))) }}
}

func compared(call, sign string, of Function, apply func(a, b *gorgonia.Node, numbers bool) (*gorgonia.Node, error)) []pin {
	var pins []pin
	for print, numbers := range map[string]bool{sign + " true": true, sign + " false": false} {
		pins = append(pins, pin{call, "gorgonia.elemBinOp", print, Op{Kind: Binary, Function: of, Numbers: numbers},
			func() *gorgonia.Node { return must(apply(f("x", 2), f("y", 2), numbers)) }})
	}
	return pins
}

func product(call, print string, want Op, make func() *gorgonia.Node) pin {
	want.Kind = Product
	return pin{call, "gorgonia.linAlgBinOp", print, want, make}
}

func matmul(tensors int) *gorgonia.Node {
	if tensors == 3 {
		x, y := f("x", 5, 2, 3), f("y", 5, 3, 4)
		return differentiated(must(gorgonia.BatchedMatMul(x, y)), x, y)
	}
	x, y := f("x", 2, 3), f("y", 3, 4)
	return differentiated(must(gorgonia.Mul(x, y)), x, y)
}

// pins holds every fact of this package.
var pins = slices.Concat([]pin{
	{"NewConstant of a number", "gorgonia.constantScalar", "", Op{Kind: Constant}, func() *gorgonia.Node {
		return must(gorgonia.Add(f("x"), gorgonia.NewConstant(2.0)))
	}},
	{"NewConstant of a tensor", "gorgonia.constantTensor", "", Op{Kind: Constant}, func() *gorgonia.Node {
		return must(gorgonia.ByIndices(f("x", 3, 2), k("k", []int{1}, 1), 0))
	}},
	{"Read", "gorgonia.readOp", "", Op{Kind: ReadValue}, func() *gorgonia.Node {
		x := f("x", 2)
		gorgonia.Read(must(gorgonia.Exp(x)), new(gorgonia.Value))
		return x
	}},
	unary("Abs", "abs", Abs, gorgonia.Abs), unary("Sign", "sign", Sign, gorgonia.Sign), unary("Ceil", "ceil", Ceil, gorgonia.Ceil),
	unary("Floor", "floor", Floor, gorgonia.Floor), unary("Sin", "sin", Sin, gorgonia.Sin), unary("Cos", "cos", Cos, gorgonia.Cos),
	unary("Exp", "exp", Exp, gorgonia.Exp), unary("Log", "ln", Log, gorgonia.Log), unary("Log2", "log2", Log2, gorgonia.Log2),
	unary("Neg", "neg", Negate, gorgonia.Neg), unary("Square", "square", Square, gorgonia.Square), unary("Sqrt", "sqrt", Sqrt, gorgonia.Sqrt),
	unary("Inverse", "inv", Inverse, gorgonia.Inverse), unary("InverseSqrt", "invSqrt", InverseSqrt, gorgonia.InverseSqrt),
	unary("Cube", "cube", Cube, gorgonia.Cube), unary("Tanh", "tanh", Tanh, gorgonia.Tanh), unary("Sigmoid", "sigmoid", Sigmoid, gorgonia.Sigmoid),
	unary("Log1p", "log1p", Log1p, gorgonia.Log1p), unary("Expm1", "expm1", Expm1, gorgonia.Expm1),
	unary("Softplus", "softplus", Softplus, gorgonia.Softplus),
	binary("Add", "+ false", Add, gorgonia.Add), binary("Sub", "- false", Subtract, gorgonia.Sub),
	binary("HadamardProd", "⊙ false", Multiply, gorgonia.HadamardProd), binary("HadamardDiv", "÷ false", Divide, gorgonia.HadamardDiv),
	binary("Pow", "^ false", Power, gorgonia.Pow),
},
	compared("Lt", "<", Less, gorgonia.Lt), compared("Gt", ">", Greater, gorgonia.Gt), compared("Lte", "<=", LessOrEqual, gorgonia.Lte),
	compared("Gte", ">=", GreaterOrEqual, gorgonia.Gte), compared("Eq", "==", Equal, gorgonia.Eq), compared("Ne", "!=", NotEqual, gorgonia.Ne),
	[]pin{
		product("Mul of matrices", "A × B", Op{Function: MatMul}, func() *gorgonia.Node { return matmul(2) }),
		product("Grad of Mul, on the left", "A × Bᵀ", Op{Function: MatMul, Right: true}, func() *gorgonia.Node { return matmul(2) }),
		product("Grad of Mul, on the right", "Aᵀ × B", Op{Function: MatMul, Left: true}, func() *gorgonia.Node { return matmul(2) }),
		product("Mul of a matrix and a vector", "A × b", Op{Function: MatMul}, func() *gorgonia.Node {
			return must(gorgonia.Mul(f("x", 2, 3), f("y", 3)))
		}),
		product("Mul of a vector and a matrix", "Aᵀ × b", Op{Function: MatMul, Left: true}, func() *gorgonia.Node {
			return must(gorgonia.Mul(f("x", 2), f("y", 2, 3)))
		}),
		product("BatchedMatMul", "A ××× B", Op{Function: MatMul}, func() *gorgonia.Node { return matmul(3) }),
		product("Grad of BatchedMatMul, on the left", "A ××× Bᵀ", Op{Function: MatMul, Right: true}, func() *gorgonia.Node { return matmul(3) }),
		product("Grad of BatchedMatMul, on the right", "Aᵀ ××× B", Op{Function: MatMul, Left: true}, func() *gorgonia.Node { return matmul(3) }),
		product("BatchedMatMul, both transposed", "Aᵀ ××× Bᵀ", Op{Function: MatMul, Left: true, Right: true}, func() *gorgonia.Node {
			return must(gorgonia.BatchedMatMul(f("x", 5, 3, 2), f("y", 5, 4, 3), true, true))
		}),
		product("Mul of vectors", "a ⋅ b", Op{Function: Dot}, func() *gorgonia.Node { return must(gorgonia.Mul(f("x", 2), f("y", 2))) }),
		product("OuterProd", "a ⊗ b", Op{Function: Outer}, func() *gorgonia.Node { return must(gorgonia.OuterProd(f("x", 2), f("y", 3))) }),
		{"Tensordot", "gorgonia.tensordotOp", "", Op{Kind: Tensordot, Axes: []int{2}, RightAxes: []int{1}}, func() *gorgonia.Node {
			return must(gorgonia.Tensordot([]int{2}, []int{1}, f("x", 2, 3, 4), f("y", 5, 4)))
		}},
		{"MinBetween", "gorgonia.minBetween", "", Op{Kind: MinBetween}, func() *gorgonia.Node {
			return must(gorgonia.MinBetween(f("x", 2), f("y", 2)))
		}},
		{"MaxBetween", "gorgonia.maxBetween", "", Op{Kind: MaxBetween}, func() *gorgonia.Node {
			return must(gorgonia.MaxBetween(f("x", 2), f("y", 2)))
		}},
		{"ConvType", "*gorgonia.dtConvOp", "", Op{Kind: Convert}, func() *gorgonia.Node {
			return must(gorgonia.ConvType(f("x", 2), tensor.Float64, tensor.Int))
		}},
		{"Sum", "gorgonia.sumOp", "", Op{Kind: Sum, Axes: []int{1, 2}}, func() *gorgonia.Node { return must(gorgonia.Sum(f("x", 2, 3, 4), 1, 2)) }},
		{"Max", "*gorgonia.maxOp", "", Op{Kind: Max, Axes: []int{1, 2}}, func() *gorgonia.Node { return must(gorgonia.Max(f("x", 2, 3, 4), 1, 2)) }},
		{"SizeOf", "gorgonia.sizeOp", "", Op{Kind: Size, Axis: 1}, func() *gorgonia.Node { return must(gorgonia.SizeOf(1, f("x", 2, 3))) }},
		{"Grad of Sum", "*gorgonia.repeatOp", "", Op{Kind: Repeat, Axis: 1}, func() *gorgonia.Node {
			x := f("x", 2, 3)
			return differentiated(must(gorgonia.Square(must(gorgonia.Sum(x, 1)))), x)
		}},
		{"At", "gorgonia.atOp", "", Op{Kind: At}, func() *gorgonia.Node { return must(gorgonia.At(f("x", 2, 3), 1, 2)) }},
		{"Reshape", "gorgonia.reshapeOp", "", Op{Kind: Reshape}, func() *gorgonia.Node { return must(gorgonia.Reshape(f("x", 2, 3), tensor.Shape{6})) }},
		{"Transpose", "gorgonia.transposeOp", "", Op{Kind: Transpose, Axes: []int{2, 0, 1}}, func() *gorgonia.Node {
			return must(gorgonia.Transpose(f("x", 2, 3, 4), 2, 0, 1))
		}},
		{"Concat", "gorgonia.concatOp", "", Op{Kind: Concat, Axis: 1}, func() *gorgonia.Node {
			return must(gorgonia.Concat(1, f("x", 2, 3), f("y", 2, 3)))
		}},
		{"Slice", "*gorgonia.sliceOp", "", Op{Kind: Slice, Axis: 1}, func() *gorgonia.Node {
			return must(gorgonia.Slice(f("x", 2, 3), nil, gorgonia.S(1, 3)))
		}},
		{"Grad of Slice", "gorgonia.sliceIncrOp", "", Op{Kind: SliceGrad, Axis: 1}, func() *gorgonia.Node {
			x := f("x", 2, 3)
			return differentiated(must(gorgonia.Slice(x, nil, gorgonia.S(1, 3))), x)
		}},
		{"ByIndices", "*gorgonia.byIndicesOp", "", Op{Kind: ByIndices, Axis: 1}, func() *gorgonia.Node {
			return must(gorgonia.ByIndices(f("x", 2, 3), k("k", []int{1}, 1), 1))
		}},
		{"Grad of ByIndices", "*gorgonia.byIndicesOpDiffOp", "", Op{Kind: ByIndicesGrad, Axis: 1}, func() *gorgonia.Node {
			x := f("x", 2, 3)
			return differentiated(must(gorgonia.ByIndices(x, k("k", []int{1}, 1), 1)), x)
		}},
		{"DiagFlat", "gorgonia.diagFlatOp", "", Op{Kind: DiagFlat}, func() *gorgonia.Node { return must(gorgonia.DiagFlat(f("x", 3))) }},
		{"SoftMax", "*gorgonia.softmaxOp", "", Op{Kind: Softmax, Axis: 1}, func() *gorgonia.Node { return must(gorgonia.SoftMax(f("x", 2, 3), 1)) }},
		{"LogSoftMax", "*gorgonia.softmaxOp", "", Op{Kind: Softmax, Axis: -1, Log: true}, func() *gorgonia.Node {
			return must(gorgonia.LogSoftMax(f("x", 2, 3)))
		}},
		{"Grad of LogSoftMax", "*gorgonia.softmaxDiffOp", "", Op{Kind: SoftmaxGrad, Axis: 1, Log: true}, func() *gorgonia.Node {
			x := f("x", 2, 3)
			return differentiated(must(gorgonia.LogSoftMax(x, 1)), x)
		}},
		{"Sparsemax", "*gorgonia.sparsemaxOp", "", Op{Kind: Sparsemax, Axis: 1}, func() *gorgonia.Node {
			return must(gorgonia.Sparsemax(f("x", 2, 3), 1))
		}},
		{"Grad of Sparsemax", "*gorgonia.sparsemaxDiffOp", "", Op{Kind: SparsemaxGrad}, func() *gorgonia.Node {
			x := f("x", 2, 3)
			return differentiated(must(gorgonia.Sparsemax(x)), x)
		}},
		{"MaxPool2D", "*gorgonia.maxPoolOp", "", Op{Kind: MaxPool, Window: pooled}, func() *gorgonia.Node { return maxPool(f("x", 1, 2, 8, 9)) }},
		{"Grad of MaxPool2D", "*gorgonia.maxPoolDiffOp", "", Op{Kind: MaxPoolGrad, Window: pooled}, func() *gorgonia.Node {
			x := f("x", 1, 2, 8, 9)
			return differentiated(maxPool(x), x)
		}},
		{"AveragePool2D", "*gorgonia.avgPoolOp", "", Op{Kind: AveragePool}, func() *gorgonia.Node {
			return must(gorgonia.AveragePool2D(f("x", 1, 2, 4, 4), tensor.Shape{2, 2}, []int{0, 0}, []int{2, 2}))
		}},
		{"Grad of AveragePool2D", "*gorgonia.avgPoolDiffOp", "", Op{}, func() *gorgonia.Node {
			x := f("x", 1, 2, 4, 4)
			return differentiated(must(gorgonia.AveragePool2D(x, tensor.Shape{2, 2}, []int{0, 0}, []int{2, 2})), x)
		}},
		{"GlobalAveragePool2D", "*gorgonia.globalAveragePoolOp", "", Op{Kind: GlobalAveragePool}, func() *gorgonia.Node {
			return must(gorgonia.GlobalAveragePool2D(f("x", 1, 2, 4, 4)))
		}},
		{"Upsample2D", "*gorgonia.upsampleOp", "", Op{Kind: Upsample}, func() *gorgonia.Node { return must(gorgonia.Upsample2D(f("x", 1, 2, 4, 4), 2)) }},
		{"Grad of Upsample2D", "*gorgonia.upsampleDiffOp", "", Op{Kind: UpsampleGrad}, func() *gorgonia.Node {
			x := f("x", 1, 2, 4, 4)
			return differentiated(must(gorgonia.Upsample2D(x, 2)), x)
		}},
		{"Conv2d", "gorgonia.im2colOp", "", Op{Kind: Columns}, func() *gorgonia.Node { return convolved(f("x", 1, 2, 4, 4), f("w", 3, 2, 2, 2)) }},
		{"Grad of Conv2d", "gorgonia.col2imOp", "", Op{Kind: ColumnsGrad}, func() *gorgonia.Node {
			x, w := f("x", 1, 2, 4, 4), f("w", 3, 2, 2, 2)
			return differentiated(convolved(x, w), x, w)
		}},
		{"Dropout", "*gorgonia.dropoutOp", "", Op{Kind: Dropout}, func() *gorgonia.Node { return must(gorgonia.Dropout(f("x", 2, 3), 0.5)) }},
		{"Grad of Dropout", "*gorgonia.dropoutDiffOp", "", Op{}, func() *gorgonia.Node {
			x := f("x", 2, 3)
			return differentiated(must(gorgonia.Dropout(x, 0.5)), x)
		}},
		{"UniformRandomNode", "gorgonia.randomOp", "", Op{}, func() *gorgonia.Node {
			return must(gorgonia.Add(f("x", 2, 3), gorgonia.UniformRandomNode(graphs[len(graphs)-1], tensor.Float64, 0, 1, 2, 3)))
		}},
		{"BatchNorm", "*gorgonia.BatchNormOp", "", Op{Kind: BatchNorm}, func() *gorgonia.Node { return normalised(f("x", 4, 2, 3, 3)) }},
		{"Grad of BatchNorm", "*gorgonia.batchnormDiffOp", "", Op{Kind: BatchNormGrad}, func() *gorgonia.Node {
			x := f("x", 4, 2, 3, 3)
			return differentiated(normalised(x), x)
		}},
		{"GroupNorm", "*gorgonia.GroupNormOp", "", Op{Kind: GroupNorm, Groups: 2, Epsilon: 1e-3}, func() *gorgonia.Node {
			return must(gorgonia.GroupNorm(f("x", 2, 4, 3, 3), f("s", 1, 4, 1, 1), f("b", 1, 4, 1, 1), 2, 4, 1e-3))
		}},
		{"Grad of GroupNorm", "*gorgonia.groupNormDiffOp", "", Op{Kind: GroupNormGrad, Groups: 2, Epsilon: 1e-3}, func() *gorgonia.Node {
			x := f("x", 2, 4, 3, 3)
			return differentiated(must(gorgonia.GroupNorm(x, f("s", 1, 4, 1, 1), f("b", 1, 4, 1, 1), 2, 4, 1e-3)), x)
		}},
		{"CTCLoss", "*gorgonia.ctcLossOp", "", Op{Kind: CTCLoss}, func() *gorgonia.Node { return aligned(f("x", 4, 1, 3), gorgonia.ReductionMean) }},
		{"Grad of CTCLoss", "*gorgonia.ctcLossDiffOp", "", Op{Kind: CTCLossGrad, Reduction: gorgonia.ReductionSum}, func() *gorgonia.Node {
			x := f("x", 4, 1, 3)
			return differentiated(aligned(x, gorgonia.ReductionSum), x)
		}},
		{"YOLOv3", "*gorgonia.yoloOp", "", Op{Kind: YOLO}, func() *gorgonia.Node {
			return must(gorgonia.YOLOv3(f("x", 1, 14, 2, 2), []float32{1, 2, 3, 4}, []int{0, 1}, 8, 2, 0.7))
		}},
	})

// pooled is the window of maxPool, no two of whose numbers are in doubt.
var pooled = Window{H: 2, W: 3, North: 1, West: 0, Down: 2, Right: 1}

func maxPool(x *gorgonia.Node) *gorgonia.Node {
	return must(gorgonia.MaxPool2D(x, tensor.Shape{2, 3}, []int{1, 0}, []int{2, 1}))
}

func convolved(x, w *gorgonia.Node) *gorgonia.Node {
	return must(gorgonia.Conv2d(x, w, tensor.Shape{2, 2}, []int{0, 0}, []int{1, 1}, []int{1, 1}))
}

func normalised(x *gorgonia.Node) *gorgonia.Node {
	s := x.Shape()
	y, _, _, _, err := gorgonia.BatchNorm(x, f("scale", s...), f("bias", s...), 0.9, 1e-5)
	return must(y, err)
}

func aligned(x *gorgonia.Node, r gorgonia.Reduction) *gorgonia.Node {
	return must(gorgonia.CTCLoss(must(gorgonia.LogSoftMax(x, 2)), k("t", []int{1, 2}, 1, 2), k("il", []int{1}, 4), k("tl", []int{1}, 2), r))
}

// version is Gorgonia's in go.mod.
func version(t *testing.T) string {
	t.Helper()
	mod, err := os.ReadFile("../../../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	v := regexp.MustCompile(`gorgonia\.org/gorgonia (v\S+)`).FindSubmatch(mod)
	if v == nil {
		t.Fatal("go.mod requires no gorgonia.org/gorgonia")
	}
	return string(v[1])
}

// TestFacts holds each fact of this package's tables against the version of Gorgonia in go.mod: that the call makes an
// op of the type, which prints as told and has the fields, with the values that the call was given. And that no fact
// stands there without a pin.
func TestFacts(t *testing.T) {
	v := version(t)
	types, prints := map[string]bool{}, map[string]bool{}
	for _, p := range pins {
		types[p.typ], prints[p.print] = true, true
		if err := p.check(); err != "" {
			t.Errorf("gorgonia.org/gorgonia %s: op %s: %s", v, p.call, err)
		}
	}
	for name := range facts {
		if !types[name] {
			t.Errorf("no pin holds what is known of %s", name)
		}
	}
	for print := range printed {
		if !prints[print] {
			t.Errorf("no pin holds what prints %q", print)
		}
	}
}

// check makes a pin's op and says what isn't as told.
func (p pin) check() (wrong string) {
	graphs = append(graphs, gorgonia.NewGraph())
	p.make()
	var seen []string
	for _, n := range graphs[len(graphs)-1].AllNodes() {
		if n.Op() == nil {
			continue
		}
		typ, _ := typeName(n.Op())
		print := ""
		if p.print != "" {
			print = n.Op().String()
		}
		if typ == p.typ && print == p.print {
			if wrong = p.compare(n.Op()); wrong == "" {
				return ""
			}
		}
		seen = append(seen, fmt.Sprintf("%s %q", typ, print))
	}
	if wrong != "" {
		return wrong
	}
	return fmt.Sprintf("it makes no op of type %s that prints %q, but %s", p.typ, p.print, strings.Join(seen, ", "))
}

// compare holds what OpOf says of an op against the pin.
func (p pin) compare(op gorgonia.Op) string {
	got, err := OpOf(op)
	if err != nil {
		return err.Error()
	}
	if got.Kind == Slice || got.Kind == SliceGrad {
		if b := got.Bounds(); b == nil || b.Start() != 1 || b.End() != 3 {
			return fmt.Sprintf("its bounds are %v, want [1:3]", b)
		}
	}
	got.Bounds = nil
	if !reflect.DeepEqual(got, p.want) {
		return fmt.Sprintf("it is read as %+v, want %+v", got, p.want)
	}
	return ""
}
