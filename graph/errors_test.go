package graph

import (
	"fmt"
	"hash"
	"hash/fnv"
	"strings"
	"testing"

	"github.com/chewxy/hm"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// opaque is an op without a derivative: y = x.
type opaque struct{}

func (opaque) Arity() int            { return 1 }
func (opaque) Type() hm.Type         { return hm.NewFnType(hm.TypeVariable('a'), hm.TypeVariable('a')) }
func (opaque) ReturnsPtr() bool      { return true }
func (opaque) CallsExtern() bool     { return false }
func (opaque) OverwritesInput() int  { return -1 }
func (opaque) WriteHash(h hash.Hash) { fmt.Fprint(h, "opaque") }
func (opaque) String() string        { return "opaque" }
func (opaque) Hashcode() uint32      { return fnv.New32a().Sum32() }
func (opaque) InferShape(in ...gorgonia.DimSizer) (tensor.Shape, error) {
	return in[0].(tensor.Shape), nil
}
func (opaque) Do(in ...gorgonia.Value) (gorgonia.Value, error) { return in[0], nil }

// panicky is an opaque op whose derivative panics.
type panicky struct{ opaque }

func (panicky) String() string        { return "panicky" }
func (panicky) WriteHash(h hash.Hash) { fmt.Fprint(h, "panicky") }
func (panicky) DiffWRT(int) []bool    { return []bool{true} }
func (panicky) SymDiff(gorgonia.Nodes, *gorgonia.Node, *gorgonia.Node) (gorgonia.Nodes, error) {
	panic("no derivative after all")
}

func wantError(t *testing.T, err error, parts ...string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error, want one with %q", parts)
	}
	if !strings.HasPrefix(err.Error(), "graph: ") {
		t.Errorf("error %q lacks the package's name", err)
	}
	for _, p := range parts {
		if !strings.Contains(err.Error(), p) {
			t.Errorf("error %q lacks %q", err, p)
		}
	}
}

