package guide

import (
	"fmt"
	"log"
	"slices"

	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/solvers"
)

// An epoch of ten examples in batches of four is three iterations.
func Example_epoch() {
	sampler, err := solvers.Reshuffled(10, 4, 1)
	if err != nil {
		log.Fatal(err)
	}
	for iteration := range 6 {
		fmt.Println(iteration, sampler.Next().Index)
	}
	// Output:
	// 0 [0 1 5 9]
	// 1 [3 7 6 8]
	// 2 [2 4]
	// 3 [5 7 2 6]
	// 4 [1 3 9 0]
	// 5 [8 4]
}

// The last steps of an epoch over sorted data see nothing but its end.
func Example_sorted() {
	y := points(1000)
	slices.Sort(y)
	f := squares(y)
	anew, err := solvers.Reshuffled(f.Len(), 10, 1)
	if err != nil {
		log.Fatal(err)
	}
	inOrder, err := solvers.Cyclic(f.Len(), 10)
	if err != nil {
		log.Fatal(err)
	}
	for _, c := range []struct {
		name    string
		sampler solvers.Sampler
	}{{"shuffled anew", anew}, {"sorted", inOrder}} {
		solver, err := solvers.New(solvers.SGD{}, solvers.Rate(schedules.Constant(0.05)))
		if err != nil {
			log.Fatal(err)
		}
		theta := f.NewVector()
		run, err := solver.Open(f, theta, c.sampler)
		if err != nil {
			log.Fatal(err)
		}
		if _, err := run.Advance(500); err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%-13s %.2f after 5 epochs, the mean is %.2f\n", c.name, theta.At(0), mean(y))
	}
	// Output:
	// shuffled anew 3.02 after 5 epochs, the mean is 3.02
	// sorted        4.53 after 5 epochs, the mean is 3.02
}
