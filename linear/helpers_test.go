package linear

import (
	"math"
	"testing"

	"github.com/fallline/fallline/solvers"
	"github.com/fallline/fallline/vector"
)

// must fails the test on an error.
func must[T any](t testing.TB) func(v T, err error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// solver makes a solver.
func solver(t testing.TB, r solvers.Rule, options ...solvers.Option) *solvers.Solver {
	t.Helper()
	return must[*solvers.Solver](t)(solvers.New(r, options...))
}

// open opens a run on an objective from given weights.
func open(t testing.TB, s *solvers.Solver, obj solvers.Objective, from []float64, sampler solvers.Sampler) *solvers.Run {
	t.Helper()
	w := obj.NewVector()
	at := 0
	for _, r := range w.Ranges {
		for i := r.Lo; i < r.Hi; i++ {
			w.Set(i, from[at])
			at++
		}
	}
	return must[*solvers.Run](t)(s.Open(obj, w, sampler))
}

// next does iterations.
func next(t testing.TB, r *solvers.Run, n int) (info solvers.Info) {
	t.Helper()
	for range n {
		info = must[solvers.Info](t)(r.Next())
	}
	return info
}

// values returns the elements of v, padding left out.
func values(v *vector.Vector) []float64 {
	var x []float64
	for _, r := range v.Ranges {
		for i := r.Lo; i < r.Hi; i++ {
			x = append(x, v.At(i))
		}
	}
	return x
}

// alike fails where a and b differ by over tol of the larger.
func alike(t *testing.T, what string, a, b []float64, tol float64) {
	t.Helper()
	if len(a) != len(b) {
		t.Fatalf("%s: %d values, want %d", what, len(a), len(b))
	}
	for i := range a {
		if d := math.Abs(a[i] - b[i]); !(d <= tol*max(1, math.Abs(b[i]))) {
			t.Errorf("%s: element %d is %v, want %v", what, i, a[i], b[i])
		}
	}
}

// general hides that an objective has loops of its own for SAGA, but not that it is linear.
type general struct{ solvers.LinearObjective }

// opaque hides that an objective is linear.
type opaque struct{ solvers.Objective }
