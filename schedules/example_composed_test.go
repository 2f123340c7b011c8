package schedules_test

import (
	"fmt"

	"github.com/fallline/fallline/schedules"
)

func ExampleWarmup() {
	show(schedules.Warmup(200, schedules.Cosine(0.05, 0, 3552)), 0, 99, 199, 200, 3752)
	// Output: warmup(200)+cosine(0.05,0,3552) 0.00025 0.025 0.05 0.05 0
}

func ExampleWarmupFrom() {
	show(schedules.WarmupFrom(0.1, 100, schedules.Constant(0.5)), 0, 50, 100)
	// Output: warmupfrom(0.1,100)+constant(0.5) 0.05 0.275 0.5
}

func ExampleWarmupConstant() {
	show(schedules.WarmupConstant(0.1, 400, schedules.Step(0.1, 0.1, 32000)), 0, 399, 400, 32399, 32400)
	// Output: warmupconstant(0.1,400)+step(0.1,0.1,32000) 0.01 0.01 0.1 0.1 0.01
}

func ExampleWarmupExponential() {
	show(schedules.WarmupExponential(0.01, 100, schedules.Constant(0.1)), 0, 50, 100)
	// Output: warmupexponential(0.01,100)+constant(0.1) 0.001 0.01 0.1
}

func ExampleJoin() {
	show(schedules.Join(schedules.Constant(0.1), schedules.From(500, schedules.Cosine(0.1, 0, 2000)), schedules.From(2500, schedules.Constant(0.001))),
		0, 500, 1500, 2500)
	// Output: join(constant(0.1),500,cosine(0.1,0,2000),2500,constant(0.001)) 0.1 0.1 0.05 0.001
}

func ExampleScale() {
	show(schedules.Scale(3, schedules.Cosine(0.1, 0, 100)), 0, 50)
	// Output: scale(3,cosine(0.1,0,100)) 0.3 0.15
}

func ExampleProduct() {
	show(schedules.Product(schedules.Linear(0, 1, 10), schedules.Step(0.1, 0.5, 100)), 0, 5, 10, 100)
	// Output: product(linear(0,1,10),step(0.1,0.5,100)) 0 0.05 0.1 0.05
}

func ExampleClamp() {
	show(schedules.Clamp(0.01, 1, schedules.Exponential(0.1, 0.5, 100)), 0, 100, 1000)
	// Output: clamp(0.01,1,exponential(0.1,0.5,100)) 0.1 0.05 0.01
}

func ExampleFunc() {
	show(schedules.Func("hyperbola", 100, func(x float64) float64 { return 0.1 / (1 + x*x) }), 0, 100, 300)
	// Output: func(hyperbola,100) 0.1 0.05 0.01
}

// A schedule for batches of 256 is adapted to batches of 8,192.
func ExampleLinearScaling() {
	s := schedules.Milestones(0.1, 0.1, schedules.Epochs(30), schedules.Epochs(60), schedules.Epochs(80))
	large := schedules.LinearScaling(s, 8192, 256, schedules.Epochs(5))
	const n = 1281167
	for _, epoch := range []int64{0, 5, 29, 30, 60} {
		fmt.Printf("%.3g ", large.At(schedules.Time{Seen: epoch * n, N: n}))
	}
	// Output: 0.1 3.2 3.2 0.32 0.032
}

func ExamplePlateau() {
	p := &schedules.Plateau{Of: schedules.Constant(0.1), Factor: 0.5, Patience: 1, Threshold: 1e-4}
	for _, loss := range []float64{2, 1, 1.1, 1.2, 0.9} {
		reduced := p.Observe(loss)
		fmt.Println(loss, reduced, p.At(schedules.Time{}))
	}
	// Output:
	// 2 false 0.1
	// 1 false 0.1
	// 1.1 false 0.1
	// 1.2 true 0.05
	// 0.9 false 0.05
}

func ExampleParse() {
	s, err := schedules.Parse("warmup(500) + cosine(0.1, 0, 30ep)")
	fmt.Println(s, err)
	_, err = schedules.Parse("warmup(500)+cosine(0.1,30ep)")
	fmt.Println(err)
	// Output:
	// warmup(500)+cosine(0.1,0,30ep) <nil>
	// schedules: cosine: want a number for the end, not "30ep", at offset 23
	// 	warmup(500)+cosine(0.1,30ep)
	// 	                       ^
}

func ExampleParseSpan() {
	n, err := schedules.ParseSpan("0.5ep")
	fmt.Println(schedules.Warmup(n, schedules.Constant(0.1)), err)
	// Output: warmup(0.5ep)+constant(0.1) <nil>
}

func ExampleRobbinsMonro() {
	for _, s := range []schedules.Schedule{
		schedules.InverseTime(0.1, 100), schedules.InverseSqrt(0.1, 100), schedules.Cosine(0.1, 0, 100),
		schedules.CosineRestarts(0.1, 0, 100, 2, 0.5),
	} {
		met, why := schedules.RobbinsMonro(s)
		fmt.Printf("%v: %v, %s\n", s, met, why)
	}
	// Output:
	// inversetime(0.1,100): yes, it vanishes as t^-1: its sum is infinite, that of its squares is finite
	// inversesqrt(0.1,100): no, the sum of its squares is infinite: it vanishes as t^-0.5, too slowly for the noise to die out
	// cosine(0.1,0,100): no, its sum is finite: it may stop short of the minimum
	// cosinerestarts(0.1,0,100,2,0.5): yes, it vanishes as t^-1: its sum is infinite, that of its squares is finite
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
