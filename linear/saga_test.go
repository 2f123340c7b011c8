package linear

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/fallline/fallline/internal/kernel/threads"
	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/solvers"
	"github.com/fallline/fallline/vector"
)

// naiveSAGA takes steps of SAGA on dense rows, straight from Defazio, Bach & Lacoste-Julien 2014, equation 1, with λ/2
// ‖w‖² evaluated exactly and the proximal step of l1 ‖w‖₁ + l2/2 ‖w‖². The intercept c, which may be nil, is not
// regularised.
func naiveSAGA(loss Loss, x []float64, d int, y []float64, w, c []float64, index []int32, rate, lambda, l1, l2 float64) {
	n := len(y)
	table := make([][]float64, n)
	mean := make([]float64, d+1)
	for i := range table {
		table[i] = make([]float64, d+1)
	}
	for _, i := range index {
		g := make([]float64, d+1)
		var gc []float64
		if c != nil {
			gc = g[d:]
		}
		plainLinear(loss, 1, x[int(i)*d:int(i+1)*d], w, c, y[i], g[:d], gc)
		for j := range w {
			w[j] -= rate * (g[j] - table[i][j] + mean[j] + lambda*w[j])
			w[j] = math.Copysign(max(math.Abs(w[j])-rate*l1, 0), w[j]) / (1 + rate*l2)
		}
		if c != nil {
			c[0] -= rate * (g[d] - table[i][d] + mean[d])
		}
		for j := range mean {
			mean[j] += (g[j] - table[i][j]) / float64(n)
		}
		table[i] = g
	}
}

// TestSparseSAGA compares the fused loop with the naive one on dense rows, and with the table that leaves steps to the
// rule, over passes with steps one by one and many at a time.
func TestSparseSAGA(t *testing.T) {
	const n, d, steps, rate = 120, 30, 600, 0.03
	sparse, full := rowsOf(n, d, 8)
	for _, loss := range []Loss{Logistic, Squared} {
		for _, dt := range []vector.Type{vector.Float32, vector.Float64} {
			for _, c := range []struct {
				lambda, l1, l2 float64
				intercept      bool
			}{{}, {lambda: 0.1}, {lambda: 0.1, intercept: true}, {l1: 0.02, intercept: true}, {lambda: 0.05, l1: 0.05},
				{lambda: 10}, {l1: 0.02, l2: 0.1}, {l2: 0.1}} {
				t.Run(fmt.Sprintf("%v/%v/%+v", loss, dt, c), func(t *testing.T) {
					y := labelsOf(loss, n, 1)
					o := must[*Objective](t)(New(Model{Rows: sparse, Labels: y, Loss: loss, Intercept: c.intercept, Type: dt}))
					start := make([]float64, o.NewVector().Count())
					for i := range start {
						start[i] = 0.1 * float64(i%7-3)
					}
					sampler := must[solvers.Sampler](t)(solvers.Reshuffled(n, 1, 4))
					var index []int32
					for range steps {
						index = append(index, sampler.Next().Index[0])
					}
					want := append([]float64(nil), start...)
					var bias []float64
					if c.intercept {
						bias = want[d:]
					}
					naiveSAGA(loss, full.F64, d, y, want[:d], bias, index, rate, c.lambda, c.l1, c.l2)

					options := []solvers.Option{solvers.Rate(schedules.Constant(rate)), solvers.L2(c.lambda, solvers.Only("weight"))}
					if c.l1+c.l2 > 0 {
						options = append(options, solvers.Prox(solvers.ElasticNet{L1: c.l1, L2: c.l2}, solvers.Only("weight")))
					}
					tol := 1e-12
					if dt == vector.Float32 {
						tol = 2e-5
					}
					for _, way := range []struct {
						name    string
						obj     solvers.Objective
						advance func(r *solvers.Run) solvers.Info
						fused   bool
					}{
						{"whole", o, func(r *solvers.Run) solvers.Info { return must[solvers.Info](t)(r.Advance(steps)) }, true},
						{"single", o, func(r *solvers.Run) solvers.Info { return next(t, r, steps) }, true},
						{"general", general{o}, func(r *solvers.Run) solvers.Info { return next(t, r, steps) }, false},
					} {
						run := open(t, solver(t, solvers.SGD{}, append(options, solvers.From(solvers.SAGA{}))...), way.obj, start,
							must[solvers.Sampler](t)(solvers.Reshuffled(n, 1, 4)))
						if info := way.advance(run); math.IsNaN(info.Norm) != way.fused {
							t.Fatalf("%s: fused: %v", way.name, !way.fused)
						}
						alike(t, way.name, values(run.Weights()), want, tol)
					}
				})
			}
		}
	}
}

// TestSparseSAGAInfo compares what a stretch of steps says of itself with what single steps of the table say.
func TestSparseSAGAInfo(t *testing.T) {
	const n, d, steps = 50, 10, 70
	rows, _ := rowsOf(n, d, 2)
	for _, loss := range []Loss{Logistic, Squared} {
		o := must[*Objective](t)(New(Model{Rows: rows, Labels: labelsOf(loss, n, 1), Loss: loss, Type: vector.Float64}))
		var infos [2]solvers.Info
		for i, rule := range []solvers.Rule{solvers.SGD{}, solvers.Momentum{}} {
			run := open(t, solver(t, rule, solvers.Rate(schedules.Constant(0.02)), solvers.From(solvers.SAGA{Fill: true})), o, make([]float64, d), must[solvers.Sampler](t)(solvers.Reshuffled(n, 1, 4)))
			infos[i] = must[solvers.Info](t)(run.Advance(steps))
		}
		if math.Abs(infos[0].Loss-infos[1].Loss) > 1e-12 {
			t.Errorf("%v: loss %v, want %v", loss, infos[0].Loss, infos[1].Loss)
		}
		infos[0].Loss, infos[0].Norm, infos[1].Loss, infos[1].Norm = 0, 0, 0, 0
		if infos[0] != infos[1] || infos[0].Gradients != n+steps {
			t.Errorf("%v: %+v, want %+v", loss, infos[0], infos[1])
		}
	}
}

