package forgorgonia

import (
	"testing"

	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/solvers"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// TestStepUnderALispMachine compares with Gorgonia's own gradient descent under its other machine, one machine an
// iteration as its examples do.
func TestStepUnderALispMachine(t *testing.T) {
	train := func(s G.Solver) []float64 {
		g := G.NewGraph()
		w := G.NewVector(g, tensor.Float64, G.WithShape(3), G.WithInit(G.Ones()), G.WithName("w"))
		c := G.NewScalar(g, tensor.Float64, G.WithName("c"), G.WithValue(2.0))
		cost := G.Must(G.Add(G.Must(G.Sum(G.Must(G.Square(w)))), G.Must(G.Square(c))))
		p := &program{params: G.Nodes{w, c}, cost: cost}
		for range 10 {
			m := G.NewLispMachine(g)
			if err := m.RunAll(); err != nil {
				t.Fatal(err)
			}
			if err := s.Step(G.NodesToValueGrads(p.params)); err != nil {
				t.Fatal(err)
			}
			m.UnbindAll()
		}
		return p.weights()
	}
	ours := train(newSolver(t, solvers.SGD{}, solvers.Rate(schedules.Constant(0.1))))
	theirs := train(G.NewVanillaSolver(G.WithLearnRate(0.1)))
	if d := distance(ours, theirs); !(d < 1e-14) {
		t.Errorf("%v, Gorgonia's own %v", ours, theirs)
	}
}
