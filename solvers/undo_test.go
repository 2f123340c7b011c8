package solvers

import (
	"math"
	"slices"
	"testing"

	"github.com/fallline/fallline/batch"
	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/vector"
	"github.com/pkg/errors"
)

// once is an objective that fails once, at one of its calls, after it has written nonsense.
type once struct {
	*squares
	after int
}

var errFailing = errors.New("the objective fails")

func (f *once) fails() bool {
	f.after--
	return f.after == -1
}

func (f *once) Gradient(w, g *vector.Vector, b batch.Batch) (float64, error) {
	if f.fails() {
		g.Set(0, math.NaN())
		return math.NaN(), errFailing
	}
	return f.squares.Gradient(w, g, b)
}

func (f *once) Loss(w *vector.Vector, b batch.Batch) (float64, error) {
	if f.fails() {
		return math.NaN(), errFailing
	}
	return f.squares.Loss(w, b)
}

func (f *once) Residuals(w *vector.Vector, b batch.Batch, r []float64) (float64, error) {
	if f.fails() {
		r[0] = math.NaN()
		return math.NaN(), errFailing
	}
	return f.squares.Residuals(w, b, r)
}

// TestAnIterationThatFailsIsDoneAgain holds that a run which fails at any call of the objective has the weights of the
// last whole iteration, and goes on bit for bit as one that never failed: the same run, and a new one that takes over
// what it shows.
func TestAnIterationThatFailsIsDoneAgain(t *testing.T) {
	const n, batch, steps = 1100, 400, 9 // a full gradient is three calls
	const dim = 20                       // more than are put back without a doing of the source
	rows := append([]estimatorRow{{name: "Katyusha", estimator: Katyusha{Passes: 2, Tau1: 0.4, Tau2: 0.5}}}, estimators...)
	search := estimatorRow{name: "Armijo", estimator: MiniBatch{}}
	for _, e := range append(rows, search) {
		obj := newSquares(vector.Float64, n, dim)
		obj.jitter = 0.3
		fresh := func(after int) (*Run, *once) {
			f := &once{obj, after}
			option := Rate(schedules.Constant(0.02))
			if e.name == search.name {
				option = ChooseRate(DefaultArmijo)
			}
			sampler := must[Sampler](t)(Reshuffled(n, batch, 4))
			return open(t, solver(t, SGD{}, option, e.from()), e.hide(f), make([]float64, dim+1), sampler), f
		}
		whole, f := fresh(-1)
		next(t, whole, steps)
		calls := -1 - f.after
		for k := range calls {
			run, _ := fresh(k)
			var err error
			done := 0
			before := values(run.Weights())
			for ; err == nil; done++ {
				before = values(run.Weights())
				_, err = run.Next()
			}
			if done--; !errors.Is(err, errFailing) {
				t.Fatalf("%s, call %d: error %v", e.name, k, err)
			}
			if !slices.Equal(values(run.Weights()), before) || run.Time().Step != int64(done) {
				t.Fatalf("%s, call %d: other weights, at %+v", e.name, k, run.Time())
			}
			resumed, _ := fresh(-1)
			restore(t, resumed, save(run))
			resumed.Weights().Copy(run.Weights())
			for what, r := range map[string]*Run{"again": run, "resumed": resumed} {
				next(t, r, steps-done)
				if !slices.Equal(values(r.Weights()), values(whole.Weights())) || r.Time() != whole.Time() {
					t.Fatalf("%s, failed at call %d of %d, %s: apart by %v at %+v", e.name, k, calls, what,
						distance(values(r.Weights()), values(whole.Weights())), r.Time())
				}
			}
		}
	}
}
