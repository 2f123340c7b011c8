package solvers

import (
	"fmt"
	"strings"
	"testing"

	"github.com/fallline/fallline/batch"
	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/vector"
	"github.com/pkg/errors"
)

// wary is an objective that takes no small batch, and tells of it.
type wary struct {
	Objective
	least int
	seen  map[int32]int // how often each example came in batches that move statistics
}

func (o *wary) MinBatch() int { return o.least }

func (o *wary) look(b batch.Batch) error {
	if len(b.Index) < o.least {
		return errors.Errorf("a batch of %d", len(b.Index))
	}
	if b.MoveStats && o.seen != nil {
		for _, i := range b.Index {
			o.seen[i]++
		}
	}
	return nil
}

func (o *wary) Gradient(w, g *vector.Vector, b batch.Batch) (float64, error) {
	if err := o.look(b); err != nil {
		return 0, err
	}
	return o.Objective.Gradient(w, g, b)
}

func (o *wary) Loss(w *vector.Vector, b batch.Batch) (float64, error) {
	if err := o.look(b); err != nil {
		return 0, err
	}
	return o.Objective.Loss(w, b)
}

// TestNoBatchIsTooSmall goes through all estimators, sizes, samplers and pieces: whatever is left over joins another
// batch, and nobody evaluates a batch of fewer examples than the objective takes.
func TestNoBatchIsTooSmall(t *testing.T) {
	for _, e := range append(estimators, estimatorRow{name: "Katyusha", estimator: Katyusha{Passes: 2, Tau1: 0.4, Tau2: 0.5}}) {
		for n := 2; n <= 14; n++ {
			for batch := 2; batch <= min(n, 7); batch++ {
				for least := 2; least <= min(batch, 4); least++ {
					name := fmt.Sprintf("%s: %d by %d, at least %d", e.name, n, batch, least)
					if err := tryWary(t, e.estimator, n, batch, least); err != nil {
						t.Fatalf("%s: %v", name, err)
					}
				}
			}
		}
	}
}

