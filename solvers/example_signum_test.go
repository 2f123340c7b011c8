package solvers_test

import (
	"fmt"
	"math"

	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/solvers"
)

// Signum moves every weight by the rate against the sign of a running mean of its gradients:
//
//	m ← β m + (1−β) g
//	w ← w − η sign(m)
//
// Bernstein et al. 2018, algorithm 2. It keeps one array.
type Signum struct {
	Beta float64 // β, in [0, 1)
}

func (Signum) Spec() solvers.Spec {
	return solvers.Spec{
		State: []string{"mean"},
		Hyper: []solvers.Hyper{{Field: "Beta", Legal: solvers.HalfOpen(0, 1)}},
	}
}

func (r Signum) Update(s *solvers.Step, w, g []float64, state [][]float64) {
	signum(r, s, w, g, state[0])
}

func (r Signum) Update32(s *solvers.Step, w, g []float32, state [][]float32) {
	signum(r, s, w, g, state[0])
}

func signum[T float32 | float64](r Signum, s *solvers.Step, w, g, m []T) {
	rate, beta := T(s.Rate), T(r.Beta)
	for i := range w {
		m[i] = beta*m[i] + (1-beta)*g[i]
		w[i] -= rate * T(math.Copysign(1, float64(m[i])))
	}
}

// Corrected is Signum with a mean that is corrected for its start at 0, which Prepare works out once a step.
type Corrected struct{ Signum }

func (c Corrected) Prepare(s *solvers.Step) {
	s.Memo[0] = 1 / (1 - math.Pow(c.Beta, float64(s.Updates+1)))
}

// A rule with state, a hyperparameter and a body for both types of weights.
func Example_ownRuleWithState() {
	solver, err := solvers.New(Signum{Beta: 0.9},
		solvers.Rate(schedules.Cosine(0.1, 0, 300)),
		solvers.Schedule("beta", schedules.Warmup(50, schedules.Constant(0.9))),
		solvers.ClipNorm(1))
	if err != nil {
		fmt.Println(err)
		return
	}
	numbers := mean{1, 2, 3, 6}
	w := numbers.NewVector()
	sampler, err := solvers.Cyclic(numbers.Len(), numbers.Len())
	if err != nil {
		fmt.Println(err)
		return
	}
	run, err := solver.Open(numbers, w, sampler)
	if err != nil {
		fmt.Println(err)
		return
	}
	for range 300 {
		if _, err := run.Next(); err != nil {
			fmt.Println(err)
			return
		}
	}
	fmt.Println(solver)
	fmt.Printf("%.2f\n", w.At(0))

	_, err = solvers.New(Signum{Beta: 1.5}, solvers.Rate(schedules.Constant(0.1)))
	fmt.Println(err)
	// Output:
	// Signum beta=warmup(50)+constant(0.9) rate=cosine(0.1,0,300) clip-norm=1
	// 3.00
	// solvers: beta 1.5 outside [0, 1)
}
