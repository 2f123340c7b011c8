package graph

import (
	"fmt"
	"hash"
	"hash/fnv"
	"testing"

	"github.com/chewxy/hm"
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// affine is y = a x + b, elementwise on float64 vectors and matrices. With fuse set it absorbs another affine op that
// follows it.
type affine struct {
	a, b float64
	dims int
	fuse bool
	fail *failure
}

// failure makes an op fail on demand.
type failure struct{ panic, err bool }

func (op affine) Arity() int { return 1 }

func (op affine) Type() hm.Type {
	t := gorgonia.TensorType{Dims: op.dims, Of: tensor.Float64}
	return hm.NewFnType(t, t)
}

func (op affine) InferShape(in ...gorgonia.DimSizer) (tensor.Shape, error) {
	return in[0].(tensor.Shape).Clone(), nil
}

func (op affine) Do(in ...gorgonia.Value) (gorgonia.Value, error) {
	return op.UsePreallocDo(tensor.New(tensor.Of(tensor.Float64), tensor.WithShape(in[0].Shape().Clone()...)), in...)
}

func (op affine) UsePreallocDo(out gorgonia.Value, in ...gorgonia.Value) (gorgonia.Value, error) {
	if op.fail != nil && op.fail.panic {
		panic("affine is ill")
	}
	if op.fail != nil && op.fail.err {
		return nil, errors.New("affine is ill")
	}
	x, y := in[0].(*tensor.Dense).Float64s(), out.(*tensor.Dense).Float64s()
	for i, v := range x {
		y[i] = op.a*v + op.b
	}
	return out, nil
}

func (op affine) ReturnsPtr() bool      { return true }
func (op affine) CallsExtern() bool     { return false }
func (op affine) OverwritesInput() int  { return -1 }
func (op affine) WriteHash(h hash.Hash) { fmt.Fprint(h, op.String()) }
func (op affine) String() string        { return fmt.Sprintf("%gx%+g", op.a, op.b) }

func (op affine) Hashcode() uint32 {
	h := fnv.New32a()
	op.WriteHash(h)
	return h.Sum32()
}

func (op affine) DiffWRT(int) []bool { return []bool{true} }

func (op affine) SymDiff(in gorgonia.Nodes, out, grad *gorgonia.Node) (gorgonia.Nodes, error) {
	n, err := gorgonia.ApplyOp(affine{a: op.a, dims: op.dims}, grad)
	return gorgonia.Nodes{n}, err
}

func (op affine) Fuse(next gorgonia.Op) (gorgonia.Op, bool) {
	n, ok := next.(affine)
	if !ok || !op.fuse {
		return nil, false
	}
	return affine{a: n.a * op.a, b: n.a*op.b + n.b, dims: op.dims, fuse: true}, true
}

var _ Fuser = affine{}

// ops lists what a program runs.
func (p *Program) ops() (l []string) {
	for i := range p.slots {
		if s := &p.slots[i]; s.from == fromOp && !s.dead {
			l = append(l, s.Expr.Op().String())
		}
	}
	return l
}

// chainOf applies affine ops one after another.
func chainOf(x *gorgonia.Node, fuse bool, ab ...float64) (nodes gorgonia.Nodes) {
	for i := 0; i < len(ab); i += 2 {
		x = must(gorgonia.ApplyOp(affine{a: ab[i], b: ab[i+1], dims: x.Dims(), fuse: fuse}, x))
		nodes = append(nodes, x)
	}
	return nodes
}

func TestFuse(t *testing.T) {
	type result struct {
		cost float64
		grad []float64
	}
	run := func(t *testing.T, opts ...Option) (*Program, result) {
		r := newRig(tensor.Float64, 1)
		w := r.param("w", 4)
		c := chainOf(w, true, 2, 1, 3, -1, -1, 0.5)
		cost := must(gorgonia.Sum(must(gorgonia.Square(c[2]))))
		p, err := Compile(cost, append(opts, Params(w))...)
		if err != nil {
			t.Fatal(err)
		}
		if err := p.RunAll(); err != nil {
			t.Fatal(err)
		}
		if got := floats(cost.Value())[0]; got != p.Cost() {
			t.Errorf("the cost's node has %v, the program %v", got, p.Cost())
		}
		g, err := w.Grad()
		if err != nil {
			t.Fatal(err)
		}
		return p, result{p.Cost(), floats(g)}
	}
	count := func(p *Program) (n int) {
		for _, op := range p.ops() {
			if op[0] != 'n' && op[len(op)-1] != 'e' {
				n++
			}
		}
		return n
	}
	plain, want := run(t, NoFusion())
	fused, got := run(t)
	if count(fused) >= count(plain) {
		t.Errorf("fused: %v\nplain: %v", fused.ops(), plain.ops())
	}
	found := false
	for _, op := range fused.ops() {
		found = found || op == "-6x-1.5"
		if op == "2x+1" || op == "3x-1" {
			t.Errorf("op %s was absorbed and runs", op)
		}
	}
	if !found {
		t.Errorf("no fused op in %v", fused.ops())
	}
	if diff := got.cost - want.cost; diff > 1e-12*want.cost || -diff > 1e-12*want.cost {
		t.Errorf("cost %v, want %v", got.cost, want.cost)
	}
	for i := range want.grad {
		if d := got.grad[i] - want.grad[i]; d > 1e-12 || d < -1e-12 {
			t.Errorf("gradient %v, want %v", got.grad, want.grad)
			break
		}
	}
}

// TestFuseKeeps checks what must not be absorbed: an output, a value with two consumers, and what an op refuses.
func TestFuseKeeps(t *testing.T) {
	tests := []struct {
		name  string
		build func(w *gorgonia.Node) (cost *gorgonia.Node, outputs gorgonia.Nodes)
		runs  []string
		not   []string
	}{
		{"an output", func(w *gorgonia.Node) (*gorgonia.Node, gorgonia.Nodes) {
			c := chainOf(w, true, 2, 1, 3, -1, 5, 0)
			return must(gorgonia.Sum(c[2])), c[1:2]
		}, []string{"6x+2", "5x+0"}, []string{"2x+1", "3x-1"}},
		{"two consumers", func(w *gorgonia.Node) (*gorgonia.Node, gorgonia.Nodes) {
			c := chainOf(w, true, 2, 1, 3, -1)
			return must(gorgonia.Sum(must(gorgonia.HadamardProd(c[1], c[0])))), nil
		}, []string{"2x+1", "3x-1"}, []string{"6x+2"}},
		{"one consumer twice", func(w *gorgonia.Node) (*gorgonia.Node, gorgonia.Nodes) {
			c := chainOf(w, true, 2, 1)
			return must(gorgonia.Sum(must(gorgonia.HadamardProd(c[0], c[0])))), nil
		}, []string{"2x+1"}, nil},
		{"refused", func(w *gorgonia.Node) (*gorgonia.Node, gorgonia.Nodes) {
			return must(gorgonia.Sum(chainOf(w, false, 2, 1, 3, -1)[1])), nil
		}, []string{"2x+1", "3x-1"}, []string{"6x+2"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := newRig(tensor.Float64, 1)
			w := r.param("w", 3)
			cost, outputs := tt.build(w)
			p, err := Compile(cost, Params(w), Outputs(outputs...))
			if err != nil {
				t.Fatal(err)
			}
			has := make(map[string]bool)
			for _, op := range p.ops() {
				has[op] = true
			}
			for _, op := range tt.runs {
				if !has[op] {
					t.Errorf("%s is not among %v", op, p.ops())
				}
			}
			for _, op := range tt.not {
				if has[op] {
					t.Errorf("%s is among %v", op, p.ops())
				}
			}
			if err := p.RunAll(); err != nil {
				t.Fatal(err)
			}
			for _, o := range outputs {
				want := chainValue(w)
				for i, v := range floats(o.Value()) {
					if v != want[i] {
						t.Errorf("output %v, want %v", floats(o.Value()), want)
						break
					}
				}
			}
		})
	}
}

// chainValue is what 3(2x+1)−1 gives.
func chainValue(w *gorgonia.Node) []float64 {
	x := floats(w.Value())
	for i := range x {
		x[i] = 6*x[i] + 2
	}
	return x
}
