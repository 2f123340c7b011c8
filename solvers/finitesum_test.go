package solvers

import (
	"math"
	"strings"
	"testing"

	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/vector"
	"gorgonia.org/tensor"
)

// TestFiniteSum holds that a sum given as code, here a regression with two parameters, is the linear model of the same data.
func TestFiniteSum(t *testing.T) {
	const n, d = 30, 5
	_, rows := rowsOf(n, d, 4)
	y := labelsOf(Squared, n, 1)
	linear := must[*Linear](t)(NewLinear(LinearModel{Rows: rows, Labels: y, Loss: Squared, Intercept: true, Dtype: tensor.Float64}))
	code := func(w, g []float64, i int) float64 {
		var to, toBias []float64
		if to = g; g != nil {
			to, toBias = g[:d], g[d:]
		} else {
			to = make([]float64, d)
		}
		return plainLinear(Squared, 1, rows.F64[i*d:(i+1)*d], w[:d], w[d:], y[i], to, toBias)
	}
	sum := must[*FiniteSum](t)(NewFiniteSum(n, code,
		vector.Param{Name: "weight", Shape: []int{d, 1}, Group: "weight"}, vector.Param{Name: "intercept", Shape: []int{1}, Group: "bias"}))
	start := []float64{1, 2, 3, 4, 5, 6}
	for _, e := range []Estimator{MiniBatch{}, FullBatch{}, SVRG{Passes: 1}} {
		var ends [2][]float64
		for i, obj := range []Objective{linear, sum} {
			run := open(t, solver(t, NAG{Momentum: 0.5}, From(e), Rate(schedules.Constant(0.02))), obj, start, must[Sampler](t)(Reshuffled(n, 4, 1)))
			next(t, run, 20)
			ends[i] = append(values(run.Weights()), must[float64](t)(obj.Loss(run.Weights(), Batch{Index: []int32{1, 2, 3}})))
		}
		alike(t, typeName(e), ends[1], ends[0], 1e-12)
	}
}

func TestFiniteSumBad(t *testing.T) {
	f := func(w, g []float64, i int) float64 { return math.Inf(1) }
	p := vector.Param{Name: "x", Shape: []int{2}}
	for name, c := range map[string]struct {
		n      int
		f      func(w, g []float64, i int) float64
		params []vector.Param
		want   string
	}{
		"n = 0":         {0, f, []vector.Param{p}, "0 terms"},
		"no function":   {1, nil, []vector.Param{p}, "without a function"},
		"no parameters": {1, f, nil, "without parameters"},
		"twice":         {1, f, []vector.Param{p, p}, "both named"},
	} {
		if _, err := NewFiniteSum(c.n, c.f, c.params...); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
	o := must[*FiniteSum](t)(NewFiniteSum(3, f, p))
	for _, index := range [][]int32{nil, {3}, {-1}} {
		if _, err := o.Loss(o.NewVector(), Batch{Index: index}); err == nil {
			t.Errorf("%v: no error", index)
		}
	}
}
