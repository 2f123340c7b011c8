package solvers

import (
	"math"
	"slices"
	"testing"

	"github.com/fallline/fallline/batch"
	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/vector"
)

// meanGradient is the mean gradient of examples, from the definition.
func (o *squares) meanGradient(w []float64, index []int32, draw uint64) (g []float64, loss float64) {
	d := len(o.x[0])
	g = make([]float64, d+1)
	for _, i := range index {
		r := w[d] - o.y[i] - o.jitter*math.Sin(float64(draw)+float64(i))
		for j, x := range o.x[i] {
			r += w[j] * x
		}
		for j, x := range o.x[i] {
			g[j] += r * x / float64(len(index))
		}
		g[d] += r / float64(len(index))
		loss += r * r / 2 / float64(len(index))
	}
	return g, loss
}

func everything(n int) []int32 { return newOrder(n).index }

// TestSVRGConvergesWhereSGDStalls holds the point of the method: linear convergence with a constant step and small
// batches.
func TestSVRGConvergesWhereSGDStalls(t *testing.T) {
	obj := newSquares(vector.Float64, 60, 6)
	after := func(e Estimator) float64 {
		run := open(t, solver(t, SGD{}, Rate(schedules.Constant(0.03)), From(e)), obj, make([]float64, 7),
			must[Sampler](t)(WithReplacement(60, 2, 1)))
		next(t, run, 6000)
		g, _ := obj.meanGradient(values(run.Weights()), everything(60), 0)
		return norm(g)
	}
	if g := after(SVRG{Passes: 2}); !(g < 1e-12) {
		t.Errorf("SVRG: full gradient %v, want below 1e-12", g)
	}
	if g := after(MiniBatch{}); g < 1e-4 {
		t.Errorf("MiniBatch: full gradient %v, so that SVRG proves nothing", g)
	}
}

// TestWhoMovesStatistics holds that running statistics move once an iteration, and that a batch has the same draw at
// two points.
func TestWhoMovesStatistics(t *testing.T) {
	for _, e := range estimators {
		obj := newSquares(vector.Float64, 45, 6)
		obj.log = true
		run := open(t, solver(t, SGD{}, Rate(schedules.Constant(0.01)), e.from()), opaque{obj}, make([]float64, 7), must[Sampler](t)(Reshuffled(45, 7, 1)))
		for k := range 30 {
			obj.calls = nil
			next(t, run, 1)
			moved := 0
			var last batch.Batch
			for _, b := range obj.calls {
				if b.MoveStats {
					moved++
				}
				if slices.Equal(b.Index, last.Index) && b.Draw != last.Draw {
					t.Errorf("%s: iteration %d: draws %d and %d", e.name, k, last.Draw, b.Draw)
				}
				last = b
			}
			if moved != 1 {
				t.Errorf("%s: iteration %d moves statistics %d times", e.name, k, moved)
			}
		}
	}
}

// TestClock holds what the examples of an iteration do to the time, the last short batch included.
func TestClock(t *testing.T) {
	for _, c := range []struct {
		estimator Estimator
		want      schedules.Time
	}{
		{MiniBatch{}, schedules.Time{Step: 7, Seen: 45, N: 45}},
		{SVRG{Passes: 1}, schedules.Time{Step: 7, Seen: 45, N: 45}},
		{FullBatch{}, schedules.Time{Step: 7, Seen: 7 * 45, N: 45}},
	} {
		run := open(t, solver(t, SGD{}, Rate(schedules.Constant(0.01)), From(c.estimator)), newSquares(vector.Float64, 45, 6),
			make([]float64, 7), must[Sampler](t)(Reshuffled(45, 7, 1)))
		next(t, run, 7)
		if run.Time() != c.want {
			t.Errorf("%T: after 7 iterations %+v, want %+v", c.estimator, run.Time(), c.want)
		}
	}
}

// TestEstimatorMemory holds that the memory told beforehand is that of the vectors and tables.
func TestEstimatorMemory(t *testing.T) {
	obj := newSquares(vector.Float32, 45, 6)
	one := obj.NewVector().Bytes()
	for _, e := range estimators {
		want := e.vectors*one + e.bytes
		if got := e.estimator.Memory(e.hide(obj), 7); got != want {
			t.Errorf("%s: %d bytes, want %d", e.name, got, want)
		}
		s := solver(t, NAG{Momentum: 0.9}, Rate(schedules.Constant(0.1)), e.from())
		if got := s.Memory(e.hide(obj), 7); got != want+2*one {
			t.Errorf("NAG from %s: %d bytes, want %d", e.name, got, want+2*one)
		}
	}
}

// TestLinearObjective holds the contract's second half: the mean gradient is the outer product of residuals and rows.
func TestLinearObjective(t *testing.T) {
	var obj LinearObjective = newSquares(vector.Float64, 45, 6)
	w, g, outer := obj.NewVector(), obj.NewVector(), obj.NewVector()
	scatter64(w, start(obj))
	b := batch.Batch{Index: []int32{3, 9, 3, 40}}
	loss := must[float64](t)(obj.Gradient(w, g, b))
	r := make([]float64, len(b.Index)*obj.Outputs())
	if l := must[float64](t)(obj.Residuals(w, b, r)); math.Abs(l-loss) > 1e-14 {
		t.Errorf("loss %v, want %v", l, loss)
	}
	if err := obj.AddOuter(outer, b, r); err != nil {
		t.Fatal(err)
	}
	outer.Scale(1 / float64(len(b.Index)))
	if d := distance(values(outer), values(g)); !(d < 1e-14) {
		t.Errorf("gradients apart by %v", d)
	}
}
