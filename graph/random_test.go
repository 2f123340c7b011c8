package graph

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// randomGraph applies ops to nodes at random: 4×4 matrices, with vectors of 16 and scalars on the side.
func randomGraph(r *rig, seed uint64) (cost *gorgonia.Node, outputs gorgonia.Nodes) {
	rng := rand.New(rand.NewPCG(seed, 3))
	nodes := gorgonia.Nodes{r.param("a", 4, 4), r.param("b", 4, 4), r.input("c", 4, 4), r.param("d", 4, 4)}
	pick := func() *gorgonia.Node {
		if rng.IntN(2) == 0 { // recent ones more often
			return nodes[len(nodes)-1-rng.IntN(min(3, len(nodes)))]
		}
		return nodes[rng.IntN(len(nodes))]
	}
	for range 5 + rng.IntN(30) {
		var n *gorgonia.Node
		switch rng.IntN(11) {
		case 0:
			n = must(gorgonia.Add(pick(), pick()))
		case 1:
			n = must(gorgonia.Tanh(must(gorgonia.Sub(pick(), pick()))))
		case 2:
			n = must(gorgonia.HadamardProd(pick(), must(gorgonia.Tanh(pick()))))
		case 3:
			n = must(gorgonia.Tanh(must(gorgonia.Mul(pick(), pick()))))
		case 4:
			n = must(gorgonia.Transpose(pick(), 1, 0))
		case 5:
			v := must(gorgonia.Reshape(pick(), tensor.Shape{16}))
			n = must(gorgonia.Reshape(must(gorgonia.Sigmoid(v)), tensor.Shape{4, 4}))
		case 6:
			n = must(gorgonia.Reshape(must(gorgonia.Reshape(pick(), tensor.Shape{2, 8})), tensor.Shape{4, 4}))
		case 7:
			n = must(gorgonia.HadamardProd(pick(), must(gorgonia.Tanh(must(gorgonia.Sum(pick()))))))
		case 8:
			n = must(gorgonia.Rectify(pick()))
		case 9:
			top := must(gorgonia.Slice(pick(), gorgonia.S(0, 2)))
			n = must(gorgonia.Concat(0, must(gorgonia.Slice(pick(), gorgonia.S(2, 4))), top))
		case 10:
			row := must(gorgonia.Reshape(must(gorgonia.Mean(pick(), 0)), tensor.Shape{1, 4}))
			n = must(gorgonia.BroadcastAdd(pick(), row, nil, []byte{0}))
		}
		nodes = append(nodes, n)
		if rng.IntN(6) == 0 && !isInput(n) {
			outputs = append(outputs, n)
		}
	}
	last := must(gorgonia.Tanh(nodes[len(nodes)-1]))
	for _, p := range r.params { // so that the cost depends on all
		last = must(gorgonia.Add(last, must(gorgonia.Tanh(p))))
	}
	return must(gorgonia.Mean(must(gorgonia.Square(last)))), outputs
}

// naive evaluates a program's slots one after another by their ops' Do, on copies, every value in memory of its own.
func naive(t *testing.T, p *Program) []gorgonia.Value {
	t.Helper()
	values := make([]gorgonia.Value, len(p.slots))
	for i := range p.slots {
		s := &p.slots[i]
		if s.from != fromOp {
			values[i] = s.Expr.Value()
			continue
		}
		args := make([]gorgonia.Value, len(s.Inputs))
		for j, k := range s.Inputs {
			v, err := gorgonia.CloneValue(values[k])
			if err != nil {
				t.Fatal(err)
			}
			args[j] = v
		}
		v, err := s.Expr.Op().Do(args...)
		if err != nil {
			t.Fatal(err)
		}
		values[i] = v
	}
	return values
}

// TestRandomGraphs checks the order, the sharing of memory and the gradients' places on graphs that nobody thought of.
func TestRandomGraphs(t *testing.T) {
	for seed := range uint64(150) {
		for _, noFusion := range []bool{true, false} {
			t.Run(fmt.Sprint(seed, noFusion), func(t *testing.T) {
				r := newRig(tensor.Float64, 1)
				cost, outputs := randomGraph(r, seed)
				opts := []Option{Params(r.params...), Outputs(outputs...)}
				if noFusion {
					opts = append(opts, NoFusion())
				}
				p, err := Compile(cost, opts...)
				if err != nil {
					t.Fatal(err)
				}
				want := naive(t, p)
				same := func(what string, got, want gorgonia.Value) {
					if noFusion {
						sameBits(t, what, got, want)
					} else {
						near(t, what, got, want, 1e-11)
					}
				}
				for range 2 {
					if err := p.RunAll(); err != nil { // the first run makes the arena
						t.Fatal(err)
					}
					poison(p)
				}
				if err := p.RunAll(); err != nil {
					t.Fatal(err)
				}
				same("cost", cost.Value(), want[p.cost])
				for i, o := range p.outputs {
					same(fmt.Sprint("output ", i), o.node.Value(), want[o.slot])
				}
				for i, w := range p.weight {
					g, err := w.node.Grad()
					if err != nil {
						t.Fatal(err)
					}
					same(fmt.Sprint("gradient ", i), g, want[w.from])
				}
			})
		}
	}
}
