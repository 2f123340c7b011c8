package graph

import (
	"math"
	"testing"

	"github.com/fallline/fallline/vector"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// quadratic is f(w, b) = Σ (x w + b)² over a batch, with an output and a frozen input.
func quadratic(t testing.TB, dt tensor.Dtype, opts ...Option) (p *Program, r *rig, out *gorgonia.Node) {
	t.Helper()
	r = newRig(dt, 4)
	h := must(gorgonia.Mul(r.feed("x", 3), r.param("w", 3, 2)))
	h = must(gorgonia.Add(must(gorgonia.HadamardProd(h, r.input("f", 4, 2))), r.param("b")))
	out = must(gorgonia.Tanh(h))
	cost := must(gorgonia.Mean(must(gorgonia.Square(h))))
	p, err := Compile(cost, append(opts, Params(r.params...), Frozen(r.g.ByName("f")...), Outputs(out))...)
	if err != nil {
		t.Fatal(err)
	}
	return p, r, out
}

// at runs a fresh program whose weights are w.
func at(t *testing.T, dt tensor.Dtype, w *vector.Vector) (cost float64, g *vector.Vector, out []float64) {
	t.Helper()
	p, _, o := quadratic(t, dt)
	p.Weights().Copy(w)
	if err := p.RunAll(); err != nil {
		t.Fatal(err)
	}
	return p.Cost(), p.Gradient(), floats(o.Value())
}

func sameVector(t *testing.T, what string, got, want *vector.Vector) {
	t.Helper()
	for _, r := range want.Ranges {
		for i := r.Lo; i < r.Hi; i++ {
			if math.Float64bits(got.At(i)) != math.Float64bits(want.At(i)) {
				t.Errorf("%s: element %d of %q is %v, want %v", what, i-r.Lo, r.Name, got.At(i), want.At(i))
				return
			}
		}
	}
}

func TestEvaluate(t *testing.T) {
	eachType(t, func(t *testing.T, dt tensor.Dtype) {
		p, r, out := quadratic(t, dt)
		if err := p.RunAll(); err != nil {
			t.Fatal(err)
		}
		homeCost, homeGrad, homeWeights := p.Cost(), p.Gradient().Clone(), p.Weights().Clone()

		w, g := p.Weights().Clone(), p.Weights().Like()
		w.Scale(-1.5)
		for i := range g.Ranges {
			for k := g.Ranges[i].Lo; k < g.Ranges[i].Hi; k++ {
				g.Set(k, math.NaN())
			}
		}
		wantCost, wantGrad, wantOut := at(t, dt, w)
		cost, err := p.Evaluate(w, g)
		if err != nil {
			t.Fatal(err)
		}
		if cost != wantCost || p.Cost() != wantCost {
			t.Errorf("cost %v and %v, want %v", cost, p.Cost(), wantCost)
		}
		sameVector(t, "gradient", g, wantGrad)
		for i, x := range floats(out.Value()) {
			if x != wantOut[i] {
				t.Fatalf("output %v, want %v", floats(out.Value()), wantOut)
			}
		}
		sameVector(t, "own weights", p.Weights(), homeWeights)
		sameVector(t, "own gradient", p.Gradient(), homeGrad)
		for i, n := range r.params {
			rg, _ := p.Weights().Find(n.Name())
			if floats(n.Value())[0] != homeWeights.At(rg.Lo) {
				t.Errorf("parameter %d isn't bound to the program's weights any more", i)
			}
			if v, _ := n.Grad(); floats(v)[0] != homeGrad.At(rg.Lo) {
				t.Errorf("gradient %d isn't bound to the program's gradient any more", i)
			}
		}

		cost, err = p.Evaluate(w, nil)
		if err != nil || cost != wantCost {
			t.Errorf("forward only: %v, %v, want %v", cost, err, wantCost)
		}
		sameVector(t, "own gradient after a forward pass", p.Gradient(), homeGrad)
		if cost, err := p.Evaluate(p.Weights(), p.Gradient()); err != nil || cost != homeCost {
			t.Errorf("at home: %v, %v, want %v", cost, err, homeCost)
		}
		sameVector(t, "gradient at home", p.Gradient(), homeGrad)
	})
}

func TestEvaluateErrors(t *testing.T) {
	p, _, _ := quadratic(t, tensor.Float64)
	other, err := vector.New(vector.Float64, vector.Param{Name: "w", Shape: []int{3, 2}})
	if err != nil {
		t.Fatal(err)
	}
	single, err := vector.New(vector.Float32, vector.Param{Name: "w", Shape: []int{3, 2}}, vector.Param{Name: "b"}, vector.Param{Name: "f", Shape: []int{4, 2}})
	if err != nil {
		t.Fatal(err)
	}
	_, err = p.Evaluate(nil, nil)
	wantError(t, err, "nil")
	for _, v := range []*vector.Vector{other, single} {
		_, err = p.Evaluate(v, nil)
		wantError(t, err, "weights")
		_, err = p.Evaluate(p.Weights(), v)
		wantError(t, err, "gradient")
	}
}

func TestForward(t *testing.T) {
	p, _, out := quadratic(t, tensor.Float64)
	poison(p)
	if err := p.Forward(); err != nil {
		t.Fatal(err)
	}
	cost, o := p.Cost(), floats(out.Value())
	for _, x := range p.Gradient().F64 {
		if !math.IsNaN(x) {
			t.Fatal("a forward pass wrote to the gradient")
		}
	}
	if err := p.RunAll(); err != nil {
		t.Fatal(err)
	}
	if p.Cost() != cost {
		t.Errorf("cost %v forward, %v with gradient", cost, p.Cost())
	}
	for i, x := range floats(out.Value()) {
		if x != o[i] {
			t.Errorf("output %d: %v forward, %v with gradient", i, o[i], x)
		}
	}
}

// TestFrozen checks that a frozen input lies in the vector and has no gradient.
func TestFrozen(t *testing.T) {
	p, r, _ := quadratic(t, tensor.Float64)
	rg, ok := p.Weights().Find("f")
	if !ok {
		t.Fatal("no range of the frozen input")
	}
	if err := p.RunAll(); err != nil {
		t.Fatal(err)
	}
	before := p.Cost()
	for i := rg.Lo; i < rg.Hi; i++ {
		if p.Gradient().At(i) != 0 {
			t.Errorf("gradient of the frozen input: %v", p.Gradient().At(i))
		}
		p.Weights().Set(i, 2*p.Weights().At(i))
	}
	if got := floats(r.g.ByName("f")[0].Value())[0]; got != p.Weights().At(rg.Lo) {
		t.Error("the frozen input's node is no view of the vector")
	}
	if err := p.RunAll(); err != nil {
		t.Fatal(err)
	}
	if p.Cost() == before {
		t.Error("the program doesn't read the frozen input from the vector")
	}
}

// TestWeights checks that programs over one vector see each other's weights, and only those.
func TestWeights(t *testing.T) {
	train, _, _ := quadratic(t, tensor.Float32, Groups(func(name string) string { return "group of " + name }))
	eval, r, _ := quadratic(t, tensor.Float32, Weights(train.Weights()))
	if eval.Weights() != train.Weights() {
		t.Fatal("two vectors")
	}
	if rg, _ := train.Weights().Find("b"); rg.Group != "group of b" {
		t.Errorf("group %q", rg.Group)
	}
	train.Weights().Scale(3)
	if err := train.RunAll(); err != nil {
		t.Fatal(err)
	}
	if err := eval.Forward(); err != nil {
		t.Fatal(err)
	}
	if train.Cost() != eval.Cost() {
		t.Errorf("costs %v and %v at the same weights", train.Cost(), eval.Cost())
	}
	rg, _ := train.Weights().Find("w")
	if floats(r.params[0].Value())[5] != train.Weights().At(rg.Lo+5) {
		t.Error("the second program's node is no view of the first one's weights")
	}
}

// TestRebound checks that a value somebody binds to a weight reaches the vector.
func TestRebound(t *testing.T) {
	p, r, _ := quadratic(t, tensor.Float64)
	w, b := r.params[0], r.params[1]
	if err := gorgonia.Let(w, tensor.New(tensor.WithShape(3, 2), tensor.WithBacking([]float64{1, 2, 3, 4, 5, 6}))); err != nil {
		t.Fatal(err)
	}
	if err := gorgonia.Let(b, 7.0); err != nil {
		t.Fatal(err)
	}
	if err := p.RunAll(); err != nil {
		t.Fatal(err)
	}
	rw, _ := p.Weights().Find("w")
	rb, _ := p.Weights().Find("b")
	if p.Weights().At(rw.Lo+5) != 6 || p.Weights().At(rb.Lo) != 7 {
		t.Errorf("weights %v", p.Weights().F64)
	}
	p.Weights().Set(rw.Lo, 9)
	p.Weights().Set(rb.Lo, 8)
	if floats(w.Value())[0] != 9 || floats(b.Value())[0] != 8 {
		t.Error("the nodes aren't views of the vector again")
	}
	wantCost, wantGrad, _ := at(t, tensor.Float64, p.Weights())
	if err := p.RunAll(); err != nil {
		t.Fatal(err)
	}
	if p.Cost() != wantCost {
		t.Errorf("cost %v, want %v", p.Cost(), wantCost)
	}
	sameVector(t, "gradient", p.Gradient(), wantGrad)
}
