package guide

import (
	"fmt"
	"log"
	"math"

	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/solvers"
	"github.com/fallline/fallline/train"
)

// distance is how far from the minimum of f SGD with batches of 10 is after so many steps: the root of the mean square
// over 50 runs.
func distance(f *solvers.FiniteSum, minimum float64, rate schedules.Schedule, steps int) float64 {
	const runs = 50
	var squares float64
	for seed := range uint64(runs) {
		solver, err := solvers.New(solvers.SGD{}, solvers.Rate(rate))
		if err != nil {
			log.Fatal(err)
		}
		sampler, err := solvers.WithReplacement(f.Len(), 10, seed)
		if err != nil {
			log.Fatal(err)
		}
		theta := f.NewVector()
		run, err := solver.Open(f, theta, sampler)
		if err != nil {
			log.Fatal(err)
		}
		if _, err := run.Advance(steps); err != nil {
			log.Fatal(err)
		}
		d := theta.At(0) - minimum
		squares += d * d / runs
	}
	return math.Sqrt(squares)
}

// A constant rate ends in a ball of noise; falling ones get inside it.
func Example_falling() {
	y := points(1000)
	f := squares(y)
	for _, text := range []string{"0.3", "0.03", "step(0.3,0.1,700)", "cosine(0.3,0,2000)", "inversetime(0.3,4)"} {
		rate, err := schedules.Parse(text)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%-20s %.4f\n", text, distance(f, mean(y), rate, 2000))
	}
	// Output:
	// 0.3                  0.2062
	// 0.03                 0.0551
	// step(0.3,0.1,700)    0.0163
	// cosine(0.3,0,2000)   0.0182
	// inversetime(0.3,4)   0.0075
}

func mean(y []float64) float64 {
	sum := 0.0
	for _, v := range y {
		sum += v
	}
	return sum / float64(len(y))
}

// The rate of a run is made of parts, and so is any other number.
func Example_parts() {
	rate := schedules.Warmup(500, schedules.Cosine(0.1, 0, schedules.Epochs(30)))
	fmt.Println(rate)
	_, err := solvers.New(solvers.NAG{Momentum: 0.9}, solvers.Rate(rate),
		solvers.Schedule("momentum", schedules.OneCycleMomentum(0.95, 0.85, 0.3, schedules.Epochs(30))))
	if err != nil {
		log.Fatal(err)
	}
	grow := train.BatchSchedule(schedules.Milestones(128, 5, schedules.Epochs(10), schedules.Epochs(20)))
	fmt.Printf("%T\n", grow)
	// Output:
	// warmup(500)+cosine(0.1,0,30ep)
	// train.Option
}
