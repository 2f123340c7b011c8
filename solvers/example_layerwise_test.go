package solvers_test

import (
	"fmt"
	"math"

	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/solvers"
)

// Layerwise moves each parameter as far as the rate says, against its gradient's direction: w ← w − η g/‖g‖, where ‖g‖
// is the norm of that parameter's gradient alone.
type Layerwise struct{}

func (Layerwise) Spec() solvers.Spec { return solvers.Spec{Whole: true} }

func (Layerwise) Update(s *solvers.Step, w, g []float64, _ [][]float64) {
	square := 0.0
	for _, x := range g {
		square += x * x
	}
	if square == 0 {
		return
	}
	for i, x := range g {
		w[i] -= s.Rate * x / math.Sqrt(square)
	}
}

// A rule over whole parameters.
func Example_ownRuleOverParameters() {
	solver, err := solvers.New(Layerwise{}, solvers.Rate(schedules.Cosine(0.1, 0, 300)))
	if err != nil {
		fmt.Println(err)
		return
	}
	numbers := mean{1, 2, 3, 6}
	sampler, err := solvers.Cyclic(numbers.Len(), numbers.Len())
	if err != nil {
		fmt.Println(err)
		return
	}
	run, err := solver.Open(numbers, numbers.NewVector(), sampler)
	if err != nil {
		fmt.Println(err)
		return
	}
	if _, err := run.Advance(300); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.2f\n", run.Weights().At(0))
	// Output:
	// 3.00
}