func TestCompileErrors(t *testing.T) {
	tests := []struct {
		name  string
		build func(r *rig) (*gorgonia.Node, []Option)
		parts []string
	}{
		{"nil option", func(r *rig) (*gorgonia.Node, []Option) { return nil, []Option{nil} }, []string{"an option is nil"}},
		{"nil cost", func(r *rig) (*gorgonia.Node, []Option) { return nil, nil }, []string{"cost is nil"}},
		{"nil cost with parameters", func(r *rig) (*gorgonia.Node, []Option) {
			w := r.param("w", 3)
			return nil, []Option{Params(w), Outputs(must(gorgonia.Exp(w)))}
		}, []string{"cost is nil"}},
		{"cost is no scalar", func(r *rig) (*gorgonia.Node, []Option) {
			w := r.param("w", 3)
			return must(gorgonia.Exp(w)), []Option{Params(w)}
		}, []string{"exp(", "(3)", "scalar"}},
		{"nil parameter", func(r *rig) (*gorgonia.Node, []Option) {
			return must(gorgonia.Sum(r.param("w", 3))), []Option{Params(nil)}
		}, []string{"parameter 0 is nil"}},
		{"nil output", func(r *rig) (*gorgonia.Node, []Option) {
			return must(gorgonia.Sum(r.param("w", 3))), []Option{Outputs(nil)}
		}, []string{"output 0 is nil"}},
		{"parameter without a name", func(r *rig) (*gorgonia.Node, []Option) {
			w := gorgonia.NewVector(r.g, r.dt, gorgonia.WithShape(3), gorgonia.WithInit(gorgonia.Ones()))
			return must(gorgonia.Sum(w)), []Option{Params(w)}
		}, []string{"parameter 0", "(3)", "no name"}},
		{"name used twice", func(r *rig) (*gorgonia.Node, []Option) {
			a, b := r.param("w", 3), r.param("w", 4)
			return must(gorgonia.Add(must(gorgonia.Sum(a)), must(gorgonia.Sum(b)))), []Option{Params(a, b)}
		}, []string{`"w"`, "twice"}},
		{"name used for a frozen input too", func(r *rig) (*gorgonia.Node, []Option) {
			a, b := r.param("w", 3), r.param("w", 4)
			return must(gorgonia.Add(must(gorgonia.Sum(a)), must(gorgonia.Sum(b)))), []Option{Params(a), Frozen(b)}
		}, []string{`"w"`, "twice"}},
		{"computed parameter", func(r *rig) (*gorgonia.Node, []Option) {
			h := must(gorgonia.Exp(r.param("w", 3)))
			return must(gorgonia.Sum(h)), []Option{Params(h)}
		}, []string{"exp(", "computed"}},
		{"integer parameter", func(r *rig) (*gorgonia.Node, []Option) {
			k := gorgonia.NewVector(r.g, tensor.Int, gorgonia.WithShape(3), gorgonia.WithName("k"))
			return must(gorgonia.Sum(r.param("w", 3))), []Option{Params(r.params[0], k)}
		}, []string{`"k"`, "int", "float32 or float64"}},
		{"two types", func(r *rig) (*gorgonia.Node, []Option) {
			a := r.param("a", 3)
			b := gorgonia.NewVector(r.g, tensor.Float32, gorgonia.WithShape(3), gorgonia.WithName("b"), gorgonia.WithInit(gorgonia.Ones()))
			return must(gorgonia.Sum(a)), []Option{Params(a, b)}
		}, []string{`"a"`, "float64", `"b"`, "float32"}},
		{"cost doesn't depend on it", func(r *rig) (*gorgonia.Node, []Option) {
			a, b := r.param("a", 3), r.param("b", 3)
			return must(gorgonia.Sum(a)), []Option{Params(a, b)}
		}, []string{"does not depend", `"b"`}},
		{"op without derivative", func(r *rig) (*gorgonia.Node, []Option) {
			a, b := r.param("a", 3), r.param("b", 3)
			h := must(gorgonia.ApplyOp(opaque{}, must(gorgonia.Exp(b))))
			return must(gorgonia.Sum(must(gorgonia.Add(a, h)))), []Option{Params(a, b)}
		}, []string{"opaque", "no derivative", `"b"`}},
		{"op with a derivative by other arguments", func(r *rig) (*gorgonia.Node, []Option) {
			a, b := r.param("a", 3), r.param("b", 3)
			return must(gorgonia.Sum(must(gorgonia.HadamardProd(a, must(gorgonia.Gt(b, a, true)))))), []Option{Params(a, b)}
		}, []string{">", "no derivative", `"b"`}},
		{"derivative that panics", func(r *rig) (*gorgonia.Node, []Option) {
			w := r.param("w", 3)
			return must(gorgonia.Sum(must(gorgonia.ApplyOp(panicky{}, w)))), []Option{Params(w)}
		}, []string{"gorgonia.Grad", "no derivative after all"}},
		{"parameter without a value", func(r *rig) (*gorgonia.Node, []Option) {
			w := gorgonia.NewVector(r.g, r.dt, gorgonia.WithShape(3), gorgonia.WithName("w"))
			return must(gorgonia.Sum(w)), []Option{Params(w)}
		}, []string{`"w"`, "no value"}},
		{"parameter of another shape than its value", func(r *rig) (*gorgonia.Node, []Option) {
			w := r.param("w", 3, 2)
			gorgonia.WithValue(random(r.dt, "w", 2, 3))(w)
			return must(gorgonia.Sum(w)), []Option{Params(w)}
		}, []string{`"w"`, "(3, 2)", "(2, 3)"}},
		{"another graph", func(r *rig) (*gorgonia.Node, []Option) {
			other := newRig(r.dt, 3)
			return must(gorgonia.Sum(r.param("w", 3))), []Option{Params(other.param("v", 3))}
		}, []string{`"v"`, "another graph"}},
		{"output of another graph", func(r *rig) (*gorgonia.Node, []Option) {
			other := newRig(r.dt, 3)
			return must(gorgonia.Sum(r.param("w", 3))), []Option{Outputs(must(gorgonia.Exp(other.param("v", 3))))}
		}, []string{"exp(", "another graph"}},
		{"derivative of another cost", func(r *rig) (*gorgonia.Node, []Option) {
			w := r.param("w", 3)
			if _, err := gorgonia.Grad(must(gorgonia.Sum(must(gorgonia.Exp(w)))), w); err != nil {
				t.Fatal(err)
			}
			return must(gorgonia.Sum(must(gorgonia.Square(w)))), []Option{Params(w)}
		}, []string{`"w"`, "another cost"}},
		{"derivative of some parameters", func(r *rig) (*gorgonia.Node, []Option) {
			a, b := r.param("a", 3), r.param("b", 3)
			cost := must(gorgonia.Sum(must(gorgonia.HadamardProd(a, b))))
			if _, err := gorgonia.Grad(cost, a); err != nil {
				t.Fatal(err)
			}
			return cost, []Option{Params(a, b)}
		}, []string{"before", "1 of these 2"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, more := range [][]Option{nil, {NoFusion()}} {
				cost, opts := tt.build(newRig(tensor.Float64, 3))
				p, err := Compile(cost, append(opts, more...)...)
				wantError(t, err, tt.parts...)
				if p != nil {
					t.Error("a program beside the error")
				}
			}
		})
	}
}

