package forgorgonia_test

import (
	"fmt"
	"math"

	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/solvers"
	"github.com/fallline/fallline/solvers/forgorgonia"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// SignSGD is the rule of docs/adding-a-solver.md: nothing in it knows of Gorgonia.
type SignSGD struct{}

func (SignSGD) Spec() solvers.Spec { return solvers.Spec{} }

func (SignSGD) Update(s *solvers.Step, w, g []float64, _ [][]float64) {
	for i := range w {
		w[i] -= s.Rate * math.Copysign(1, g[i])
	}
}

func Example() {
	for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		w := gorgonia.NewVector(gorgonia.NewGraph(), dt, gorgonia.WithShape(3), gorgonia.WithName("w"), gorgonia.WithInit(gorgonia.Zeroes()))
		cost := gorgonia.Must(gorgonia.Sum(gorgonia.Must(gorgonia.Square(gorgonia.Must(gorgonia.Sub(w, one(dt)))))))
		if _, err := gorgonia.Grad(cost, w); err != nil {
			fmt.Println(err)
		}
		solver, err := forgorgonia.New(SignSGD{}, solvers.Rate(schedules.Constant(0.25)))
		if err != nil {
			fmt.Println(err)
		}
		machine := gorgonia.NewTapeMachine(w.Graph())
		for range 3 {
			if err := machine.RunAll(); err != nil {
				fmt.Println(err)
			}
			if err := solver.Step(gorgonia.NodesToValueGrads(gorgonia.Nodes{w})); err != nil {
				fmt.Println(err)
			}
			machine.Reset()
		}
		fmt.Println(dt, w.Value())
	}
	// Output:
	// float32 [0.75  0.75  0.75]
	// float64 [0.75  0.75  0.75]
}

// one is a constant of a type.
func one(dt tensor.Dtype) *gorgonia.Node {
	if dt == tensor.Float32 {
		return gorgonia.NewConstant(float32(1))
	}
	return gorgonia.NewConstant(1.0)
}

func ExampleSolver_Step() {
	graph := gorgonia.NewGraph()
	w := gorgonia.NewScalar(graph, tensor.Float64, gorgonia.WithName("w"), gorgonia.WithValue(5.0))
	cost := gorgonia.Must(gorgonia.Square(w))
	if _, err := gorgonia.Grad(cost, w); err != nil {
		fmt.Println(err)
	}
	solver, err := forgorgonia.New(solvers.Momentum{Momentum: 0.5}, solvers.Rate(schedules.Constant(0.1)))
	if err != nil {
		fmt.Println(err)
	}
	machine := gorgonia.NewTapeMachine(graph)
	for range 60 {
		if err := machine.RunAll(); err != nil {
			fmt.Println(err)
		}
		if err := solver.Step(gorgonia.NodesToValueGrads(gorgonia.Nodes{w})); err != nil {
			fmt.Println(err)
		}
		machine.Reset()
	}
	fmt.Printf("cost below 1e-6: %v\n", cost.Value().Data().(float64) < 1e-6)
	// Output: cost below 1e-6: true
}
