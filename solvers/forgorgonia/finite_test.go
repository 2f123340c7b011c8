package forgorgonia

import (
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/solvers"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// TestStepNotFinite holds that gradients and weights which aren't finite, and gradients with which Adam's mean square
// wouldn't be, are a solvers.Diverged, and that nothing has changed then.
func TestStepNotFinite(t *testing.T) {
	for _, c := range []struct {
		weight, gradient float32
		what             solvers.Quantity
	}{
		{2, float32(math.NaN()), solvers.Gradient}, {2, float32(math.Inf(-1)), solvers.Gradient}, {2, 1e30, solvers.State},
		{float32(math.Inf(1)), 1, solvers.Weight},
	} {
		s := newSolver(t, solvers.DefaultAdam, solvers.Rate(schedules.Constant(0.1)))
		weights, gradient := []float32{1, 2}, []float32{1, 1}
		p := []G.ValueGrad{&valueGrad{"w", tensor.New(tensor.WithBacking(weights)), tensor.New(tensor.WithBacking(gradient))}}
		if c.what != solvers.Weight {
			must[any](t)(nil, s.Step(p))
		}
		weights[1], gradient[1] = c.weight, c.gradient
		before := slices.Clone(weights)
		err := s.Step(p)
		d := new(solvers.Diverged)
		if !errors.As(err, &d) || d.Quantity != c.what || d.Parameter != "w" || d.Element != 1 || d.Moved {
			t.Errorf("weight %v, gradient %v: error %v", c.weight, c.gradient, err)
		}
		if !slices.Equal(weights, before) || gradient[1] != c.gradient && c.gradient == c.gradient {
			t.Errorf("weight %v, gradient %v: now weights %v and gradients %v", c.weight, c.gradient, weights, gradient)
		}
		if weights[1], gradient[1] = 2, 1; s.Step(p) != nil || weights[1] == 2 {
			t.Errorf("weight %v, gradient %v: then weights %v", c.weight, c.gradient, weights)
		}
	}
}
