package solvers

import (
	"math"
	"slices"
	"testing"

	"github.com/fallline/fallline/schedules"
	"gorgonia.org/tensor"
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

// naive is an estimator written out: the gradient at iteration k for the batch b, at w.
type naive func(k int, b Batch, w []float64) []float64

// TestEstimatorsEqualNaiveLoops compares each estimator with a loop from its formula, given the same batches, over 200 steps.
func TestEstimatorsEqualNaiveLoops(t *testing.T) {
	const n, batch, rate = 45, 7, 0.02
	obj := newSquares(tensor.Float64, n, 6)
	obj.jitter = 0.3
	all := everything(n)
	var anchor, mean []float64
	svrg := func(m int) naive {
		return func(k int, b Batch, w []float64) []float64 {
			period := uint64(k / m)
			if k%m == 0 {
				anchor = slices.Clone(w)
				mean, _ = obj.meanGradient(anchor, all, period)
			}
			g, _ := obj.meanGradient(w, b.Index, period)
			old, _ := obj.meanGradient(anchor, b.Index, period)
			for j := range g {
				g[j] += mean[j] - old[j]
			}
			return g
		}
	}
	for _, c := range []struct {
		name      string
		estimator Estimator
		naive     naive
		gradients func(k int, b Batch) int64
	}{
		{"MiniBatch", MiniBatch{}, func(_ int, b Batch, w []float64) []float64 {
			g, _ := obj.meanGradient(w, b.Index, b.Draw)
			return g
		}, func(_ int, b Batch) int64 { return int64(len(b.Index)) }},
		{"FullBatch", FullBatch{}, func(k int, _ Batch, w []float64) []float64 {
			g, _ := obj.meanGradient(w, all, uint64(k))
			return g
		}, func(int, Batch) int64 { return n }},
		{"SVRG", SVRG{Passes: 2}, svrg(13), svrgGradients(13, n)}, // m = ceil(2*45/7)
		{"SVRG short", SVRG{Passes: 0.3}, svrg(2), svrgGradients(2, n)},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := []float64{1, -1, 1, -1, 1, -1, 0}
			run := open(t, solver(t, SGD{}, Rate(schedules.Constant(rate)), From(c.estimator)), obj, w,
				must[Sampler](t)(Reshuffled(n, batch, 8)))
			batches := must[Sampler](t)(Reshuffled(n, batch, 8))
			w = slices.Clone(w)
			for k := range 200 {
				b := batches.Next()
				g := c.naive(k, b, w)
				info := next(t, run, 1)
				if d := distance(values(run.Gradient()), g); !(d <= 1e-12) {
					t.Fatalf("step %d: gradient off by %v", k, d)
				}
				for j := range w {
					w[j] -= rate * g[j]
				}
				if d := distance(values(run.Weights()), w); !(d <= 1e-12) {
					t.Fatalf("step %d: weights off by %v", k, d)
				}
				if want := c.gradients(k, b); info.Gradients != want {
					t.Fatalf("step %d: %d component gradients, want %d", k, info.Gradients, want)
				}
			}
		})
	}
}

// svrgGradients counts what SVRG computes with periods of m iterations.
func svrgGradients(m, n int) func(int, Batch) int64 {
	return func(k int, b Batch) int64 {
		used := 2 * int64(len(b.Index))
		if k%m == 0 {
			used += int64(n)
		}
		return used
	}
}

// TestSVRGAtTheSnapshot holds that there the estimate is the full gradient, whatever the batch.
func TestSVRGAtTheSnapshot(t *testing.T) {
	for seed := range uint64(5) {
		obj := newSquares(tensor.Float64, 45, 6)
		w := []float64{1, -1, 1, -1, 1, -1, 0}
		run := open(t, solver(t, SGD{}, Rate(schedules.Constant(0.1)), From(SVRG{Passes: 1})), obj, w,
			must[Sampler](t)(WithReplacement(45, 2, seed)))
		next(t, run, 1)
		want, _ := obj.meanGradient(w, everything(45), 0)
		if d := distance(values(run.Gradient()), want); !(d <= 1e-14) {
			t.Errorf("seed %d: off by %v", seed, d)
		}
	}
}

// TestSVRGConvergesWhereSGDStalls holds the point of the method: linear convergence with a constant step and small batches.
func TestSVRGConvergesWhereSGDStalls(t *testing.T) {
	obj := newSquares(tensor.Float64, 60, 6)
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

// TestWhoMovesStatistics holds that running statistics move once an iteration, and draws stay in an SVRG period.
func TestWhoMovesStatistics(t *testing.T) {
	for _, e := range estimators {
		obj := newSquares(tensor.Float64, 45, 6)
		obj.log = true
		run := open(t, solver(t, SGD{}, Rate(schedules.Constant(0.01)), From(e.estimator)), obj, make([]float64, 7),
			must[Sampler](t)(Reshuffled(45, 7, 1)))
		for k := range 30 {
			obj.calls = nil
			next(t, run, 1)
			moved := 0
			for _, b := range obj.calls {
				if b.MoveStats {
					moved++
				}
				if b.Draw != obj.calls[0].Draw {
					t.Errorf("%s: iteration %d: draws %d and %d", e.name, k, b.Draw, obj.calls[0].Draw)
				}
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
		run := open(t, solver(t, SGD{}, Rate(schedules.Constant(0.01)), From(c.estimator)), newSquares(tensor.Float64, 45, 6),
			make([]float64, 7), must[Sampler](t)(Reshuffled(45, 7, 1)))
		next(t, run, 7)
		if run.Time() != c.want {
			t.Errorf("%T: after 7 iterations %+v, want %+v", c.estimator, run.Time(), c.want)
		}
	}
}

// TestEstimatorMemory holds that the memory told beforehand is that of the vectors.
func TestEstimatorMemory(t *testing.T) {
	obj := newSquares(tensor.Float32, 45, 6)
	one := obj.NewVector().Bytes()
	for _, c := range []struct {
		estimator Estimator
		want      int64
	}{{MiniBatch{}, 0}, {FullBatch{}, one}, {SVRG{Passes: 1}, 3 * one}} {
		if got := c.estimator.Memory(obj); got != c.want {
			t.Errorf("%T: %d bytes, want %d", c.estimator, got, c.want)
		}
		s := solver(t, NAG{Momentum: 0.9}, Rate(schedules.Constant(0.1)), From(c.estimator))
		if got, want := s.Memory(obj), c.want+2*one; got != want {
			t.Errorf("NAG from %T: %d bytes, want %d", c.estimator, got, want)
		}
	}
}

// TestLinearObjective holds the contract's second half: the mean gradient is the outer product of residuals and rows.
func TestLinearObjective(t *testing.T) {
	var obj LinearObjective = newSquares(tensor.Float64, 45, 6)
	w, g, outer := obj.NewVector(), obj.NewVector(), obj.NewVector()
	scatter64(w, start(obj))
	b := Batch{Index: []int32{3, 9, 3, 40}}
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