// TestSparseSAGADiverges holds that a step that is far too long ends in an error that names the iteration, not in NaNs.
func TestSparseSAGADiverges(t *testing.T) {
	rows, _ := rowsOf(50, 10, 2)
	o := must[*Objective](t)(New(Model{Rows: rows, Labels: labelsOf(Squared, 50, 1), Loss: Squared, Type: vector.Float64}))
	run := open(t, solver(t, solvers.SGD{}, solvers.Rate(schedules.Constant(1e3)), solvers.From(solvers.SAGA{})), o, make([]float64, 10), must[solvers.Sampler](t)(solvers.Reshuffled(50, 1, 4)))
	info, err := run.Advance(100000)
	diverged := new(solvers.Diverged)
	if !errors.As(err, &diverged) || diverged.Quantity != solvers.Loss {
		t.Fatalf("%v, want a Diverged of the loss", err)
	}
	if run.Time().Step != int64(info.Steps) || !strings.Contains(err.Error(), fmt.Sprint("iteration ", info.Steps)) {
		t.Errorf("%v after %d iterations at %+v", err, info.Steps, run.Time())
	}
	for _, v := range values(run.Weights()) {
		if math.IsNaN(v) {
			t.Fatal("weights are NaN")
		}
	}
}

// TestDenseSAGA compares the fused steps on dense rows with the table that leaves them to the rule, on any number of
// threads.
func TestDenseSAGA(t *testing.T) {
	defer threads.Set(threads.Count())
	const n, d, steps, rate = 100, 23, 50, 0.03
	eachLinear(t, n, d, func(t *testing.T, o *Objective, _ []float64) {
		if _, dense := o.model.Rows.(Dense); !dense {
			t.Skip("for dense rows")
		}
		tol := 1e-12
		if o.model.Type == vector.Float32 {
			tol = 2e-5
		}
		start := make([]float64, o.NewVector().Count())
		for i := range start {
			start[i] = 0.1 * float64(i%7-3)
		}
		for _, batch := range []int{1, 2, 7, 33, n} {
			begin := func(obj solvers.Objective) *solvers.Run {
				s := solver(t, solvers.SGD{}, solvers.Rate(schedules.Constant(rate)), solvers.From(solvers.SAGA{Fill: batch == 7}), solvers.L2(0.1, solvers.Only("weight")))
				return open(t, s, obj, start, must[solvers.Sampler](t)(solvers.Reshuffled(n, batch, 4)))
			}
			plain := begin(general{o})
			want := must[solvers.Info](t)(plain.Advance(steps))
			var first []float64
			for _, count := range []int{1, 2} {
				if err := threads.Set(count); err != nil {
					t.Fatal(err)
				}
				run := begin(o)
				info := must[solvers.Info](t)(run.Advance(steps))
				if !math.IsNaN(info.Norm) || math.IsNaN(want.Norm) {
					t.Fatal("no fused steps, or two of them")
				}
				alike(t, fmt.Sprint("batch ", batch), values(run.Weights()), values(plain.Weights()), tol)
				alike(t, "loss", []float64{info.Loss}, []float64{want.Loss}, tol)
				if info.Gradients != want.Gradients || info.Examples != want.Examples || info.Steps != want.Steps {
					t.Errorf("batch %d: %+v, want %+v", batch, info, want)
				}
				if first == nil {
					first = values(run.Weights())
				}
				alike(t, "threads", values(run.Weights()), first, 0)
			}
		}
	})
}

// TestRegularisersOnSparseRows holds that SAGA takes the same proximal steps on sparse rows, where a loop of its own
// may take them, as on dense ones.
func TestRegularisersOnSparseRows(t *testing.T) {
	const n, d = 120, 30
	sparse, dense := rowsOf(n, d, 8)
	for _, prox := range []solvers.Proximal{solvers.L1{Lambda: 0.02}, solvers.ElasticNet{L1: 0.02}, solvers.ElasticNet{L1: 0.02, L2: 0.1}} {
		run := func(rows Rows) []float64 {
			o := must[*Objective](t)(New(Model{Rows: rows, Labels: labelsOf(Logistic, n, 1), Loss: Logistic, Type: vector.Float64}))
			r := open(t, solver(t, solvers.SGD{}, solvers.Rate(schedules.Constant(0.05)), solvers.From(solvers.SAGA{}), solvers.Prox(prox)), o, make([]float64, d),
				must[solvers.Sampler](t)(solvers.WithReplacement(n, 1, 3)))
			if _, err := r.Advance(3000); err != nil {
				t.Fatal(err)
			}
			return values(r.Weights())
		}
		got, want := run(sparse), run(dense)
		alike(t, prox.String(), got, want, 1e-12)
		zeros := 0
		for i := range got {
			if (got[i] == 0) != (want[i] == 0) {
				t.Errorf("%v: weight %d is %v on sparse rows, %v on dense ones", prox, i, got[i], want[i])
			}
			if got[i] == 0 {
				zeros++
			}
		}
		if zeros == 0 || zeros == d {
			t.Errorf("%v: %d zeros of %d test nothing", prox, zeros, d)
		}
	}
}
