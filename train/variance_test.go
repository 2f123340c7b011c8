package train

import (
	"math"
	"slices"
	"testing"

	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/solvers"
	"github.com/fallline/fallline/vector"
)

// TestHookMeasuresVariance holds that a hook can measure the estimator, which leaves the training as it is.
func TestHookMeasuresVariance(t *testing.T) {
	fit := func(options ...Option) []float64 {
		d := blobs(40)
		m := newLinear(vector.Float64, d.Shape(), d.Classes())
		solver := must(solvers.New(solvers.SGD{}, solvers.From(solvers.SVRG{Passes: 1}), solvers.Rate(schedules.Constant(0.05))))
		must(Fit(background, m, d, solver, append(options, Epochs(3), Batch(8), Seed(2))...))
		return slices.Clone(m.weights.F64)
	}
	var ratios []float64
	measured := fit(OnIteration(func(it Iteration) error {
		v, err := solvers.VarianceMeter{Batches: 4, Seed: 1}.Measure(it.Run)
		ratios = append(ratios, v.Ratio)
		return err
	}))
	if !slices.Equal(measured, fit()) {
		t.Error("measuring has changed the weights")
	}
	if len(ratios) != 15 || slices.ContainsFunc(ratios, func(r float64) bool { return math.IsNaN(r) || r < 0 || r > 1 }) {
		t.Errorf("ratios %v", ratios)
	}
}