func tryWary(t *testing.T, e Estimator, n, batch, least int) error {
	for _, make := range []func(int, int, uint64) (Sampler, error){Reshuffled, WithReplacement} {
		for _, limit := range []int{least, least + 1, n} {
			obj, err := Accumulate(&wary{Objective: newSquares(vector.Float64, n, 2), least: least}, limit)
			if err != nil {
				return err
			}
			run, err := solver(t, SGD{}, Rate(schedules.Constant(0.01)), From(e)).Open(obj, obj.NewVector(), must[Sampler](t)(make(n, batch, 3)))
			if err != nil {
				return err
			}
			for range 6 {
				if _, err := run.Next(); err != nil {
					return err
				}
			}
			if _, ok := run.source.(Previewer); ok {
				if _, err := (VarianceMeter{Batches: 3}).Measure(run); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// TestEveryExampleIsSeen holds that batches which are joined leave no example out, under a schedule of the batch too.
func TestEveryExampleIsSeen(t *testing.T) {
	for n := 2; n <= 40; n++ {
		for batch := 2; batch <= min(n, 11); batch++ {
			obj := &wary{Objective: newSquares(vector.Float64, n, 2), least: 2, seen: map[int32]int{}}
			sampler := must[Sampler](t)(Reshuffled(n, batch, 3))
			if n > 4 {
				grows := schedules.Step(2, 1.5, 3)
				if batch%2 == 0 {
					grows = schedules.Constant(float64(batch))
				}
				sampler = must[Sampler](t)(ScheduleBatch(sampler, schedules.Clamp(2, float64(n), grows)))
			}
			run := open(t, solver(t, SGD{}, Rate(schedules.Constant(0.01))), obj, make([]float64, 3), sampler)
			const epochs = 3
			for run.Time().Seen < epochs*int64(n) {
				next(t, run, 1)
			}
			if run.Time().Seen != epochs*int64(n) {
				t.Errorf("%d by %d: %d examples in %d epochs", n, batch, run.Time().Seen, epochs)
			}
			for i := range n {
				if obj.seen[int32(i)] != epochs {
					t.Errorf("%d by %d: example %d seen %d times in %d epochs", n, batch, i, obj.seen[int32(i)], epochs)
				}
			}
		}
	}
}

// TestPiecesAreLargeEnough holds that pieces are cut as they always were where none is too small, and else as even as
// can be.
func TestPiecesAreLargeEnough(t *testing.T) {
	for least := 1; least <= 5; least++ {
		for limit := least; limit <= 20; limit++ {
			for n := least; n <= 90; n++ {
				p := &pieces{limit: limit, least: least}
				var got, want []int
				for i := 0; i < n; {
					end := p.end(n, i)
					got = append(got, end-i)
					i = end
				}
				count := (n + limit - 1) / limit
				size := (n + count - 1) / count
				for i := 0; i < n; i += size {
					want = append(want, min(size, n-i))
				}
				if want[len(want)-1] >= least {
					if fmt.Sprint(got) != fmt.Sprint(want) {
						t.Errorf("%d by %d, at least %d: %v, want %v", n, limit, least, got, want)
					}
					continue
				}
				for _, k := range got {
					if k < least || k > max(limit, 2*least-1) {
						t.Errorf("%d by %d, at least %d: %v", n, limit, least, got)
					}
				}
			}
		}
	}
}

// TestTooSmallIsToldBeforehand holds what can't be joined.
func TestTooSmallIsToldBeforehand(t *testing.T) {
	obj := func(n int) Objective { return &wary{Objective: newSquares(vector.Float64, n, 2), least: 2} }
	for _, c := range []struct {
		want string
		do   func() error
	}{
		{"solvers: batches of 1, want 2 to 9: one example alone has no answer, as under batch norm", func() error {
			_, err := solver(t, SGD{}, Rate(schedules.Constant(1))).Open(obj(9), obj(9).NewVector(), must[Sampler](t)(Reshuffled(9, 1, 0)))
			return err
		}},
		{"solvers: objective of 1 examples, which takes batches of at least 2", func() error {
			_, err := solver(t, SGD{}, Rate(schedules.Constant(1))).Open(obj(1), obj(1).NewVector(), must[Sampler](t)(Reshuffled(1, 1, 0)))
			return err
		}},
		{"solvers: pieces of 1 examples, want at least 2", func() error {
			_, err := Accumulate(obj(9), 1)
			return err
		}},
		{"solvers: smoothness of single examples of an objective that takes batches of at least 2", func() error {
			_, _, err := Smoothness(obj(9), obj(9).NewVector(), Probe{Iterations: 1, Examples: 1})
			return err
		}},
		{"solvers: batch 1 at iteration 2 (step(2,0.5,2)), want at least 2", func() error {
			sampler := must[Sampler](t)(ScheduleBatch(must[Sampler](t)(Reshuffled(9, 2, 0)), schedules.Step(2, 0.5, 2)))
			run, err := solver(t, SGD{}, Rate(schedules.Constant(0.01))).Open(obj(9), obj(9).NewVector(), sampler)
			for range 3 {
				if err == nil {
					_, err = run.Next()
				}
			}
			return err
		}},
	} {
		if err := c.do(); err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("error %v, want %s", err, c.want)
		}
	}
}

// TestAPlanIsWhatComes holds that a run does what its plan said beforehand.
func TestAPlanIsWhatComes(t *testing.T) {
	grows := schedules.Clamp(1, 40, schedules.Step(3, 1.5, 5))
	for _, e := range append(estimators, estimatorRow{name: "Katyusha", estimator: Katyusha{Passes: 2, Tau1: 0.4, Tau2: 0.5}}) {
		for _, n := range []int{42, 45} {
			for what, make := range map[string]func() (Sampler, error){
				"reshuffled":  func() (Sampler, error) { return Reshuffled(n, 7, 3) },
				"cyclic":      func() (Sampler, error) { return Cyclic(n, 7) },
				"replacement": func() (Sampler, error) { return WithReplacement(n, 7, 3) },
				"scheduled":   func() (Sampler, error) { return ScheduleBatch(must[Sampler](t)(Reshuffled(n, 7, 3)), grows) },
			} {
				if _, any := e.estimator.(AnyBatch); what == "scheduled" && !any {
					continue
				}
				run := open(t, solver(t, SGD{}, Rate(schedules.Constant(0.001)), From(e.estimator)), e.hide(newSquares(vector.Float64, n, 2)), []float64{1, 2, 3},
					must[Sampler](t)(make()))
				plan, ok := run.Plan()
				if want := e.name != "SARAH+" && !(e.blocks && n == 45); ok != want {
					t.Errorf("%s, %s of %d: planned %v", e.name, what, n, ok)
				}
				for i := 0; ok && i < 60; i++ {
					seen, drawn, err := plan.Next(run.Time())
					info, failed := run.Next()
					if err != nil || failed != nil || seen != info.Examples || drawn != 0 && drawn != seen {
						t.Fatalf("%s, %s of %d, iteration %d: %d examples of %d drawn, did %d: %v, %v", e.name, what, n, i, seen, drawn, info.Examples, err, failed)
					}
				}
			}
		}
	}
}
