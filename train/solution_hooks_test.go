package train_test

import (
	"context"
	"fmt"
	"math"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"github.com/fallline/fallline/batch"
	"github.com/fallline/fallline/checkpoint"
	"github.com/fallline/fallline/datasets"
	"github.com/fallline/fallline/nn"
	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/solvers"
	"github.com/fallline/fallline/train"
	"github.com/fallline/fallline/vector"
	"github.com/pkg/errors"
)

// normed has three batch norms and dropout.
func normed(d datasets.Dataset) *nn.Model {
	net := nn.Sequential(nn.Dense(16), nn.BatchNorm(), nn.ReLU(), nn.Dense(16), nn.BatchNorm(), nn.ReLU(), nn.Dropout(0.1),
		nn.Dense(8), nn.BatchNorm(nn.NoScale()), nn.ReLU(), nn.Dense(d.Classes()))
	return must(nn.Build(net, d.Shape(), nn.SoftmaxCrossEntropy, nn.Seed(1)))
}

// averagings are solvers whose solution is something else than the weights, and one whose is not.
var averagings = map[string]func() *solvers.Solver{
	"sgd":            averaging(solvers.SGD{}),
	"nag":            averaging(solvers.NAG{Momentum: 0.9}),
	"ema":            averaging(solvers.Momentum{Momentum: 0.9}, solvers.Average(solvers.EMA{Decay: 0.97})),
	"polyak-ruppert": averaging(solvers.SGD{}, solvers.Average(solvers.PolyakRuppert{})),
	"lookahead":      averaging(solvers.NAG{Momentum: 0.9}, solvers.Lookahead(5, 0.5)),
	"adam, averaged": averaging(solvers.DefaultAdam, solvers.Average(solvers.EMA{Decay: 0.9})),
}

func averaging(rule solvers.Rule, options ...solvers.Option) func() *solvers.Solver {
	options = append(options, solvers.Rate(schedules.Constant(0.1)))
	return func() *solvers.Solver { return must(solvers.New(rule, options...)) }
}

// numbers are all of a model: its weights, its frozen weights, its statistics.
func numbers(m *nn.Model) (all []float64) {
	for i := range m.Weights().Len() {
		all = append(all, m.Weights().At(i))
	}
	m.Visit(func(_ string, array any) { all = append(all, array.([]float64)...) })
	return all
}

// TestAverageHasStatisticsOfItsOwn holds that an average far from the weights is tested as it is in use. With the
// statistics of the weights it is worse; of EMA's and Polyak and Ruppert's guesses a third is right then, for three
// classes.
func TestAverageHasStatisticsOfItsOwn(t *testing.T) {
	d := must(datasets.Blobs(600, 4, 3, 0.1, 4))
	for name, options := range map[string][]solvers.Option{
		"ema":            {solvers.Average(solvers.EMA{Decay: 0.995})},
		"polyak-ruppert": {solvers.Average(solvers.PolyakRuppert{})},
		"lookahead":      {solvers.Lookahead(50, 0.5)},
	} {
		options = append(options, solvers.Rate(schedules.Constant(1)))
		s := must(solvers.New(solvers.Momentum{Momentum: 0.9}, options...))
		m := normed(d)
		mean := m.Weights().Like()
		var own train.Evaluation
		look := train.OnIteration(func(it train.Iteration) error {
			if it.Number != 115 {
				return nil
			}
			other := m.Weights().Clone()
			err := it.Run.Solution(m.Weights())
			own = must(train.Evaluate(context.Background(), m, d))
			m.Weights().Copy(other)
			return err
		})
		h := fit(m, d, s, train.Iterations(115), train.Batch(50), train.Test(d), train.Solution(mean), look)
		got := h.Test()
		if got.Accuracy() < 0.95 || !(got.Loss < own.Loss) || name != "lookahead" && own.Accuracy() > 0.5 {
			t.Errorf("%s: accuracy %v and loss %v; with the weights' statistics %v and %v", name, got.Accuracy(), got.Loss, own.Accuracy(), own.Loss)
		}
	}
}

