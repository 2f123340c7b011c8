package solvers

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/fallline/fallline/batch"
	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/vector"
)

// poisoned is squares whose gradients and residuals can turn bad.
type poisoned struct {
	*squares
	with float64 // 0: as they are
}

func (o *poisoned) Gradient(w, g *vector.Vector, b batch.Batch) (float64, error) {
	loss, err := o.squares.Gradient(w, g, b)
	if o.with != 0 {
		g.Set(g.Ranges[1].Lo, o.with)
	}
	return loss, err
}

func (o *poisoned) Residuals(w *vector.Vector, b batch.Batch, r []float64) (float64, error) {
	loss, err := o.squares.Residuals(w, b, r)
	if o.with != 0 {
		r[0] = o.with
	}
	return loss, err
}

// TestBadGradientsOfPairs holds for every pair that a gradient which isn't finite is an error that names a parameter
// and the iteration, with the weights as they were.
func TestBadGradientsOfPairs(t *testing.T) {
	for name, p := range pairs() {
		for _, dt := range dtypes {
			for _, bad := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
				o := &poisoned{squares: newSquares(dt, 45, 6)}
				run := open(t, solver(t, p.rule, Rate(schedules.Constant(0.01)), p.estimator.from(), Average(EMA{Decay: 0.9})),
					p.estimator.hide(o), make([]float64, 7), must[Sampler](t)(Reshuffled(45, 7, 4)))
				next(t, run, 5)
				before, mean := values(run.Weights()), run.Weights().Like()
				if err := run.Solution(mean); err != nil {
					t.Fatal(err)
				}
				o.with = bad
				_, err := run.Next()
				if err == nil || !strings.HasPrefix(err.Error(), `solvers: gradient of "`) || !strings.HasSuffix(err.Error(), "at iteration 5") {
					t.Errorf("%s/%v of %v: error %v", name, dt, bad, err)
				}
				if !slices.Equal(values(run.Weights()), before) {
					t.Errorf("%s/%v of %v: the weights moved", name, dt, bad)
				}
				now := mean.Like()
				if err := run.Solution(now); err != nil || !slices.Equal(values(now), values(mean)) {
					t.Errorf("%s/%v of %v: the average moved, error %v", name, dt, bad, err)
				}
			}
		}
	}
}
