package mend

import (
	"strings"
	"testing"

	"github.com/fallline/fallline/graph/internal/gate"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

var must = gorgonia.Must

// read makes a node of inputs of some shapes, and returns its form.
func read(t *testing.T, build func(in gorgonia.Nodes) (*gorgonia.Node, error), shapes ...tensor.Shape) *gate.Form {
	t.Helper()
	g := gorgonia.NewGraph()
	var in gorgonia.Nodes
	for i, s := range shapes {
		name := string(rune('a' + i))
		in = append(in, gorgonia.NewTensor(g, tensor.Float64, len(s), gorgonia.WithShape(s...), gorgonia.WithName(name)))
	}
	f, err := gate.Read(gorgonia.Nodes{must(build(in))}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func one(f func(*gorgonia.Node) (*gorgonia.Node, error)) func(gorgonia.Nodes) (*gorgonia.Node, error) {
	return func(in gorgonia.Nodes) (*gorgonia.Node, error) { return f(in[0]) }
}

func two(f func(a, b *gorgonia.Node) (*gorgonia.Node, error)) func(gorgonia.Nodes) (*gorgonia.Node, error) {
	return func(in gorgonia.Nodes) (*gorgonia.Node, error) { return f(in[0], in[1]) }
}

// TestOp checks which ops are mended: that the op which takes the place computes by the same op, is another by its
// hash, has a derivative by every argument, and isn't mended again.
func TestOp(t *testing.T) {
	v, m := tensor.Shape{3}, tensor.Shape{3, 4}
	for name, c := range map[string]struct {
		mended bool
		build  func(gorgonia.Nodes) (*gorgonia.Node, error)
		shapes []tensor.Shape
	}{
		"InverseSqrt": {true, one(gorgonia.InverseSqrt), []tensor.Shape{v}},
		"Log2":        {true, one(gorgonia.Log2), []tensor.Shape{v}},
		"Pow":         {true, two(gorgonia.Pow), []tensor.Shape{v, v}},
		"OuterProd":   {true, two(gorgonia.OuterProd), []tensor.Shape{v, v}},
		"Max":         {true, one(func(x *gorgonia.Node) (*gorgonia.Node, error) { return gorgonia.Max(x, 1) }), []tensor.Shape{m}},
		"Sparsemax": {
			true, one(func(x *gorgonia.Node) (*gorgonia.Node, error) { return gorgonia.Sparsemax(x) }), []tensor.Shape{m},
		},
		"GlobalAveragePool2D": {true, one(gorgonia.GlobalAveragePool2D), []tensor.Shape{{1, 2, 3, 3}}},
		"Concat": {
			true, two(func(a, b *gorgonia.Node) (*gorgonia.Node, error) { return gorgonia.Concat(1, a, b) }), []tensor.Shape{m, m},
		},
		"Exp":  {false, one(gorgonia.Exp), []tensor.Shape{v}},
		"Add":  {false, two(gorgonia.Add), []tensor.Shape{v, v}},
		"Mul":  {false, two(gorgonia.Mul), []tensor.Shape{{2, 3}, {3, 4}}},
		"Sum":  {false, one(func(x *gorgonia.Node) (*gorgonia.Node, error) { return gorgonia.Sum(x, 1) }), []tensor.Shape{m}},
		"None": {false, func(in gorgonia.Nodes) (*gorgonia.Node, error) { return in[0], nil }, []tensor.Shape{v}},
	} {
		f := read(t, c.build, c.shapes...)
		n := &f.Nodes[len(f.Nodes)-1]
		right, other := Op(n)
		if other != c.mended {
			t.Errorf("%s: mended %t, want %t", name, other, c.mended)
			continue
		}
		if !other {
			if _, is := right.(*mended); is {
				t.Errorf("%s: another op, though it isn't mended", name)
			}
			continue
		}
		if own := n.Expr.Op().Hashcode(); gate.Computed(right).Hashcode() != own || right.Hashcode() == own {
			t.Errorf("%s: what computes it is %v, hash %d", name, gate.Computed(right), right.Hashcode())
		}
		for i, is := range right.(gorgonia.SDOp).DiffWRT(len(n.Inputs)) {
			if !is {
				t.Errorf("%s: no derivative by argument %d", name, i)
			}
		}
		twin := must(gorgonia.ApplyOp(right, f.Exprs(len(f.Nodes)-1)...))
		again, err := gate.Read(gorgonia.Nodes{twin}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if last := &again.Nodes[len(again.Nodes)-1]; last.Kind != n.Kind || last.Function != n.Function {
			t.Errorf("%s: mended it is read as %v %v", name, last.Kind, last.Function)
		} else if _, other := Op(last); other {
			t.Errorf("%s: mended twice", name)
		}
	}
}

// TestRefuse checks what is refused, by name, and ops beside it that are not.
func TestRefuse(t *testing.T) {
	m := tensor.Shape{6, 4}
	norm := func(p int) func(gorgonia.Nodes) (*gorgonia.Node, error) {
		return one(func(x *gorgonia.Node) (*gorgonia.Node, error) { return gorgonia.Norm(x, 0, p) })
	}
	cut := func(lo, hi, step int) func(gorgonia.Nodes) (*gorgonia.Node, error) {
		return one(func(x *gorgonia.Node) (*gorgonia.Node, error) {
			return gorgonia.Slice(x, gorgonia.S(lo, hi, step))
		})
	}
	for name, c := range map[string]struct {
		want  string // in the error
		build func(gorgonia.Nodes) (*gorgonia.Node, error)
	}{
		"Dropout": {"op.Dropout", one(func(x *gorgonia.Node) (*gorgonia.Node, error) { return gorgonia.Dropout(x, 0.5) })},
		"LogSumExp": {"ln(max x", one(func(x *gorgonia.Node) (*gorgonia.Node, error) {
			return gorgonia.LogSumExp(must(gorgonia.Slice(x, gorgonia.S(0))), 0)
		})},
		"Norm 3": {"Abs(x)", norm(3)},
		"Norm 4": {"", norm(4)},
		"uneven": {"move its end", cut(0, 5, 2)},
		"even":   {"", cut(0, 6, 2)},
		"Tanh":   {"", one(gorgonia.Tanh)},
	} {
		err := Refuse(read(t, c.build, m))
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %v, want an error with %q", name, err, c.want)
		}
	}
}
