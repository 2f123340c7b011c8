package graph

import (
	"math"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// crooked is an affine op whose derivative is off by a factor in one element.
type crooked struct {
	affine
	factor float64
}

func (op crooked) String() string { return "crooked " + op.affine.String() }

func (op crooked) SymDiff(in gorgonia.Nodes, out, grad *gorgonia.Node) (gorgonia.Nodes, error) {
	n, err := gorgonia.ApplyOp(bend{affine{a: op.a, dims: op.dims}, op.factor}, grad)
	return gorgonia.Nodes{n}, err
}

type bend struct {
	affine
	factor float64
}

func (op bend) UsePreallocDo(out gorgonia.Value, in ...gorgonia.Value) (gorgonia.Value, error) {
	v, err := op.affine.UsePreallocDo(out, in...)
	if y := out.(*tensor.Dense).Float64s(); len(y) > 4 {
		y[4] *= op.factor
	}
	return v, err
}

// counter is a cost that changes from run to run.
type counter struct {
	affine
	n *int
}

func (op counter) UsePreallocDo(out gorgonia.Value, in ...gorgonia.Value) (gorgonia.Value, error) {
	*op.n++
	op.b = float64(*op.n)
	return op.affine.UsePreallocDo(out, in...)
}

func TestCheckGradient(t *testing.T) {
	for _, m := range append(mendedModels, models...) {
		if m.name == "unary ops of positive numbers" {
			continue // Gorgonia's gradient of InverseSqrt is wrong
		}
		r := newRig(tensor.Float64, 4)
		if err := CheckGradient(m.build(r), r.params, CheckCoordinates(10), CheckCompile(Frozen(r.frozen...))); err != nil {
			t.Errorf("%s: %v", m.name, err)
		}
	}
}

func TestCheckGradientFinds(t *testing.T) {
	build := func(op func(a affine) gorgonia.Op) (*gorgonia.Node, gorgonia.Nodes) {
		r := newRig(tensor.Float64, 1)
		v, w := r.param("v", 2, 3), r.param("w", 2, 3)
		h := must(gorgonia.Mul(r.input("x", 4, 2), must(gorgonia.Add(v, must(gorgonia.ApplyOp(op(affine{a: 2, b: 1, dims: 2}), w))))))
		return must(gorgonia.Mean(must(gorgonia.Tanh(h)))), r.params
	}
	t.Run("nothing", func(t *testing.T) {
		if err := CheckGradient(build(func(a affine) gorgonia.Op { return a })); err != nil {
			t.Error(err)
		}
	})
	t.Run("an element", func(t *testing.T) {
		wantError(t, CheckGradient(build(func(a affine) gorgonia.Op { return crooked{a, 1.0001} })), `parameter "w"[1 1]`, "gradient", "difference")
	})
	t.Run("an element by directions", func(t *testing.T) {
		cost, params := build(func(a affine) gorgonia.Op { return crooked{a, 1.0001} })
		wantError(t, CheckGradient(cost, params, CheckCoordinates(0)), "random direction")
	})
	t.Run("no function", func(t *testing.T) {
		n := 0
		wantError(t, CheckGradient(build(func(a affine) gorgonia.Op { return counter{a, &n} })), "at the same point")
	})
	t.Run("NaN", func(t *testing.T) {
		wantError(t, CheckGradient(build(func(a affine) gorgonia.Op { return crooked{a, math.NaN()} })), `"w"`, "NaN")
		wantError(t, CheckGradient(build(func(a affine) gorgonia.Op { a.b = math.NaN(); return a })), "NaN", "at the same point")
	})
}

func TestCheckGradientErrors(t *testing.T) {
	r := newRig(tensor.Float32, 3)
	cost := must(gorgonia.Sum(must(gorgonia.Square(r.param("w", 3)))))
	wantError(t, CheckGradient(cost, nil), "without parameters")
	wantError(t, CheckGradient(cost, r.params), "float64")
	wantError(t, CheckGradient(nil, r.params), "nil")
	wantError(t, CheckGradient(cost, r.params, nil), "an option is nil")
	for _, o := range []CheckOption{CheckStep(0), CheckStep(math.NaN()), CheckTolerance(-1), CheckCoordinates(-1)} {
		wantError(t, CheckGradient(cost, r.params, o), "gradient check with")
	}
}

// TestCheckGradientLeaves checks that the weights are as before.
func TestCheckGradientLeaves(t *testing.T) {
	r := newRig(tensor.Float64, 3)
	w := r.param("w", 3)
	before := floats(w.Value())
	if err := CheckGradient(must(gorgonia.Sum(must(gorgonia.Square(w)))), r.params, CheckSeed(7)); err != nil {
		t.Fatal(err)
	}
	for i, x := range floats(w.Value()) {
		if x != before[i] {
			t.Errorf("weight %d went from %v to %v", i, before[i], x)
		}
	}
}