// TestSharedWeightsErrors checks what may be wrong with the vector given to Weights.
func TestSharedWeightsErrors(t *testing.T) {
	build := func(dt tensor.Dtype, name string, shape ...int) (*gorgonia.Node, *gorgonia.Node) {
		r := newRig(dt, 3)
		w := r.param(name, shape...)
		return must(gorgonia.Sum(must(gorgonia.Square(w)))), w
	}
	cost, w := build(tensor.Float64, "w", 3, 2)
	p, err := Compile(cost, Params(w))
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		dt    tensor.Dtype
		name  string
		shape []int
		parts []string
	}{
		{tensor.Float64, "v", []int{3, 2}, []string{`"v"`}},
		{tensor.Float64, "w", []int{2, 3}, []string{`"w"`, "(2, 3)", "[3 2]"}},
		{tensor.Float32, "w", []int{3, 2}, []string{`"w"`, "float32", "float64"}},
	} {
		cost, w := build(tt.dt, tt.name, tt.shape...)
		_, err := Compile(cost, Params(w), Weights(p.Weights()))
		wantError(t, err, tt.parts...)
	}
}

func TestRunErrors(t *testing.T) {
	r := newRig(tensor.Float64, 3)
	x := gorgonia.NewMatrix(r.g, r.dt, gorgonia.WithShape(3, 2), gorgonia.WithName("x"))
	w := r.param("w", 2, 2)
	cost := must(gorgonia.Sum(must(gorgonia.Mul(x, w))))
	p, err := Compile(cost, Params(w))
	if err != nil {
		t.Fatal(err)
	}
	wantError(t, p.RunAll(), `"x"`, "no value")
	if err := p.Let(x, random(r.dt, "x", 3, 2)); err != nil {
		t.Fatal(err)
	}
	if err := p.RunAll(); err != nil {
		t.Fatal(err)
	}
	gorgonia.WithValue(random(r.dt, "x", 3, 5))(x)
	wantError(t, p.RunAll(), "×", "(3, 5)", "(2, 2)")
	gorgonia.WithValue(random(r.dt, "x", 4, 2))(x)
	if err := p.RunAll(); err != nil {
		t.Errorf("after an error: %v", err)
	}
}

// stretched is an op whose derivative is twice as long as its argument.
type stretched struct{ opaque }

