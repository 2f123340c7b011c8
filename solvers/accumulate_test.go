package solvers

import (
	"fmt"
	"slices"
	"testing"

	"github.com/fallline/fallline/batch"
	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/vector"
)

// TestAccumulate holds that pieces of any size give the gradient and the loss of the whole batch, weighted by examples.
func TestAccumulate(t *testing.T) {
	obj := newSquares(vector.Float64, 45, 6)
	w, want, got := obj.NewVector(), obj.NewVector(), obj.NewVector()
	scatter64(w, start(obj))
	b := batch.Batch{Index: everything(17), Draw: 3, MoveStats: true}
	wantLoss := must[float64](t)(obj.Gradient(w, want, b))
	for _, limit := range []int{1, 4, 5, 16, 17, 18, 100} {
		acc := must[Objective](t)(Accumulate(obj, limit))
		loss := must[float64](t)(acc.Gradient(w, got, b))
		if d := max(distance(values(got), values(want)), distance([]float64{loss}, []float64{wantLoss})); !(d < 1e-14) {
			t.Errorf("pieces of %d: off by %v", limit, d)
		}
		if l := must[float64](t)(acc.Loss(w, b)); !(distance([]float64{l}, []float64{wantLoss}) < 1e-14) {
			t.Errorf("pieces of %d: loss %v, want %v", limit, l, wantLoss)
		}
	}
}

// TestAccumulateWatched holds what is told of the pieces, and which batches are told of.
func TestAccumulateWatched(t *testing.T) {
	obj := newSquares(vector.Float64, 45, 6)
	w, g := obj.NewVector(), obj.NewVector()
	scatter64(w, start(obj))
	var told []Pieces
	acc := must[Objective](t)(Accumulate(obj, 4, func(p Pieces) { told = append(told, p) }))
	for _, b := range []batch.Batch{
		{Index: everything(10), Draw: 3, MoveStats: true}, {Index: everything(10), Draw: 3}, {Index: everything(4), MoveStats: true},
	} {
		must[float64](t)(acc.Gradient(w, g, b))
		must[float64](t)(acc.Loss(w, b))
	}
	want := Pieces{Count: 3, Examples: 10}
	all := everything(10)
	for _, index := range [][]int32{all[:4], all[4:8], all[8:]} {
		x, _ := obj.meanGradient(start(obj), index, 3)
		want.Squares += float64(len(index)) * norm(x) * norm(x)
	}
	x, _ := obj.meanGradient(start(obj), all, 3)
	want.Square = norm(x) * norm(x)
	if len(told) != 1 || told[0].Count != 3 || told[0].Examples != 10 ||
		!(distance([]float64{told[0].Squares, told[0].Square}, []float64{want.Squares, want.Square}) < 1e-13) {
		t.Errorf("told %+v, want %+v alone", told, want)
	}
	_, err := Accumulate(obj, 4, nil)
	wantError(t, err, "solvers: a function to watch pieces is nil")
}

// TestPiecesAreAlike holds that no piece is much smaller than the others.
func TestPiecesAreAlike(t *testing.T) {
	obj := newSquares(vector.Float64, 45, 6)
	obj.log = true
	for _, c := range []struct {
		limit, batch int
		want         []int
	}{{16, 33, []int{11, 11, 11}}, {16, 32, []int{16, 16}}, {4, 10, []int{4, 4, 2}}, {44, 45, []int{23, 22}}, {45, 45, []int{45}}, {1, 3, []int{1, 1, 1}}} {
		obj.calls = nil
		acc := must[Objective](t)(Accumulate(obj, c.limit))
		must[float64](t)(acc.Gradient(obj.NewVector(), obj.NewVector(), batch.Batch{Index: everything(c.batch)}))
		var got []int
		for _, b := range obj.calls {
			got = append(got, len(b.Index))
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%d in pieces of at most %d: %v, want %v", c.batch, c.limit, got, c.want)
		}
	}
}

// random is an objective whose examples change with the draw.
type random struct{ Objective }

func (random) Random() bool { return true }

// TestAccumulateKeepsWhatTheObjectiveIs holds that pieces are random and linear where the objective is.
func TestAccumulateKeepsWhatTheObjectiveIs(t *testing.T) {
	obj := newSquares(vector.Float64, 45, 6)
	for _, c := range []struct {
		obj            Objective
		linear, random bool
	}{{obj, true, false}, {opaque{obj}, false, false}, {random{obj}, false, true}} {
		acc := must[Objective](t)(Accumulate(c.obj, 4))
		if _, linear := asLinear(acc); linear != c.linear || acc.(Random).Random() != c.random {
			t.Errorf("%T: linear %v, random %v", c.obj, linear, acc.(Random).Random())
		}
	}
}

func TestAccumulateMovesStatisticsOnce(t *testing.T) {
	obj := newSquares(vector.Float64, 45, 6)
	obj.log = true
	acc := must[Objective](t)(Accumulate(obj, 4))
	w, g := obj.NewVector(), obj.NewVector()
	for _, move := range []bool{true, false} {
		obj.calls = nil
		must[float64](t)(acc.Gradient(w, g, batch.Batch{Index: everything(10), Draw: 5, MoveStats: move}))
		if len(obj.calls) != 3 {
			t.Fatalf("%d pieces, want 3", len(obj.calls))
		}
		for i, b := range obj.calls {
			if b.MoveStats != (move && i == 0) || b.Draw != 5 {
				t.Errorf("piece %d of a batch that moves statistics (%v): %+v", i, move, b)
			}
		}
	}
}

// ahead is an Objective that reads ahead and checks the contract: a call of Gradient gets the batch announced last
// before the call before it.
type ahead struct {
	*squares
	t         *testing.T
	announced []batch.Batch // at most two: for this call, and for the one after it
	hits      int
}

func (o *ahead) Prefetch(b batch.Batch) {
	b.Index = append([]int32(nil), b.Index...)
	o.announced = append(o.announced, b)
}

func (o *ahead) Gradient(w, g *vector.Vector, b batch.Batch) (float64, error) {
	if len(o.announced) > 1 { // the first call has no announcement of its own
		if !sameBatch(o.announced[0], b) {
			o.t.Errorf("announced %v, asked for %v", o.announced[0], b)
		}
		o.announced = o.announced[1:]
		o.hits++
	}
	return o.squares.Gradient(w, g, b)
}

// TestPrefetch holds that every batch that is asked for, but the first, was announced before the call before it.
func TestPrefetch(t *testing.T) {
	for _, limit := range []int{0, 3, 7} {
		for _, e := range estimators {
			if _, stops := e.estimator.(SARAH); stops && e.name == "SARAH+" {
				continue // the gradient decides what comes next
			}
			t.Run(fmt.Sprintf("%s pieces of %d", e.name, limit), func(t *testing.T) {
				o := &ahead{squares: newSquares(vector.Float64, 45, 6), t: t}
				var obj Objective = struct { // not linear: residuals aren't announced
					Objective
					Prefetcher
				}{o, o}
				if limit > 0 {
					obj = must[Objective](t)(Accumulate(obj, limit))
				}
				run := open(t, solver(t, SGD{}, Rate(schedules.Constant(0.01)), e.from()), obj, make([]float64, 7),
					must[Sampler](t)(Reshuffled(45, 7, 1)))
				next(t, run, 30)
				if o.hits < 29 {
					t.Errorf("%d batches announced of 30 iterations", o.hits)
				}
			})
		}
	}
}
