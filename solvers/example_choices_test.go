package solvers_test

import (
	"fmt"

	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/solvers"
)

// minimise runs a solver over some numbers and returns the solution for their mean.
func minimise(numbers mean, batch, steps int, rule solvers.Rule, options ...solvers.Option) (float64, error) {
	solver, err := solvers.New(rule, options...)
	if err != nil {
		return 0, err
	}
	sampler, err := solvers.Reshuffled(numbers.Len(), batch, 1)
	if err != nil {
		return 0, err
	}
	w := numbers.NewVector()
	run, err := solver.Open(numbers, w, sampler)
	if err != nil {
		return 0, err
	}
	for range steps {
		if _, err := run.Next(); err != nil {
			return 0, err
		}
	}
	solution := w.Like()
	err = run.Solution(solution)
	return solution.At(0), err
}

// The line search needs no rate to be known.
func ExampleChooseRate() {
	w, err := minimise(mean{1, 2, 3, 6}, 4, 50, solvers.SGD{}, solvers.ChooseRate(solvers.DefaultArmijo))
	fmt.Printf("%.4f %v\n", w, err)
	_, err = minimise(mean{1, 2, 3, 6}, 4, 50, solvers.NAG{Momentum: 0.9}, solvers.ChooseRate(solvers.DefaultArmijo))
	fmt.Println(err)
	// Output:
	// 3.0000 <nil>
	// solvers: armijo(0.1,0.7,2,1) goes with the steps of SGD, whose lengths it knows, not with NAG
}

// The average of the weights has less of the noise that single examples make.
func ExampleAverage() {
	rate := solvers.Rate(schedules.Constant(0.1))
	last, err := minimise(mean{1, 2, 3, 6}, 1, 4002, solvers.SGD{}, rate)
	fmt.Printf("%.1f %v\n", last, err)
	average, err := minimise(mean{1, 2, 3, 6}, 1, 4002, solvers.SGD{}, rate, solvers.Average(solvers.PolyakRuppert{Start: 2}))
	fmt.Printf("%.1f %v\n", average, err)
	// Output:
	// 2.5 <nil>
	// 3.0 <nil>
}

// Lookahead's slow weights have less of the noise of single examples, whose mean is 3, and the weights go on from them.
func ExampleLookahead() {
	rate := solvers.Rate(schedules.Constant(0.3))
	last, err := minimise(mean{1, 2, 3, 6}, 1, 4000, solvers.SGD{}, rate)
	fmt.Printf("%.1f %v\n", last, err)
	slow, err := minimise(mean{1, 2, 3, 6}, 1, 4000, solvers.SGD{}, rate, solvers.Lookahead(5, 0.01))
	fmt.Printf("%.1f %v\n", slow, err)
	// Output:
	// 2.5 <nil>
	// 2.9 <nil>
}

// A 1-norm moves weights towards zero, and small ones to it.
func ExampleProx() {
	for _, numbers := range []mean{{1, 2, 3, 6}, {-1, 0.5, 1}} {
		w, err := minimise(numbers, len(numbers), 200, solvers.SGD{}, solvers.Rate(schedules.Constant(0.2)), solvers.Prox(solvers.L1{Lambda: 1}))
		fmt.Printf("%.4f %v\n", w, err)
	}
	// Output:
	// 2.5000 <nil>
	// 0.0000 <nil>
}