// restoring are the things that hooks do before they stop.
var restoring = map[string]func(m *nn.Model) []train.Option{
	"nothing": func(*nn.Model) []train.Option { return nil },
	"stops": func(*nn.Model) []train.Option {
		return []train.Option{train.OnIteration(func(it train.Iteration) error { return stopAt(it.Number == 17) })}
	},
	"stops at a test": func(*nn.Model) []train.Option {
		return []train.Option{train.OnEpoch(func(e train.Epoch) error { return stopAt(e.Number == 2) })}
	},
	"puts earlier weights back and stops": func(m *nn.Model) []train.Option { return best(m, 17, train.Stop) },
	"puts earlier weights back and stops at a test": func(m *nn.Model) []train.Option {
		return best(m, 20, train.Stop)
	},
	"puts earlier weights back at the end": func(m *nn.Model) []train.Option { return best(m, 30, nil) },
	"puts earlier weights back on the way": func(m *nn.Model) []train.Option { return best(m, 20, nil) },
	"writes one number and stops": func(m *nn.Model) []train.Option {
		return []train.Option{train.OnIteration(func(it train.Iteration) error {
			if it.Number == 20 {
				m.Weights().F32[1] += 3
			}
			return stopAt(it.Number == 20)
		})}
	},
	"loads a saved model and stops": func(m *nn.Model) []train.Option {
		var kept []float64
		return []train.Option{train.OnIteration(func(it train.Iteration) error {
			switch it.Number {
			case 8:
				kept = numbers(m)
			case 20:
				for k := range m.Weights().Len() {
					m.Weights().Set(k, kept[k])
				}
				i := m.Weights().Len()
				m.Visit(func(_ string, a any) { i += copy(a.([]float64), kept[i:]) })
			}
			return stopAt(it.Number == 20)
		})}
	},
	"clips, and another stops": func(m *nn.Model) []train.Option {
		return []train.Option{train.OnIteration(func(train.Iteration) error {
			for i, x := range m.Weights().F32 {
				m.Weights().F32[i] = max(-0.5, min(0.5, x))
			}
			return nil
		}), train.OnIteration(func(it train.Iteration) error { return stopAt(it.Number == 20) })}
	},
}

func stopAt(here bool) error {
	if here {
		return train.Stop
	}
	return nil
}

// best keeps the weights of iteration 8 and puts them back after another one.
func best(m *nn.Model, at int64, end error) []train.Option {
	kept := m.Weights().Like()
	return []train.Option{train.OnIteration(func(it train.Iteration) error {
		switch it.Number {
		case 8:
			kept.Copy(m.Weights())
		case at:
			m.Weights().Copy(kept)
			return end
		}
		return nil
	})}
}

// TestHistoryIsOfTheModel holds for every averaging, with and without Solution, on models with and without statistics,
// and whatever hooks do to the weights, that what Fit reports is measured on what it returns, and that the checkpoint
// gives the same model.
func TestHistoryIsOfTheModel(t *testing.T) {
	test, d, err := datasets.Split(blobs(160), 60, 1) // 10 iterations an epoch
	if err != nil {
		t.Fatal(err)
	}
	models := map[string]func(datasets.Dataset) *nn.Model{
		"plain": func(d datasets.Dataset) *nn.Model {
			return must(nn.Build(nn.Dense(3), d.Shape(), nn.SoftmaxCrossEntropy))
		},
		"batch norms": normed,
	}
	for kind, solver := range averagings {
		for net, build := range models {
			for what, hooks := range restoring {
				for _, solution := range []bool{false, true} {
					name := fmt.Sprintf("%s, %s, %s, solution %v", kind, net, what, solution)
					path := filepath.Join(t.TempDir(), "run")
					options := func(m *nn.Model, more ...train.Option) []train.Option {
						if solution {
							more = append(more, train.Solution(m.Weights().Like()))
						}
						return append(more, train.Batch(10), train.Test(test))
					}
					m := build(d)
					h := fit(m, d, solver(), options(m, append(hooks(m), train.Iterations(30), train.Save(path))...)...)
					if got := must(train.Evaluate(context.Background(), m, test)); got != h.Test().Evaluation || h.Test().Iteration != h.Iterations {
						t.Errorf("%s: the model is %+v, the history says %+v", name, got, h.Test())
					}
					if last := h.Epochs[len(h.Epochs)-1].Test; last == nil || *last != h.Test().Evaluation {
						t.Errorf("%s: the last epoch says %+v, the last test %+v", name, last, h.Test())
					}
					if !solution && !slices.Equal(saved(t, path, m), numbers(m)) {
						t.Errorf("%s: the checkpoint has other weights or statistics", name)
					}
					fresh := build(d)
					again := fit(fresh, d, solver(), options(fresh, train.Iterations(int(h.Iterations)), train.Resume(path))...)
					if !slices.Equal(numbers(fresh), numbers(m)) {
						t.Errorf("%s: the checkpoint gives another model", name)
					}
					if !reflect.DeepEqual(again.Tests, h.Tests) {
						t.Errorf("%s: the checkpoint's history says %+v, want %+v", name, again.Tests, h.Tests)
					}
				}
			}
		}
	}
}

// saved is all numbers of a model as a checkpoint has them.
func saved(t *testing.T, path string, m *nn.Model) []float64 {
	t.Helper()
	file := must(checkpoint.Load(path))
	w := m.Weights().Like()
	for _, r := range w.Ranges {
		a, _ := file.Find("weights/" + r.Name)
		copy(w.F32[r.Lo:r.Hi], a.Data.([]float32))
	}
	var all []float64
	for i := range w.Len() {
		all = append(all, w.At(i))
	}
	m.Visit(func(name string, _ any) {
		a, _ := file.Find("model/" + name)
		all = append(all, a.Data.([]float64)...)
	})
	return all
}

