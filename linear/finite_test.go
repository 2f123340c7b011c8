package linear

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/solvers"
	"github.com/fallline/fallline/vector"
)

// finiteRow is a way to solve linear models.
type finiteRow struct {
	name      string
	estimator solvers.Estimator
	hide      bool // as if the objective weren't linear
	batch     int
	options   func(rate float64) []solvers.Option
}

var finiteRows = []finiteRow{
	{"SAGA", solvers.SAGA{}, false, 1, nil},
	{"SAGA filled", solvers.SAGA{Fill: true}, false, 1, nil},
	{"SAGA L2", solvers.SAGA{}, false, 1, one(func(rate float64) solvers.Option { return solvers.L2(0.1 / rate) })},
	{"SAGA L1", solvers.SAGA{}, false, 1, one(func(float64) solvers.Option { return solvers.Prox(solvers.L1{Lambda: 0.01}, solvers.Only("weight")) })},
	{"SAGA of batches", solvers.SAGA{}, false, 40, nil},
	{"SAGA averaged", solvers.SAGA{}, false, 1, one(func(float64) solvers.Option { return solvers.Average(solvers.EMA{Decay: 0.9}) })},
	{"SAGA of blocks", solvers.SAGA{}, true, 5, nil},
	{"SAG", solvers.SAG{}, false, 1, nil},
	{"SAG of blocks", solvers.SAG{}, true, 5, nil},
	{"Katyusha", solvers.Katyusha{Passes: 2, Tau1: 0.4, Tau2: 0.5}, false, 1, nil},
	{"Katyusha II", solvers.Katyusha{Passes: 2, Tau1: 0.4, Tau2: 0.5, Option: solvers.OptionII}, false, 5, nil},
	{"SVRG", solvers.SVRG{Passes: 2}, false, 5, nil},
}

// one is an option that may depend on the rate.
func one(option func(rate float64) solvers.Option) func(rate float64) []solvers.Option {
	return func(rate float64) []solvers.Option { return []solvers.Option{option(rate)} }
}

// eachFinite runs a law over the rows, losses, kinds of rows, and types.
func eachFinite(t *testing.T, law func(t *testing.T, o *Objective, r finiteRow)) {
	const n, d = 50, 10
	sparse, dense := rowsOf(n, d, 2)
	for _, r := range finiteRows {
		for _, loss := range []Loss{Logistic, Squared, Softmax} {
			for name, rows := range map[string]Rows{"sparse": sparse, "dense": dense} {
				for _, dt := range []vector.Type{vector.Float32, vector.Float64} {
					t.Run(fmt.Sprintf("%s/%v/%s/%v", r.name, loss, name, dt), func(t *testing.T) {
						law(t, must[*Objective](t)(New(Model{Rows: rows, Labels: labelsOf(loss, n, 3), Loss: loss, Type: dt, Intercept: true})), r)
					})
				}
			}
		}
	}
}

// open opens a row's run at zero.
func (r finiteRow) open(t *testing.T, o *Objective, rate float64) *solvers.Run {
	var shown solvers.Objective = o
	if r.hide {
		shown = general{o}
	}
	options := []solvers.Option{solvers.Rate(schedules.Constant(rate)), solvers.From(r.estimator)}
	if r.options != nil {
		options = append(options, r.options(rate)...)
	}
	return open(t, solver(t, solvers.SGD{}, options...), shown, make([]float64, o.NewVector().Count()), must[solvers.Sampler](t)(solvers.Reshuffled(o.Len(), r.batch, 4)))
}

// TestDivergence holds for every way to solve a linear model that with a rate far too high it has weights and losses
// that are finite at any time, or ends in a Diverged that says what and when, with weights that are finite.
func TestDivergence(t *testing.T) {
	ended := 0
	eachFinite(t, func(t *testing.T, o *Objective, r finiteRow) {
		for _, rate := range []float64{1e3, 1e20, 1e37, 1e150, 1e306} {
			for _, steps := range []int{1, 700} {
				run := r.open(t, o, rate)
				for range 2000 / steps {
					before := run.Time().Step
					info, err := run.Advance(steps)
					if name, at, x, bad := run.Weights().Bad(); bad {
						t.Fatalf("rate %v: %q[%d] is %v with error %v", rate, name, at, x, err)
					}
					d := new(solvers.Diverged)
					if err == nil && info.Loss-info.Loss == 0 {
						continue
					}
					if ended++; !errors.As(err, &d) || d.Moved || d.Value-d.Value == 0 || d.Iteration < before || d.Iteration > before+int64(steps) {
						t.Errorf("rate %v: loss %v, error %v (%+v)", rate, info.Loss, err, d)
					}
					if run.Time().Step != before+int64(info.Steps) {
						t.Errorf("rate %v: %d iterations, and time %+v", rate, info.Steps, run.Time())
					}
					break
				}
			}
		}
	})
	if ended < 100 {
		t.Errorf("%d runs diverged", ended)
	}
}

// TestNotFinite holds for every way to solve a linear model that numbers that aren't finite, in the weights or in what
// Visit shows, are found before the next iteration, by name.
func TestNotFinite(t *testing.T) {
	eachFinite(t, func(t *testing.T, o *Objective, r finiteRow) {
		fresh := func() *solvers.Run {
			run := r.open(t, o, 1e-3)
			next(t, run, 3)
			return run
		}
		for _, bad := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
			run := fresh()
			run.Visit(func(string, any) {})
			run.Weights().Set(run.Weights().Ranges[1].Lo, bad)
			_, err := run.Next()
			d := new(solvers.Diverged)
			if !errors.As(err, &d) || d.Quantity != solvers.Weight || d.Parameter != run.Weights().Ranges[1].Name || d.Iteration != 3 {
				t.Errorf("weight of %v: error %v", bad, err)
			}
			fresh().Visit(func(name string, array any) {
				run := fresh()
				if !spoilt(run, name, bad) {
					return
				}
				before := values(run.Weights())
				_, err := run.Next()
				if !errors.As(err, &d) || d.Quantity != solvers.State || !strings.HasPrefix(name, d.Array) || d.Iteration != 3 {
					t.Errorf("%s of %v: error %v", name, bad, err)
				}
				if !slices.Equal(values(run.Weights()), before) {
					t.Errorf("%s of %v: the weights moved", name, bad)
				}
			})
		}
	})
}

// spoilt sets the last number of one of a run's arrays, and says whether the array can hold it.
func spoilt(run *solvers.Run, name string, bad float64) (done bool) {
	run.Visit(func(other string, array any) {
		if other != name {
			return
		}
		switch a := array.(type) {
		case []float32:
			a[len(a)-1], done = float32(bad), true
		case []float64:
			a[len(a)-1], done = bad, true
		}
	})
	return done
}
