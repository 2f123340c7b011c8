package graph

import (
	"fmt"
	"hash"
	"math"
	"testing"

	"github.com/fallline/fallline/internal/tensors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// TestReads checks gorgonia.Read, of the cost, of a value on the way, and of a branch of its own.
func TestReads(t *testing.T) {
	for _, opts := range [][]Option{nil, {NoFusion()}} {
		r := newRig(tensor.Float64, 3)
		h := must(gorgonia.Tanh(must(gorgonia.Mul(r.feed("x", 2), r.param("w", 2, 2)))))
		cost := must(gorgonia.Mean(h))
		aside := must(gorgonia.Exp(h))
		var c, v, a gorgonia.Value
		gorgonia.Read(cost, &c)
		gorgonia.Read(h, &v)
		gorgonia.Read(aside, &a)
		p := compiled(t, r, cost, opts...)
		for k := range 3 {
			feedAs(t, p, r, 3+k)
			if err := p.RunAll(); err != nil {
				t.Fatal(err)
			}
			if floats(c)[0] != p.Cost() {
				t.Errorf("read %v, the cost is %v", c, p.Cost())
			}
			sum := 0.0
			for i, x := range floats(v) {
				sum += x
				if e := math.Exp(x); math.Abs(floats(a)[i]-e) > 1e-15*e {
					t.Errorf("read %v aside, want %v", floats(a)[i], e)
				}
			}
			if math.Abs(sum/float64(len(floats(v)))-p.Cost()) > 1e-15 {
				t.Errorf("read %v, whose mean isn't the cost %v", v, p.Cost())
			}
		}
		before := floats(v)
		if err := p.Let(r.feeds[0], full(0, 5, 2)); err != nil {
			t.Fatal(err)
		}
		held := v
		if err := p.RunAll(); err != nil {
			t.Fatal(err)
		}
		if held != v || floats(v)[0] != 0 || before[0] == 0 {
			t.Error("a read of the same shape isn't copied into the first one's value")
		}
	}
}

// TestDefaultParams checks that without Params the gradient is by what gorgonia.Grad was called with.
func TestDefaultParams(t *testing.T) {
	r := newRig(tensor.Float64, 4)
	cost := network(r, 5, 4, 3)
	if _, err := gorgonia.Grad(cost, r.params[:3]...); err != nil {
		t.Fatal(err)
	}
	p, err := Compile(cost, Frozen(r.params[3]))
	if err != nil {
		t.Fatal(err)
	}
	if n := len(p.Weights().Ranges); n != 4 {
		t.Fatalf("%d ranges, want 4", n)
	}
	if err := p.RunAll(); err != nil {
		t.Fatal(err)
	}
	q := newRig(tensor.Float64, 4)
	full := compiled(t, q, network(q, 5, 4, 3))
	if err := full.RunAll(); err != nil {
		t.Fatal(err)
	}
	for i, w := range r.params[:3] {
		g, _ := w.Grad()
		wg, _ := q.params[i].Grad()
		near(t, w.Name(), g, wg, 1e-12)
	}
	again, err := Compile(cost, Params(r.params[:3]...), Frozen(r.params[3]))
	if err != nil {
		t.Fatalf("a second program of the same derivatives: %v", err)
	}
	if err := again.RunAll(); err != nil || again.Cost() != p.Cost() {
		t.Errorf("a second program: %v, cost %v and %v", err, again.Cost(), p.Cost())
	}
}

// TestNoGradientOfData checks that what only the data's gradient needs is left out.
func TestNoGradientOfData(t *testing.T) {
	r := newRig(tensor.Float64, 4)
	p := compiled(t, r, network(r, 5, 4, 3), NoFusion())
	for i := range p.slots {
		s := &p.slots[i]
		if s.from == fromOp && tensors.Same(s.Shape, []int{4, 5}) {
			t.Errorf("op %v computes a value of the data's shape", s.Expr.Op())
		}
	}
	n := 0
	for _, op := range p.ops() {
		if op == "A × Bᵀ" {
			n++
		}
	}
	if n != 1 {
		t.Errorf("%d gradients by a layer's input, want 1 of 2", n)
	}
}

// TestEvaluationOnly checks programs without parameters, and without a cost.
func TestEvaluationOnly(t *testing.T) {
	r := newRig(tensor.Float64, 4)
	cost := network(r, 5, 4, 3)
	p, err := Compile(cost)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.RunAll(); err != nil {
		t.Fatal(err)
	}
	want := p.Cost()
	s := newRig(tensor.Float64, 4)
	c := network(s, 5, 4, 3)
	q, err := Compile(nil, Outputs(c), Frozen(s.params...))
	if err != nil {
		t.Fatal(err)
	}
	if err := q.RunAll(); err != nil {
		t.Fatal(err)
	}
	if got := floats(c.Value())[0]; got != want {
		t.Errorf("output %v, cost %v", got, want)
	}
	if q.Gradient() != nil {
		t.Error("a gradient without parameters")
	}
	g := q.Weights().Like()
	g.Set(0, 1)
	if _, err := q.Evaluate(q.Weights(), g); err != nil {
		t.Fatal(err)
	}
	if g.Norm() != 0 {
		t.Error("a gradient by frozen inputs")
	}
}

// turned is an op that returns a transposed view of a copy: a tensor whose elements don't lie one after another.
type turned struct{ opaque }

func (turned) String() string        { return "turned" }
func (turned) WriteHash(h hash.Hash) { fmt.Fprint(h, "turned") }

func (turned) InferShape(in ...gorgonia.DimSizer) (tensor.Shape, error) {
	s := in[0].(tensor.Shape)
	return tensor.Shape{s[1], s[0]}, nil
}

func (turned) Do(in ...gorgonia.Value) (gorgonia.Value, error) {
	d := in[0].(*tensor.Dense).Clone().(*tensor.Dense)
	return d, d.T()
}

// TestForeignLayout checks that kernels and outputs get the elements of such a tensor in order.
func TestForeignLayout(t *testing.T) {
	for _, opts := range [][]Option{nil, {NoFusion()}} {
		r := newRig(tensor.Float64, 2)
		x := r.feed("x", 3)
		h := must(gorgonia.ApplyOp(turned{}, x))
		y := must(gorgonia.Mul(h, r.input("k", 2, 2)))
		p, err := Compile(nil, append(opts, Outputs(h, y))...)
		if err != nil {
			t.Fatal(err)
		}
		if err := p.RunAll(); err != nil {
			t.Fatal(err)
		}
		xs, ks := floats(x.Value()), floats(r.g.ByName("k")[0].Value())
		for i := range 3 {
			for j := range 2 {
				want := xs[i]*ks[j] + xs[3+i]*ks[2+j]
				if got := floats(y.Value())[i*2+j]; math.Abs(got-want) > 1e-15 {
					t.Errorf("element (%d, %d) is %v, want %v", i, j, got, want)
				}
			}
		}
		if v, err := h.Value().(*tensor.Dense).At(2, 1); err != nil || v.(float64) != xs[5] {
			t.Errorf("the output's element (2, 1) is %v, want %v (%v)", v, xs[5], err)
		}
	}
}

// TestRandomNode checks that a node that draws numbers is run, and run anew each time.
func TestRandomNode(t *testing.T) {
	g := gorgonia.NewGraph()
	n := gorgonia.UniformRandomNode(g, tensor.Float64, 1, 2, 8)
	p, err := Compile(must(gorgonia.Sum(n)))
	if err != nil {
		t.Fatal(err)
	}
	var last float64
	for range 3 {
		if err := p.RunAll(); err != nil {
			t.Fatal(err)
		}
		if c := p.Cost(); c < 8 || c > 16 || c == last {
			t.Errorf("cost %v after %v", c, last)
		}
		last = p.Cost()
	}
}
