package solvers

import (
	"math"
	"testing"

	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/vector"
)

var averagings = []Averaging{
	PolyakRuppert{}, PolyakRuppert{Start: 7}, PolyakRuppert{Start: 1000},
	EMA{}, EMA{Decay: 0.9}, EMA{Decay: 0.9, Corrected: true},
}

// naiveAverage is an average written out, of all weights so far.
func naiveAverage(a Averaging, past [][]float64) []float64 {
	k := len(past)
	share := make([]float64, k)
	switch a := a.(type) {
	case PolyakRuppert:
		from := min(int(a.Start), k-1)
		for i := from; i < k; i++ {
			share[i] = 1 / float64(k-from)
		}
	case EMA:
		for i := range share {
			share[i] = (1 - a.Decay) * math.Pow(a.Decay, float64(k-1-i))
			if a.Corrected {
				share[i] /= 1 - math.Pow(a.Decay, float64(k))
			}
		}
		if !a.Corrected {
			share[0] = math.Pow(a.Decay, float64(k-1))
		}
	}
	mean := make([]float64, len(past[0]))
	for i, w := range past {
		for j := range mean {
			mean[j] += share[i] * w[j]
		}
	}
	return mean
}

// TestAverages compares averages with sums written out, and holds that they don't disturb the iterates: for a rule, and
// for a source that takes the steps itself.
func TestAverages(t *testing.T) {
	for _, a := range averagings {
		for _, dt := range []vector.Type{vector.Float64, vector.Float32} {
			for _, e := range []Estimator{MiniBatch{}, stepper{most: 7}} {
				limit := 1e-13
				if dt == vector.Float32 {
					limit = 1e-5
				}
				options := []Option{Rate(schedules.Constant(0.1)), From(e)}
				plain := open(t, solver(t, SGD{}, options...), newSquares(dt, 45, 6), make([]float64, 7), nil)
				run := open(t, solver(t, SGD{}, append(options, Average(a))...), newSquares(dt, 45, 6), make([]float64, 7), nil)
				mean := run.Weights().Like()
				if err := run.Solution(mean); err != nil || norm(values(mean)) != 0 {
					t.Fatalf("%v: solution %v before the first step, error %v", a, values(mean), err)
				}
				var past [][]float64
				for range 30 {
					next(t, plain, 1)
					if _, err := run.Advance(1); err != nil {
						t.Fatal(err)
					}
					alike(t, a.String()+": iterates", values(run.Weights()), values(plain.Weights()), 0)
					past = append(past, values(run.Weights()))
					if err := run.Solution(mean); err != nil {
						t.Fatal(err)
					}
					alike(t, a.String()+": average", values(mean), naiveAverage(a, past), limit)
				}
			}
		}
	}
}

// TestAverageBeatsTheLastWeights holds what averages are for: less noise at a constant rate.
func TestAverageBeatsTheLastWeights(t *testing.T) {
	obj := newSquares(vector.Float64, 60, 6)
	for _, a := range []Averaging{PolyakRuppert{Start: 1000}, EMA{Decay: 0.999}} {
		run := open(t, solver(t, SGD{}, Rate(schedules.Constant(0.05)), Average(a)), obj, make([]float64, 7),
			must[Sampler](t)(WithReplacement(60, 1, 1)))
		next(t, run, 20000)
		mean := obj.NewVector()
		if err := run.Solution(mean); err != nil {
			t.Fatal(err)
		}
		last, _ := obj.meanGradient(values(run.Weights()), everything(60), 0)
		smooth, _ := obj.meanGradient(values(mean), everything(60), 0)
		if !(norm(smooth) < norm(last)/3) {
			t.Errorf("%v: full gradient %v at the average, %v at the last weights", a, norm(smooth), norm(last))
		}
	}
}

// odd is an Averaging with whatever share a test gives it.
type odd float64

func (o odd) Share(int64) float64 { return float64(o) }
func (odd) String() string        { return "odd" }

func TestBadAverages(t *testing.T) {
	rate := Rate(schedules.Constant(0.1))
	for _, c := range []struct {
		options []Option
		want    string
	}{
		{[]Option{rate, Average(nil)}, "solvers: no averaging (nil)"},
		{[]Option{rate, Average(EMA{}), Average(EMA{})}, "solvers: averaging given twice"},
		{[]Option{rate, Average(EMA{Decay: 1})}, "solvers: ema's decay 1 outside [0, 1)"},
		{[]Option{rate, Average(PolyakRuppert{Start: -1})}, "solvers: polyak-ruppert: start at step -1, want at least 0"},
	} {
		_, err := New(SGD{}, c.options...)
		if err == nil || err.Error() != c.want {
			t.Errorf("%v, want %s", err, c.want)
		}
	}
	for _, x := range []float64{-0.1, 1.1, math.NaN()} {
		run := open(t, solver(t, SGD{}, rate, Average(odd(x))), bowl(vector.Float64), bowlStart, nil)
		_, err := run.Next()
		wantError(t, err, "solvers: odd: share ")
		alike(t, "weights", values(run.Weights()), bowlStart, 0)
	}
	_, err := solver(t, SGD{}, rate, Average(EMA{})).Stepper()
	wantError(t, err, "solvers: ema(0) belongs to a run")
}