// TestAveragesResume holds that a training whose result is the solution can be split anywhere: weights, statistics and
// history are those of the whole one, and its tests leave no trace in either.
func TestAveragesResume(t *testing.T) {
	test, d, err := datasets.Split(blobs(160), 60, 1) // 10 iterations an epoch
	if err != nil {
		t.Fatal(err)
	}
	for kind, solver := range averagings {
		run := func(m *nn.Model, more ...train.Option) *train.History {
			return fit(m, d, solver(), append(more, train.Solution(m.Weights().Like()), train.Batch(10))...)
		}
		whole, untested := normed(d), normed(d)
		want := run(whole, train.Iterations(30), train.Test(test, train.EveryIterations(3)))
		run(untested, train.Iterations(30))
		if !slices.Equal(numbers(untested), numbers(whole)) {
			t.Errorf("%s: tests leave a trace", kind)
		}
		path := filepath.Join(t.TempDir(), "run")
		var got *train.History
		m := normed(d)
		for i, cut := range []int{6, 17, 20, 30} {
			options := []train.Option{train.Iterations(cut), train.Test(test, train.EveryIterations(3)), train.Save(path)}
			if i > 0 {
				options = append(options, train.Resume(path)) // into a model that has the solution and its statistics
			}
			got = run(m, options...)
		}
		if !slices.Equal(numbers(m), numbers(whole)) {
			t.Errorf("%s: a split training ends at another model", kind)
		}
		if a, b := got.Test(), want.Test(); a != b {
			t.Errorf("%s: %+v after a split, want %+v", kind, a, b)
		}
	}
}

// TestFailedIterationLeavesStatistics holds that after an error the statistics are those of the last whole iteration,
// as the weights are.
func TestFailedIterationLeavesStatistics(t *testing.T) {
	d := blobs(100)
	for name, solver := range map[string]*solvers.Solver{
		"clipped": averaging(solvers.SGD{}, solvers.ClipNorm(1))(),
		"plain":   averaging(solvers.SGD{})(),
		"pass":    averaging(solvers.SGD{}, solvers.From(solvers.FullBatch{}))(),
	} {
		m, want := normed(d), normed(d)
		fit(want, d, solver, train.Batch(10), train.Iterations(3))
		failing := &poisoned{Model: m, after: 3}
		options := []train.Option{train.Batch(10), train.Iterations(9), train.Seed(2)}
		_, err := train.Fit(context.Background(), failing, d, solver, options...)
		if err == nil || !slices.Equal(numbers(m), numbers(want)) {
			t.Errorf("%s: error %v; the model isn't that of the last whole iteration", name, err)
		}
	}
}

// poisoned is a model whose gradient is not a number after some steps.
type poisoned struct {
	*nn.Model
	after, steps int
}

func (p *poisoned) Gradient(w, g *vector.Vector, b batch.Batch) (float64, error) {
	loss, err := p.Model.Gradient(w, g, b)
	if b.MoveStats {
		if p.steps++; p.steps > p.after && g != nil {
			g.Set(0, math.NaN())
		}
	}
	return loss, err
}

// TestHookReplacesAndFails holds that a hook that puts in other weights and ends the training with an error, or its
// context, leaves no test of the weights before, and that a training that was cancelled so tests what it was left with
// when it goes on.
func TestHookReplacesAndFails(t *testing.T) {
	test, d, err := datasets.Split(blobs(160), 60, 1) // 10 iterations an epoch
	if err != nil {
		t.Fatal(err)
	}
	broken := errors.New("broken")
	for _, at := range []int64{17, 20} {
		for _, cancelling := range []bool{false, true} {
			name := fmt.Sprintf("after iteration %d, cancelling %v", at, cancelling)
			path := filepath.Join(t.TempDir(), "run")
			ctx, cancel := context.WithCancel(context.Background())
			m := normed(d)
			end := broken
			if cancelling {
				end = nil
			}
			options := append(best(m, at, end), train.OnIteration(func(it train.Iteration) error {
				if it.Number == at {
					cancel()
				}
				return nil
			}), train.Batch(10), train.Iterations(30), train.Test(test), train.Save(path), train.Seed(2))
			h, err := train.Fit(ctx, m, d, averagings["ema"](), options...)
			if err == nil || len(h.Epochs) != 2 || h.Epochs[1].Test != nil || h.Test().Iteration != 10 {
				t.Errorf("%s: %v, tests %+v, epochs %+v", name, err, h.Tests, h.Epochs)
			}
			if !cancelling {
				continue
			}
			again := normed(d)
			h = fit(again, d, averagings["ema"](), train.Iterations(int(at)), train.Batch(10), train.Test(test), train.Resume(path))
			if got := must(train.Evaluate(context.Background(), again, test)); got != h.Test().Evaluation || h.Test().Iteration != at {
				t.Errorf("%s: the model is %+v, the history says %+v", name, got, h.Test())
			}
			want := statistics(again)
			r := train.Recalibration{Examples: 8192, Batch: 10, Seed: 2}
			if err := r.Run(context.Background(), again, d, m.Weights()); err != nil {
				t.Fatal(err)
			}
			if got := statistics(again); !reflect.DeepEqual(got, want) || !slices.Equal(m.Weights().F32, again.Weights().F32) {
				t.Errorf("%s: the resumed model has other weights or statistics of others", name)
			}
		}
	}
}
