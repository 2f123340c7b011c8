package solvers

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/fallline/fallline/batch"
	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/vector"
)

// timeFunc is a schedule of a test's own.
type timeFunc func(schedules.Time) float64

func (f timeFunc) At(t schedules.Time) float64 { return f(t) }
func (f timeFunc) String() string              { return "timeFunc" }

// growing is 3 examples in the first epoch of 20, then 6, 12 and from then on 20.
var growing = timeFunc(func(t schedules.Time) float64 {
	return math.Min(20, 3*math.Pow(2, math.Floor(t.Epoch())))
})

// drawAll takes batches from a sampler for as long as the clock is before an example, as MiniBatch does, and peeks at
// each beforehand.
func drawAll(t *testing.T, s Sampler, from schedules.Time, until int64) (batches []batch.Batch, end schedules.Time) {
	t.Helper()
	for from.Seen < until {
		if err := s.(Timed).Begin(from); err != nil {
			t.Fatal(err)
		}
		b := s.Next()
		b.Index = slices.Clone(b.Index)
		from.Step++
		from.Seen += int64(len(b.Index))
		ahead := s.Peek()
		ahead.Index = slices.Clone(ahead.Index)
		batches = append(batches, b)
		if err := s.(Timed).Begin(from); err != nil {
			t.Fatal(err)
		}
		if next := s.Peek(); !sameBatch(ahead, next) {
			t.Errorf("peeked at %v, and %v comes", ahead, next)
		}
	}
	return batches, from
}

// TestScheduledBatches holds the sizes, that the order is that of the sampler beneath, that peeks tell what comes, and
// that a run that goes on from anywhere draws the same.
func TestScheduledBatches(t *testing.T) {
	want := map[string][]int{
		"reshuffled":       {3, 3, 3, 3, 3, 3, 2, 6, 6, 6, 2, 12, 8, 20, 20},
		"cyclic":           {3, 3, 3, 3, 3, 3, 2, 6, 6, 6, 2, 12, 8, 20, 20},
		"with replacement": {3, 3, 3, 3, 3, 3, 3, 6, 6, 6, 6, 12, 12, 20, 20},
	}
	ones := samplers(t, 20, 1, 3)
	for name, plain := range samplers(t, 20, 7, 3) {
		s := must[Sampler](t)(ScheduleBatch(plain, growing))
		if s.Batch() != 3 || s.Len() != 20 {
			t.Errorf("%s: %d of %d at the beginning", name, s.Batch(), s.Len())
		}
		batches, _ := drawAll(t, s, schedules.Time{N: 20}, 100)
		var sizes []int
		for _, b := range batches {
			sizes = append(sizes, len(b.Index))
		}
		if !slices.Equal(sizes, want[name]) {
			t.Errorf("%s: sizes %v, want %v", name, sizes, want[name])
		}
		if name != "with replacement" {
			var order, one []int32
			for _, b := range batches {
				order = append(order, b.Index...)
			}
			for range order {
				one = append(one, ones[name].Next().Index...)
			}
			if !slices.Equal(order, one) {
				t.Errorf("%s: the order %v isn't that of single examples, %v", name, order, one)
			}
		}
		for cut := range batches {
			first := must[Sampler](t)(ScheduleBatch(samplers(t, 20, 7, 3)[name], growing))
			at := schedules.Time{N: 20}
			for range cut {
				_, at = drawAll(t, first, at, at.Seen+1)
			}
			second := must[Sampler](t)(ScheduleBatch(samplers(t, 20, 2, 3)[name], growing))
			restore(t, second, save(first))
			rest, _ := drawAll(t, second, at, 100)
			if !slices.EqualFunc(rest, batches[cut:], sameBatch) {
				t.Errorf("%s: going on after %d batches draws %v, want %v", name, cut, rest, batches[cut:])
			}
		}
	}
}