func (stretched) String() string        { return "stretched" }
func (stretched) WriteHash(h hash.Hash) { fmt.Fprint(h, "stretched") }
func (stretched) DiffWRT(int) []bool    { return []bool{true} }
func (stretched) SymDiff(_ gorgonia.Nodes, _, grad *gorgonia.Node) (gorgonia.Nodes, error) {
	n, err := gorgonia.Concat(0, grad, grad)
	return gorgonia.Nodes{n}, err
}

// TestWrongGradient checks that a gradient of the wrong shape is no silent thing.
func TestWrongGradient(t *testing.T) {
	r := newRig(tensor.Float64, 3)
	k := must(gorgonia.ApplyOp(stretched{}, r.param("u", 3)))
	p, err := Compile(must(gorgonia.Sum(must(gorgonia.Square(k)))), Params(r.params...))
	if err != nil {
		t.Fatal(err)
	}
	wantError(t, p.RunAll(), "gradient", `"u"`, "(3)", "(6)")
	w := r.params[0]
	gorgonia.WithValue(random(r.dt, "u", 4))(w)
	wantError(t, p.RunAll(), `"u"`, "(3)")
}

// TestIllOp checks that a panic and an error of an op name it, and leave a program that works.
func TestIllOp(t *testing.T) {
	for _, noFusion := range []bool{false, true} {
		r := newRig(tensor.Float64, 3)
		f := new(failure)
		w := r.param("w", 5, 2)
		// The product is transposed in place while Gorgonia's op runs; the op after it fails.
		h := must(gorgonia.Mul(r.feed("x", 5), w))
		h = must(gorgonia.ApplyOp(affine{a: 2, b: 1, dims: 2, fail: f}, h))
		cost := must(gorgonia.Sum(must(gorgonia.Square(h))))
		opts := []Option{Params(w)}
		if noFusion {
			opts = append(opts, NoFusion())
		}
		p, err := Compile(cost, opts...)
		if err != nil {
			t.Fatal(err)
		}
		if err := p.RunAll(); err != nil {
			t.Fatal(err)
		}
		want, wantGrad := p.Cost(), p.Gradient().Clone()
		other := p.Weights().Clone()
		other.Scale(2)
		for _, fail := range []failure{{panic: true}, {err: true}} {
			*f = fail
			wantError(t, p.RunAll(), "2x+1", "affine is ill", "float64 (3, 2)")
			_, err := p.Evaluate(other, other.Like())
			wantError(t, err, "2x+1", "affine is ill")
			*f = failure{}
			p.Gradient().Zero()
			if err := p.RunAll(); err != nil {
				t.Fatal(err)
			}
			if p.Cost() != want {
				t.Errorf("after a failure the cost is %v, want %v", p.Cost(), want)
			}
			for i, x := range p.Gradient().F64 {
				if x != wantGrad.F64[i] {
					t.Errorf("after a failure element %d of the gradient is %v, want %v", i, x, wantGrad.F64[i])
				}
			}
		}
	}
}

// TestTransposedPanic panics while a product's argument is transposed in place.
func TestTransposedPanic(t *testing.T) {
	r := newRig(tensor.Float64, 3)
	w := r.param("w", 3, 4)
	tr := must(gorgonia.Mul(must(gorgonia.Mul(r.input("a", 2, 3), w)), r.input("b", 4, 2)))
	cost := must(gorgonia.Sum(must(gorgonia.Square(tr))))
	p, err := Compile(cost, Params(w), NoFusion())
	if err != nil {
		t.Fatal(err)
	}
	if err := p.RunAll(); err != nil {
		t.Fatal(err)
	}
	want := p.Gradient().Clone()
	gorgonia.Use(brokenBLAS{})
	err = p.RunAll()
	gorgonia.Use(plainBLAS{})
	wantError(t, err, "the BLAS is broken")
	if err := p.RunAll(); err != nil {
		t.Fatal(err)
	}
	for i, x := range p.Gradient().F64 {
		if x != want.F64[i] {
			t.Fatalf("element %d of the gradient is %v, want %v", i, x, want.F64[i])
		}
	}
}
