package solvers

import (
	"fmt"
	"slices"
	"testing"

	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/vector"
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

// pair is a rule with an estimator.
type pair struct {
	rule      Rule
	estimator estimatorRow
}

// estimatorNamed is a row of the table.
func estimatorNamed(name string) estimatorRow {
	for _, e := range estimators {
		if e.name == name {
			return e
		}
	}
	panic("no estimator is named " + name)
}

// pairs are every rule under MiniBatch, every estimator under SGD, and pairs that are likely to be used.
func pairs() map[string]pair {
	all := map[string]pair{}
	for _, r := range rules {
		all[r.name] = pair{r.rule, estimatorNamed("MiniBatch")}
	}
	for _, e := range estimators {
		all[e.name] = pair{SGD{}, e}
	}
	for name, p := range namedPairs {
		all[name] = pair{p.rule, estimatorNamed(p.estimator)}
	}
	return all
}

// namedPairs by what they are called.
var namedPairs = map[string]struct {
	rule      Rule
	estimator string
}{
	"SVRG + NAG":           {NAG{Momentum: 0.9}, "SVRG"},
	"SVRG random + Heavy":  {Momentum{Momentum: 0.9, Form: Textbook}, "SVRG random"},
	"LSVRG + NAG textbook": {NAG{Momentum: 0.9, Form: Textbook}, "LSVRG"},
	"SAGA + Momentum":      {Momentum{Momentum: 0.9}, "SAGA"},
	"PAGE + NAG":           {NAG{Momentum: 0.9}, "PAGE"},
	"STORM + Momentum":     {Momentum{Momentum: 0.5}, "STORM"},
	"AlphaSVRG + own slow": {slow{0.9}, "AlphaSVRG optimal"},
	"AlphaSVRG + AdamW":    {AdamW{Beta1: 0.9, Beta2: 0.999, Epsilon: 1e-3, Decay: 0}, "AlphaSVRG"},
	"LSVRG + AMSGrad":      {DefaultAMSGrad, "LSVRG"},
	"SAG + AdaGrad":        {DefaultAdaGrad, "SAG"},
}

// TestASplitRunEqualsAWholeRun holds that a run which is saved at an awkward place and goes on in new objects gives the
// same weights bit for bit.
func TestASplitRunEqualsAWholeRun(t *testing.T) {
	for name, p := range pairs() {
		for _, dt := range dtypes {
			for _, split := range []int{1, 10, 37} {
				fresh := func() *Run {
					obj := newSquares(dt, 45, 6)
					obj.jitter = 0.3
					s := solver(t, p.rule, Rate(schedules.Warmup(5, schedules.Cosine(0.05, 0.01, schedules.Epochs(6)))),
						p.estimator.from(), ClipNorm(3), L2(1e-3, Except("bias")))
					return open(t, s, p.estimator.hide(obj), []float64{1, -1, 1, -1, 1, -1, 0}, must[Sampler](t)(Reshuffled(45, 7, 4)))
				}
				whole, before, after := fresh(), fresh(), fresh()
				next(t, whole, 40)
				next(t, before, split)
				restore(t, after, save(before))
				after.Weights().Copy(before.Weights())
				info := next(t, after, 40-split)
				if !slices.Equal(values(after.Weights()), values(whole.Weights())) || after.Time() != whole.Time() {
					t.Errorf("%s/%v split at %d: apart by %v at %+v and %+v", name, dt, split,
						distance(values(after.Weights()), values(whole.Weights())), after.Time(), whole.Time())
				}
				if info.Norm == 0 {
					t.Errorf("%s: converged to the last bit, so that nothing was tested", name)
				}
			}
		}
	}
}

// TestPairsFindTheBottom holds that a rule with memory does as well from an estimator whose noise falls to zero as from
// the gradient.
func TestPairsFindTheBottom(t *testing.T) {
	for name, p := range namedPairs {
		e := estimatorNamed(p.estimator)
		obj := newSquares(vector.Float64, 45, 6)
		rate, limit := schedules.Constant(0.005), 1e-10
		if scaleFree(p.rule) { // steps as long as the rate, however small the gradient
			rate, limit = schedules.Cosine(gentle(pair{p.rule, e}), 0, 6000), 1e-2
		}
		run := open(t, solver(t, p.rule, Rate(rate), e.from()), e.hide(obj), make([]float64, 7),
			must[Sampler](t)(WithReplacement(45, 7, 1)))
		next(t, run, 6000)
		g, _ := obj.meanGradient(values(run.Weights()), everything(45), 0)
		if p.estimator == "STORM" {
			limit = 10
		}
		if !(norm(g) < limit) {
			t.Errorf("%s: full gradient %v, want below %v", name, norm(g), limit)
		}
	}
}
