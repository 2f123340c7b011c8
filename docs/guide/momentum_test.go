package guide

import (
	"fmt"
	"log"
	"math"

	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/solvers"
	"github.com/fallline/fallline/vector"
)

// valley is ½ (steep·x² + gentle·y²).
func valley(steep, gentle float64) *solvers.FiniteSum {
	f, err := solvers.NewFiniteSum(1, func(w, g []float64, _ int) float64 {
		if g != nil {
			g[0] += steep * w[0]
			g[1] += gentle * w[1]
		}
		return (steep*w[0]*w[0] + gentle*w[1]*w[1]) / 2
	}, vector.Param{Name: "w", Shape: []int{2}})
	if err != nil {
		log.Fatal(err)
	}
	return f
}

// steps is how many steps it takes from (1, 1) to within a millionth of the minimum.
func steps(f *solvers.FiniteSum, rule solvers.Rule, rate float64) int {
	solver, err := solvers.New(rule, solvers.From(solvers.FullBatch{}), solvers.Rate(schedules.Constant(rate)))
	if err != nil {
		log.Fatal(err)
	}
	w := f.NewVector()
	w.F64[0], w.F64[1] = 1, 1
	sampler, err := solvers.Cyclic(1, 1)
	if err != nil {
		log.Fatal(err)
	}
	run, err := solver.Open(f, w, sampler)
	if err != nil {
		log.Fatal(err)
	}
	for n := 1; ; n++ {
		if _, err := run.Next(); err != nil {
			log.Fatal(err)
		}
		if math.Hypot(w.At(0), w.At(1)) < 1e-6 {
			return n
		}
	}
}

// In a valley a hundred times as steep across as along, each rule at the rate that theory gives it.
func Example_valley() {
	f := valley(100, 1)
	fmt.Println("gradient descent:", steps(f, solvers.SGD{}, 2.0/101))
	fmt.Println("momentum:        ", steps(f, solvers.Momentum{Momentum: 0.67}, 0.033))
	fmt.Println("Nesterov:        ", steps(f, solvers.NAG{Momentum: 0.82}, 0.01))
	// Output:
	// gradient descent: 709
	// momentum:         85
	// Nesterov:         147
}
