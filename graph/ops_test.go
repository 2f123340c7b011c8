package graph

import (
	"fmt"
	"hash"
	"math"
	"testing"

	"github.com/chewxy/hm"
	"github.com/fallline/fallline/internal/tensors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// TestAlias checks that memory that a foreign op hands on is not used again while the op's result lives.
func TestAlias(t *testing.T) {
	for _, opts := range [][]Option{nil, {NoFusion()}} {
		r := newRig(tensor.Float64, 3)
		x := r.feed("x", 4)
		h := must(gorgonia.ApplyOp(opaque{}, must(gorgonia.ApplyOp(opaque{}, must(gorgonia.Tanh(x))))))
		other := x
		for range 4 {
			other = must(gorgonia.Sin(other))
		}
		y := must(gorgonia.Add(h, other)) // so that h comes first
		p, err := Compile(nil, append(opts, Outputs(y))...)
		if err != nil {
			t.Fatal(err)
		}
		if err := p.RunAll(); err != nil {
			t.Fatal(err)
		}
		for i, v := range floats(x.Value()) {
			want := math.Tanh(v)
			for range 4 {
				v = math.Sin(v)
			}
			if got := floats(y.Value())[i]; math.Abs(got-want-v) > 1e-14 {
				t.Fatalf("element %d is %v, want %v", i, got, want+v)
			}
		}
	}
}

// turner transposes its argument in place and fails before it has turned it back.
type turner struct {
	opaque
	fail *failure
}

func (turner) String() string        { return "turner" }
func (turner) WriteHash(h hash.Hash) { fmt.Fprint(h, "turner") }

func (op turner) Do(in ...gorgonia.Value) (gorgonia.Value, error) {
	d := in[0].(*tensor.Dense)
	if err := d.T(); err != nil {
		return nil, err
	}
	if op.fail.panic {
		panic("turned away")
	}
	d.UT()
	return d.Clone().(*tensor.Dense), nil
}

// TestTurned checks that weights, inputs and values of a program are not left transposed by such an op.
func TestTurned(t *testing.T) {
	for _, which := range []string{"weight", "input", "value", "constant"} {
		r := newRig(tensor.Float64, 2)
		f := new(failure)
		n := map[string]func() *gorgonia.Node{
			"weight":   func() *gorgonia.Node { return r.param("w", 2, 3) },
			"input":    func() *gorgonia.Node { return r.feed("x", 3) },
			"value":    func() *gorgonia.Node { return must(gorgonia.Tanh(r.feed("x", 3))) },
			"constant": func() *gorgonia.Node { return r.g.Constant(random(r.dt, "k", 2, 3)) },
		}[which]()
		y := must(gorgonia.ApplyOp(turner{fail: f}, n))
		p, err := Compile(nil, Outputs(y), Frozen(r.params...), NoFusion())
		if err != nil {
			t.Fatal(err)
		}
		if err := p.RunAll(); err != nil {
			t.Fatal(err)
		}
		want := floats(y.Value())
		f.panic = true
		wantError(t, p.RunAll(), "turned away")
		f.panic = false
		if err := p.RunAll(); err != nil {
			t.Errorf("%s: %v", which, err)
			continue
		}
		if !tensors.Same(y.Value().Shape(), []int{2, 3}) {
			t.Errorf("%s: shape %v after a failure", which, y.Value().Shape())
		}
		for i, x := range floats(y.Value()) {
			if x != want[i] {
				t.Errorf("%s: element %d is %v after a failure, want %v", which, i, x, want[i])
			}
		}
		if v, ok := n.Value().(*tensor.Dense); ok && !tensors.Same(v.Shape(), []int{2, 3}) {
			t.Errorf("%s: the user's tensor has shape %v", which, v.Shape())
		}
	}
}

// sumExp is Σ e^x of a vector. Its gradient, where that of the result is 1, is the node e^x, which may be there
// already.
type sumExp struct{ opaque }

func (sumExp) Type() hm.Type {
	return hm.NewFnType(gorgonia.TensorType{Dims: 1, Of: tensor.Float64}, tensor.Float64)
}
func (sumExp) String() string        { return "sumexp" }
func (sumExp) WriteHash(h hash.Hash) { fmt.Fprint(h, "sumexp") }
func (sumExp) DiffWRT(int) []bool    { return []bool{true} }
func (sumExp) InferShape(...gorgonia.DimSizer) (tensor.Shape, error) {
	return tensor.ScalarShape(), nil
}

func (sumExp) Do(in ...gorgonia.Value) (gorgonia.Value, error) {
	sum := 0.0
	for _, x := range in[0].(*tensor.Dense).Float64s() {
		sum += math.Exp(x)
	}
	return gorgonia.NewF64(sum), nil
}

func (sumExp) SymDiff(in gorgonia.Nodes, out, grad *gorgonia.Node) (gorgonia.Nodes, error) {
	n, err := gorgonia.Exp(in[0])
	return gorgonia.Nodes{n}, err
}

// TestGradientInForward checks a gradient that is also a value of the forward pass: that pass must leave the gradient
// alone.
func TestGradientInForward(t *testing.T) {
	for _, asOutput := range []bool{false, true} {
		r := newRig(tensor.Float64, 1)
		w := r.param("w", 3)
		e := must(gorgonia.Exp(w))
		out := must(gorgonia.Neg(e))
		if asOutput {
			out = e
		}
		p := compiled(t, r, must(gorgonia.ApplyOp(sumExp{}, w)), Outputs(out))
		if w.Deriv() != e {
			t.Fatal("the gradient is another node")
		}
		poison(p)
		if err := p.Forward(); err != nil {
			t.Fatal(err)
		}
		if x := p.Gradient().At(0); !math.IsNaN(x) {
			t.Errorf("a forward pass wrote %v to the gradient", x)
		}
		if err := p.RunAll(); err != nil {
			t.Fatal(err)
		}
		check := func(when string) {
			t.Helper()
			g, err := w.Grad()
			if err != nil {
				t.Fatal(err)
			}
			for i, x := range floats(w.Value()) {
				if want := math.Exp(x); math.Abs(p.Gradient().At(i)-want) > 1e-14*want || floats(g)[i] != p.Gradient().At(i) {
					t.Errorf("%s: gradient %v and %v at %v", when, p.Gradient().At(i), floats(g)[i], x)
				}
			}
		}
		check("after a run")
		elsewhere := p.Weights().Clone()
		elsewhere.Scale(2)
		g := elsewhere.Like()
		if _, err := p.Evaluate(elsewhere, g); err != nil {
			t.Fatal(err)
		}
		check("after an evaluation elsewhere")
		for i := range 3 {
			if want := math.Exp(elsewhere.At(i)); math.Abs(g.At(i)-want) > 1e-14*want || math.Abs(floats(out.Value())[i]) != g.At(i) {
				t.Errorf("elsewhere: gradient %v, output %v, want %v", g.At(i), floats(out.Value())[i], want)
			}
		}
	}
}
