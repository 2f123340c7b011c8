package solvers

import (
	"fmt"
	"slices"
	"testing"

	"github.com/fallline/fallline/schedules"
	"gorgonia.org/tensor"
)

// visitor is what can be saved.
type visitor interface {
	Visit(func(name string, array any))
}

// save copies what a visitor shows.
func save(v visitor) map[string]any {
	saved := map[string]any{}
	v.Visit(func(name string, array any) {
		if _, ok := saved[name]; ok {
			panic("two arrays named " + name)
		}
		saved[name] = copyOf(array)
	})
	return saved
}

func copyOf(array any) any {
	switch a := array.(type) {
	case []float32:
		return slices.Clone(a)
	case []float64:
		return slices.Clone(a)
	case []int64:
		return slices.Clone(a)
	}
	panic(fmt.Sprintf("an array of type %T", array))
}

// restore overwrites what a visitor shows with what was saved.
func restore(t testing.TB, v visitor, saved map[string]any) {
	t.Helper()
	n := 0
	v.Visit(func(name string, array any) {
		n++
		overwrite(t, name, array, saved[name])
	})
	if n != len(saved) {
		t.Fatalf("%d arrays to restore, %d saved", n, len(saved))
	}
}

func overwrite(t testing.TB, name string, array, from any) {
	t.Helper()
	ok := false
	switch a := array.(type) {
	case []float32:
		b, is := from.([]float32)
		ok = is && copy(a, b) == len(b)
	case []float64:
		b, is := from.([]float64)
		ok = is && copy(a, b) == len(b)
	case []int64:
		b, is := from.([]int64)
		ok = is && copy(a, b) == len(b)
	}
	if !ok {
		t.Fatalf("array %q: %T shown, %T saved", name, array, from)
	}
}

// estimators is the table that every law of estimators runs over.
var estimators = []struct {
	name      string
	estimator Estimator
}{
	{"MiniBatch", MiniBatch{}},
	{"FullBatch", FullBatch{}},
	{"SVRG", SVRG{Passes: 2}},
	{"SVRG short", SVRG{Passes: 0.3}},
}

// TestASplitRunEqualsAWholeRun holds for every rule from every estimator, that a run which is saved at an awkward place and goes on
// in new objects gives the same weights bit for bit.
func TestASplitRunEqualsAWholeRun(t *testing.T) {
	forRules(t, func(t *testing.T, r ruleRow, dt tensor.Dtype) {
		for _, e := range estimators {
			for _, split := range []int{1, 10, 37} {
				fresh := func() *Run {
					obj := newSquares(dt, 45, 6)
					obj.jitter = 0.3
					s := solver(t, r.rule, Rate(schedules.Warmup(5, schedules.Cosine(0.05, 0.01, schedules.Epochs(6)))),
						From(e.estimator), ClipNorm(3), L2(1e-3, Except("bias")))
					return open(t, s, obj, []float64{1, -1, 1, -1, 1, -1, 0}, must[Sampler](t)(Reshuffled(45, 7, 4)))
				}
				whole, before, after := fresh(), fresh(), fresh()
				next(t, whole, 40)
				next(t, before, split)
				restore(t, after, save(before))
				after.Weights().Copy(before.Weights())
				info := next(t, after, 40-split)
				if !slices.Equal(values(after.Weights()), values(whole.Weights())) || after.Time() != whole.Time() {
					t.Errorf("%s split at %d: apart by %v at %+v and %+v", e.name, split,
						distance(values(after.Weights()), values(whole.Weights())), after.Time(), whole.Time())
				}
				if info.Norm == 0 {
					t.Errorf("%s: converged to the last bit, so that nothing was tested", e.name)
				}
			}
		}
	})
}