// TestScheduledBatchRuns holds that a run with a scheduled batch sees the sampler's batches, announces each beforehand,
// and goes on after an interruption bit for bit; and which estimators refuse.
func TestScheduledBatchRuns(t *testing.T) {
	size := timeFunc(func(t schedules.Time) float64 { return min(45, 4*math.Pow(1.5, math.Floor(2*t.Epoch())/2)) })
	for _, e := range estimators {
		for _, dt := range dtypes {
			obj := newSquares(dt, 45, 6)
			obj.log = true
			s := solver(t, NAG{Momentum: 0.9}, Rate(schedules.Constant(0.01)), e.from())
			sampler := func() Sampler {
				return must[Sampler](t)(ScheduleBatch(must[Sampler](t)(Reshuffled(45, 7, 5)), size))
			}
			if _, ok := e.estimator.(AnyBatch); !ok {
				_, err := s.Open(e.hide(obj), obj.NewVector(), sampler())
				wantError(t, err, fmt.Sprintf("solvers: %s wants batches of one size", typeName(e.estimator)))
				fixed := must[Sampler](t)(ScheduleBatch(must[Sampler](t)(Reshuffled(45, 7, 5)), schedules.Constant(7)))
				if _, err := s.Open(e.hide(obj), obj.NewVector(), fixed); err != nil {
					t.Errorf("%s: a constant batch: %v", e.name, err)
				}
				continue
			}
			run := open(t, s, opaque{obj}, make([]float64, 7), sampler())
			next(t, run, 23)
			if at := run.Time(); at.Seen <= 2*45 || at.Seen >= 23*20 {
				t.Fatalf("%s: %+v", e.name, at)
			}
			second := open(t, s, opaque{newSquares(dt, 45, 6)}, values(run.Weights()), sampler())
			restore(t, second, save(run))
			next(t, run, 17)
			next(t, second, 17)
			if run.Time() != second.Time() || !slices.Equal(values(run.Weights()), values(second.Weights())) {
				t.Errorf("%s: a run that was resumed is at %+v, want %+v, and off by %v", e.name, second.Time(), run.Time(),
					distance(values(run.Weights()), values(second.Weights())))
			}
		}
	}
}

// fixedSampler has batches of one size.
type fixedSampler struct{ Sampler }

func TestBadScheduledBatches(t *testing.T) {
	sampler := must[Sampler](t)(Reshuffled(45, 7, 5))
	for _, c := range []struct {
		sampler Sampler
		size    schedules.Schedule
		want    string
	}{
		{nil, growing, "solvers: no sampler (nil) to schedule the batch of"},
		{fixedSampler{sampler}, growing, "solvers: batches of fixedSampler have one size: it is no Resizer"},
		{sampler, nil, "solvers: batch: schedules: no schedule (nil)"},
		{sampler, schedules.Constant(math.NaN()), "solvers: batch: schedules: constant: value NaN"},
		{sampler, schedules.Constant(0.4), "solvers: batch 0.4 outside [1, 45] at iteration 0 (constant(0.4))"},
		{sampler, schedules.Constant(45.5), "solvers: batch 45.5 outside [1, 45] at iteration 0"},
		{sampler, schedules.Step(50, 2, 3), "solvers: batch 50 outside [1, 45] at iteration 0 (step(50,2,3))"},
	} {
		_, err := ScheduleBatch(c.sampler, c.size)
		wantError(t, err, c.want)
	}
	for _, legal := range []float64{0.5, 45.4} {
		if _, err := ScheduleBatch(sampler, schedules.Constant(legal)); err != nil {
			t.Error(err)
		}
	}
	obj := newSquares(vector.Float64, 45, 6)
	run := open(t, solver(t, SGD{}, Rate(schedules.Constant(0.01))), obj, make([]float64, 7),
		must[Sampler](t)(ScheduleBatch(sampler, schedules.Step(20, 2, 3))))
	next(t, run, 6)
	before := values(run.Weights())
	_, err := run.Next()
	wantError(t, err, "solvers: batch 80 outside [1, 45] at iteration 6 (step(20,2,3))")
	if !slices.Equal(before, values(run.Weights())) || run.Time().Step != 6 {
		t.Error("an illegal batch has changed the run")
	}
}

// TestScheduledBatchesAllocateNothing holds it for sizes that were there before.
func TestScheduledBatchesAllocateNothing(t *testing.T) {
	wave := timeFunc(func(t schedules.Time) float64 { return float64(8 + 8*(t.Step%2)) })
	for name, plain := range samplers(t, 100, 16, 1) {
		s := must[Sampler](t)(ScheduleBatch(plain, wave))
		at := schedules.Time{N: 100}
		step := func() {
			if err := s.(Timed).Begin(at); err != nil {
				t.Fatal(err)
			}
			at.Step, at.Seen = at.Step+1, at.Seen+int64(len(s.Next().Index))
			s.Peek()
		}
		for range 6 {
			step()
		}
		if n := testing.AllocsPerRun(100, step); n != 0 {
			t.Errorf("%s: %v allocations a batch, want 0", name, n)
		}
	}
}
