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

func ExamplePolynomial() {
	show(schedules.Polynomial(0.1, 0, 2, 100), 0, 25, 50, 100)
	// Output: polynomial(0.1,0,2,100) 0.1 0.0563 0.025 0
}

func ExampleInverseTime() {
	s := schedules.InverseTime(0.1, 100)
	show(s, 0, 100, 200, 900)
	fmt.Println(schedules.RobbinsMonro(s))
	// Output:
	// inversetime(0.1,100) 0.1 0.05 0.0333 0.01
	// yes it vanishes as t^-1: its sum is infinite, that of its squares is finite
}

// The schedule of the first Transformer: up for 4,000 iterations, and down with the root of time.
func ExampleInverseSqrt() {
	show(schedules.Warmup(4000, schedules.InverseSqrt(7e-4, 4000)), 0, 1999, 3999, 4000, 16000, 100000)
	// Output: warmup(4000)+inversesqrt(0.0007,4000) 1.75e-07 0.00035 0.0007 0.0007 0.00035 0.00014
}

func ExampleCosineRestarts() {
	show(schedules.CosineRestarts(0.1, 0, 10, 2, 1), 0, 9, 10, 29, 30, 69, 70, 10*(1<<50-1))
	show(schedules.CosineRestarts(0.1, 0, 10, 1.5, 0.5), 0, 9, 10, 25)
	// Output:
	// cosinerestarts(0.1,0,10,2,1) 0.1 0.00245 0.1 0.000616 0.1 0.000154 0.1 0.1
	// cosinerestarts(0.1,0,10,1.5,0.5) 0.1 0.00245 0.05 0.025
}

// The rate goes up and down once, and the momentum the other way.
func ExampleOneCycle() {
	show(schedules.OneCycle(0.04, 1, 4e-6, 0.3, 1000), 0, 150, 300, 650, 1000)
	show(schedules.OneCycleMomentum(0.95, 0.85, 0.3, 1000), 0, 150, 300, 650, 1000)
	// Output:
	// onecycle(0.04,1,4e-06,0.3,1000) 0.04 0.52 1 0.5 4e-06
	// onecyclemomentum(0.95,0.85,0.3,1000) 0.95 0.9 0.85 0.9 0.95
}

func ExampleOneCycleLinear() {
	show(schedules.OneCycleLinear(0.1, 1, 0, 0.5, 1000), 0, 250, 500, 750, 1000)
	// Output: onecyclelinear(0.1,1,0,0.5,1000) 0.1 0.55 1 0.5 0
}

func ExampleOneCycleMomentum() {
	show(schedules.OneCycleMomentum(0.95, 0.85, 0.25, 1000), 0, 250, 500, 1000)
	// Output: onecyclemomentum(0.95,0.85,0.25,1000) 0.95 0.85 0.875 0.95
}

func ExampleOneCycleMomentumLinear() {
	show(schedules.OneCycleMomentumLinear(0.95, 0.85, 0.5, 1000), 0, 250, 500, 750)
	// Output: onecyclemomentumlinear(0.95,0.85,0.5,1000) 0.95 0.9 0.85 0.9
}

func ExampleTriangular() {
	show(schedules.Triangular(0.01, 0.1, 100, 200), 0, 50, 100, 200, 300, 400)
	// Output: triangular(0.01,0.1,100,200) 0.01 0.055 0.1 0.055 0.01 0.1
}

func ExampleTriangular2() {
	show(schedules.Triangular2(0, 0.1, 100, 100), 0, 100, 200, 300, 500)
	// Output: triangular2(0,0.1,100,100) 0 0.1 0 0.05 0.025
}

func ExampleExpRange() {
	show(schedules.ExpRange(0, 0.1, 0.25, 100, 100), 0, 100, 200, 300, 500)
	// Output: exprange(0,0.1,0.25,100,100) 0 0.05 0 0.0125 0.00313
}

func ExampleTrapezoid() {
	show(schedules.Trapezoid(0.2, 1, 0.07, 100, 50, 100), 0, 50, 100, 149, 200, 250)
	// Output: trapezoid(0.2,1,0.07,100,50,100) 0.2 0.6 1 1 0.535 0.07
}

func ExamplePiecewise() {
	show(schedules.Piecewise(0, schedules.To(100, 0.4), schedules.To(500, 0.1)), 0, 50, 100, 300, 500, 900)
	// Output: piecewise(0,100,0.4,500,0.1) 0 0.2 0.4 0.25 0.1 0.1
}
