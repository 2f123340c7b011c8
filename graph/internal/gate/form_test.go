package gate

import (
	"slices"
	"strings"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// TestRead checks order, inputs, and that what only more needs stands behind what the roots need.
func TestRead(t *testing.T) {
	graphs = append(graphs, gorgonia.NewGraph())
	x, y := f("x", 2, 3), f("y", 2, 3)
	product := must(gorgonia.HadamardProd(x, x))
	cost := must(gorgonia.Sum(must(gorgonia.Add(product, y))))
	beside := must(gorgonia.Exp(product))
	must(gorgonia.Tanh(y)) // nobody needs it

	form, err := Read(gorgonia.Nodes{cost, cost}, gorgonia.Nodes{beside, x})
	if err != nil {
		t.Fatal(err)
	}
	var kinds []string
	for _, n := range form.Nodes {
		kinds = append(kinds, n.Kind.String()+" "+n.Function.String())
	}
	want := []string{"input ", "binary multiply", "input ", "binary add", "sum ", "unary exp"}
	if !slices.Equal(kinds, want) || form.Forward != 5 || form.Stale {
		t.Fatalf("nodes %q, %d forward, stale %t; want %q, 5", kinds, form.Forward, form.Stale, want)
	}
	if in := form.Nodes[1].Inputs; !slices.Equal(in, []int{0, 0}) {
		t.Errorf("x ⊙ x takes %v, want [0 0]", in)
	}
	if n := &form.Nodes[3]; form.Input(n, 1).Expr != y || !slices.Equal(n.Shape, tensor.Shape{2, 3}) || n.Type != tensor.Float64 {
		t.Errorf("the sum is %+v", n)
	}
	if i, ok := form.Find(beside); !ok || i != 5 {
		t.Errorf("found at %d, %t, want 5", i, ok)
	}
	if args := form.Args(cost); len(args) != 1 || args[0].Name() != form.Nodes[3].Expr.Name() {
		t.Errorf("the cost takes %v", args)
	}
}

// TestReadStale checks a graph whose nodes Gorgonia has lost count of: it takes log1p(−a) for ln(1−a) where the 1 is
// its own, as in the derivative of tanh.
func TestReadStale(t *testing.T) {
	graphs = append(graphs, gorgonia.NewGraph())
	x := f("x", 3)
	differentiated(must(gorgonia.Tanh(x)), x)
	var oneMinus *gorgonia.Node
	for _, n := range x.Graph().AllNodes() {
		if n.Op() != nil && n.Op().String() == "- false" {
			oneMinus = n
		}
	}
	y := must(gorgonia.Exp(must(gorgonia.Log(oneMinus))))
	form, err := Read(gorgonia.Nodes{y}, nil)
	if err != nil {
		t.Fatal(err)
	}
	var functions []Function
	for _, n := range form.Nodes {
		functions = append(functions, n.Function)
	}
	if want := []Function{NoFunction, Tanh, Multiply, Negate, Log1p, Exp}; !form.Stale || !slices.Equal(functions, want) {
		t.Errorf("stale %t, functions %v, want %v", form.Stale, functions, want)
	}
}

// wrapped is a Wrapper.
type wrapped struct{ gorgonia.Op }

func (w wrapped) Wrapped() gorgonia.Op { return w.Op }

func TestWrapper(t *testing.T) {
	graphs = append(graphs, gorgonia.NewGraph())
	op := must(gorgonia.Exp(f("x", 2))).Op()
	got, err := OpOf(wrapped{op})
	if err != nil || got.Kind != Unary || got.Function != Exp || Computed(wrapped{op}) != op {
		t.Errorf("%+v, %v", got, err)
	}
	if got, err := OpOf(nil); err != nil || got.Kind != Input {
		t.Errorf("no op: %+v, %v", got, err)
	}
}

func TestNamed(t *testing.T) {
	g := gorgonia.NewGraph()
	if n := gorgonia.NewVector(g, tensor.Float64, gorgonia.WithShape(2)); Named(n) {
		t.Errorf("%q is taken for a name", n.Name())
	}
	if n := gorgonia.NewVector(g, tensor.Float64, gorgonia.WithShape(2), gorgonia.WithName("w")); !Named(n) {
		t.Errorf("%q isn't taken for a name", n.Name())
	}
}

func TestReadings(t *testing.T) {
	graphs = append(graphs, gorgonia.NewGraph())
	n := must(gorgonia.Exp(f("x", 2)))
	var into gorgonia.Value
	gorgonia.Read(n, &into)
	list, err := Readings(n.Graph())
	if err != nil || len(list) != 1 || list[0].Node != n || list[0].Into != &into {
		t.Errorf("%+v, %v", list, err)
	}
}

//lint:file-ignore U1000 the gate reads fields by reflection

// changed is what an op of another version of Gorgonia may be.
type changed struct {
	gorgonia.Op
	along     string
	isLog     int
	epsilon   int
	pattern   []string
	reduction uint
}

// TestChangedField checks that a field that is gone, or of another type, is an error.
func TestChangedField(t *testing.T) {
	for _, a := range []attribute{
		axis("axis"), axis("along"), isLog, axes("along"), axes("pattern"), groups[1],
		{"reduction", func(o *Op) any { return &o.Reduction }},
	} {
		if err := a.read(new(Op), changed{}); err == nil {
			t.Errorf("field %s is read as if it hadn't changed", a.field)
		}
	}
}

// TestUnknown checks that an op of Gorgonia's that no fact is known of is an error, and one of another module is not.
func TestUnknown(t *testing.T) {
	graphs = append(graphs, gorgonia.NewGraph())
	x := f("x", 2)
	if _, err := OpOf(gorgonia.Set(x, x).Op()); err == nil || !strings.Contains(err.Error(), "gorgonia.letOp") {
		t.Errorf("gorgonia.Set: %v", err)
	}
	if got, err := OpOf(changed{}); err != nil || got.Kind != Other {
		t.Errorf("an op of another module: %+v, %v", got, err)
	}
}
