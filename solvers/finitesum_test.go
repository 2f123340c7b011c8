package solvers

import (
	"math"
	"strings"
	"testing"

	"github.com/fallline/fallline/batch"
	"github.com/fallline/fallline/vector"
)

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
		if _, err := o.Loss(o.NewVector(), batch.Batch{Index: index}); err == nil {
			t.Errorf("%v: no error", index)
		}
	}
}
