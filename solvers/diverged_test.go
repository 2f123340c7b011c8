package solvers_test

import (
	"errors"
	"math"
	"testing"

	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/solvers"
	"github.com/fallline/fallline/vector"
)

// TestDiverged holds that a run which diverges says so by its type, and leaves the weights as they were.
func TestDiverged(t *testing.T) {
	f, err := solvers.NewFiniteSum(1, func(w, g []float64, _ int) float64 {
		if g != nil {
			g[0] += w[0]*w[0]*w[0]*1e50 + w[1]
		}
		return 0
	}, vector.Param{Name: "w", Shape: []int{2}})
	if err != nil {
		t.Fatal(err)
	}
	solver, err := solvers.New(solvers.SGD{}, solvers.Rate(schedules.Constant(1)))
	if err != nil {
		t.Fatal(err)
	}
	sampler, err := solvers.Reshuffled(1, 1, 1)
	if err != nil {
		t.Fatal(err)
	}
	w := f.NewVector()
	w.Set(0, 1)
	run, err := solver.Open(f, w, sampler)
	if err != nil {
		t.Fatal(err)
	}
	for err == nil {
		if run.Time().Step > 9 {
			t.Fatal("no divergence in 10 iterations")
		}
		_, err = run.Next()
	}
	var d *solvers.Diverged
	if !errors.As(err, &d) {
		t.Fatalf("%v is no Diverged", err)
	}
	if d.Parameter != "w" || d.Element != 0 || d.Iteration != run.Time().Step || !math.IsInf(d.Value, 0) {
		t.Errorf("%+v after %d iterations", *d, run.Time().Step)
	}
	if v := w.At(0); math.IsNaN(v) || math.IsInf(v, 0) {
		t.Errorf("the weight has become %v", v)
	}
}
