package schedules_test

import (
	"fmt"

	"github.com/fallline/fallline/schedules"
)

// show prints a schedule and its value at some iterations.
func show(s schedules.Schedule, steps ...int64) {
	fmt.Print(s)
	for _, step := range steps {
		fmt.Printf(" %.3g", s.At(schedules.Time{Step: step}))
	}
	fmt.Println()
}

func ExampleConstant() {
	show(schedules.Constant(0.1), 0, 1000)
	// Output: constant(0.1) 0.1 0.1
}

func ExampleStep() {
	show(schedules.Step(0.1, 0.5, 30), 0, 29, 30, 60)
	// Output: step(0.1,0.5,30) 0.1 0.1 0.05 0.025
}

func ExampleMilestones() {
	s := schedules.Milestones(0.1, 0.1, schedules.Epochs(30), schedules.Epochs(60), schedules.Epochs(90))
	fmt.Print(s)
	for _, epoch := range []int64{0, 30, 60, 90} {
		fmt.Printf(" %.3g", s.At(schedules.Time{Seen: epoch * 60000, N: 60000}))
	}
	fmt.Println()
	// Output: milestones(0.1,0.1,30ep,60ep,90ep) 0.1 0.01 0.001 0.0001
}

func ExampleExponential() {
	show(schedules.Exponential(0.1, 0.5, 100), 0, 50, 100, 200)
	// Output: exponential(0.1,0.5,100) 0.1 0.0707 0.05 0.025
}

func ExampleCosine() {
	show(schedules.Cosine(0.1, 0, 100), 0, 25, 50, 75, 100, 200)
	// Output: cosine(0.1,0,100) 0.1 0.0854 0.05 0.0146 0 0
}

func ExampleLinear() {
	show(schedules.Linear(0.1, 0, 100), 0, 25, 50, 100, 200)
	// Output: linear(0.1,0,100) 0.1 0.075 0.05 0 0
}

func ExampleTrapezoid() {
	show(schedules.Trapezoid(0.2, 1, 0.07, 100, 50, 100), 0, 50, 100, 149, 200, 250)
	// Output: trapezoid(0.2,1,0.07,100,50,100) 0.2 0.6 1 1 0.535 0.07
}

func ExamplePiecewise() {
	show(schedules.Piecewise(0, schedules.To(100, 0.4), schedules.To(500, 0.1)), 0, 50, 100, 300, 500, 900)
	// Output: piecewise(0,100,0.4,500,0.1) 0 0.2 0.4 0.25 0.1 0.1
}

func ExampleWarmup() {
	show(schedules.Warmup(200, schedules.Cosine(0.05, 0, 3552)), 0, 99, 199, 200, 3752)
	// Output: warmup(200)+cosine(0.05,0,3552) 0.00025 0.025 0.05 0.05 0
}

func ExampleThen() {
	show(schedules.Then(schedules.Constant(0.1), 500, schedules.Cosine(0.1, 0, 100)), 0, 499, 550, 600)
	// Output: then(constant(0.1),500,cosine(0.1,0,100)) 0.1 0.1 0.05 0
}

func ExampleEpochs() {
	s := schedules.Cosine(0.1, 0, schedules.Epochs(8))
	fmt.Printf("%v %.3g\n", s, s.At(schedules.Time{Step: 1876, Seen: 4 * 60000, N: 60000}))
	// Output: cosine(0.1,0,8ep) 0.05
}

func ExampleValidate() {
	fmt.Println(schedules.Validate(schedules.Warmup(200, schedules.Cosine(0.05, 0, 0))))
	// Output: schedules: cosine: length of 0 iterations, want at least 1
}
