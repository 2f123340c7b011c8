package solvers_test

import (
	"fmt"
	"math"

	"github.com/fallline/fallline/batch"
	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/solvers"
	"github.com/fallline/fallline/vector"
)

// SignSGD moves every weight by the rate against its gradient's sign (Bernstein et al. 2018).
type SignSGD struct{}

func (SignSGD) Spec() solvers.Spec { return solvers.Spec{} }

func (SignSGD) Update(s *solvers.Step, w, g []float64, _ [][]float64) {
	for i := range w {
		w[i] -= s.Rate * math.Copysign(1, g[i])
	}
}

// mean is the objective 1/n Σ (w − yᵢ)²: its minimum is the mean of the numbers.
type mean []float64

func (y mean) Len() int { return len(y) }

func (y mean) NewVector() *vector.Vector {
	v, err := vector.New(vector.Float64, vector.Param{Name: "w"})
	if err != nil {
		panic(err)
	}
	return v
}

func (y mean) Gradient(w, g *vector.Vector, b batch.Batch) (loss float64, err error) {
	g.Zero()
	for _, i := range b.Index {
		d := w.F64[0] - y[i]
		g.F64[0] += 2 * d / float64(len(b.Index))
		loss += d * d / float64(len(b.Index))
	}
	return loss, nil
}

func (y mean) Loss(w *vector.Vector, b batch.Batch) (float64, error) {
	return y.Gradient(w, y.NewVector(), b)
}

func Example() {
	data := mean{1, 2, 3, 6}
	solver, err := solvers.New(solvers.NAG{Momentum: 0.5}, solvers.Rate(schedules.Cosine(0.1, 0, 100)))
	if err != nil {
		fmt.Println(err)
		return
	}
	sampler, err := solvers.Reshuffled(len(data), 2, 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	w := data.NewVector()
	run, err := solver.Open(data, w, sampler)
	if err != nil {
		fmt.Println(err)
		return
	}
	for range 100 {
		if _, err := run.Next(); err != nil {
			fmt.Println(err)
			return
		}
	}
	fmt.Printf("%v\n%.0f after %v epochs\n", solver, w.F64[0], run.Time().Epoch())
	// Output:
	// NAG momentum=0.5 rate=cosine(0.1,0,100)
	// 3 after 50 epochs
}

func ExampleNew() {
	solver, err := solvers.New(
		solvers.NAG{Momentum: 0.9},
		solvers.Rate(schedules.Warmup(200, schedules.Cosine(0.05, 0, 3552))),
		solvers.ClipNorm(1),
		solvers.Decay(5e-4, solvers.Except("bias", "norm")),
	)
	fmt.Println(solver, err)

	_, err = solvers.New(solvers.NAG{Momentum: 1.2}, solvers.Rate(schedules.Constant(0.1)))
	fmt.Println(err)
	// Output:
	// NAG momentum=0.9 rate=warmup(200)+cosine(0.05,0,3552) clip-norm=1 decay=0.0005 <nil>
	// solvers: momentum 1.2 outside [0, 1)
}

func ExampleRule() {
	solver, err := solvers.New(SignSGD{}, solvers.Rate(schedules.Constant(0.25)))
	if err != nil {
		fmt.Println(err)
		return
	}
	// Gradients may come from anywhere: here, of Σ (w−1)².
	steps, err := solver.Stepper()
	if err != nil {
		fmt.Println(err)
		return
	}
	w, g := []float64{0, 0, 3}, make([]float64, 3)
	for range 4 {
		for i := range w {
			g[i] = 2 * (w[i] - 1)
		}
		if err := steps.Step([]solvers.Param{{Name: "w", F64: w, Grad64: g}}); err != nil {
			fmt.Println(err)
		}
	}
	fmt.Println(w)
	// Output: [1 1 2]
}

func ExampleSVRG() {
	data := mean{1, 2, 3, 6}
	for _, estimator := range []solvers.Estimator{solvers.MiniBatch{}, solvers.SVRG{Passes: 2}} {
		solver, err := solvers.New(solvers.SGD{}, solvers.From(estimator), solvers.Rate(schedules.Constant(0.1)))
		if err != nil {
			fmt.Println(err)
		}
		sampler, err := solvers.WithReplacement(len(data), 1, 1)
		if err != nil {
			fmt.Println(err)
		}
		w := data.NewVector()
		run, err := solver.Open(data, w, sampler)
		if err != nil {
			fmt.Println(err)
		}
		for range 200 {
			if _, err := run.Next(); err != nil {
				fmt.Println(err)
			}
		}
		fmt.Printf("%T at the mean: %v\n", estimator, math.Abs(w.F64[0]-3) < 1e-12)
	}
	// Output:
	// solvers.MiniBatch at the mean: false
	// solvers.SVRG at the mean: true
}

func ExampleAccumulate() {
	data := mean{1, 2, 3, 6}
	w, whole, pieces := data.NewVector(), data.NewVector(), data.NewVector()
	all := batch.Batch{Index: []int32{0, 1, 2, 3}}
	accumulated, err := solvers.Accumulate(data, 3)
	if err != nil {
		fmt.Println(err)
	}
	if _, err := data.Gradient(w, whole, all); err != nil {
		fmt.Println(err)
	}
	if _, err := accumulated.Gradient(w, pieces, all); err != nil {
		fmt.Println(err)
	}
	fmt.Println(whole.F64[0], pieces.F64[0])
	// Output: -6 -6
}

func ExampleSchedule() {
	solver, err := solvers.New(
		solvers.NAG{Momentum: 0.9},
		solvers.Rate(schedules.Constant(0.1)),
		solvers.Schedule("momentum", schedules.Cosine(0.5, 0.95, 100)),
	)
	if err != nil {
		fmt.Println(err)
	}
	for _, v := range solver.Values(schedules.Time{Step: 50}) {
		fmt.Printf("%s %.3f\n", v.Name, v.Value)
	}
	// Output:
	// rate 0.100
	// momentum 0.725
}
