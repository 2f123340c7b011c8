package train_test

import (
	"context"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/fallline/fallline/batch"
	"github.com/fallline/fallline/datasets"
	"github.com/fallline/fallline/nn"
	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/solvers"
	"github.com/fallline/fallline/train"
	"github.com/fallline/fallline/train/instruments"
	"github.com/fallline/fallline/vector"
	"github.com/pkg/errors"
)

// tripwire is a model whose k-th call ends a context.
type tripwire struct {
	*nn.Model
	calls, at int
	end       func()
}

func (m *tripwire) call() {
	if m.calls++; m.calls == m.at {
		m.end()
	}
}

func (m *tripwire) Gradient(w, g *vector.Vector, b batch.Batch) (float64, error) {
	m.call()
	return m.Model.Gradient(w, g, b)
}

func (m *tripwire) Evaluate(w *vector.Vector, b batch.Batch) (float64, int, error) {
	m.call()
	return m.Model.Evaluate(w, b)
}

// estimators are all of package solvers, with those whose iterations have a part that not all have.
var cancelled = map[string]func() []solvers.Option{
	"MiniBatch":   func() []solvers.Option { return nil },
	"FullBatch":   from(solvers.FullBatch{}),
	"SVRG":        from(solvers.SVRG{Passes: 0.8}),
	"LSVRG":       from(solvers.LSVRG{P: 0.4}),
	"AlphaSVRG":   from(solvers.AlphaSVRG{Passes: 0.8, Optimal: 0.9}),
	"SARAH":       from(solvers.SARAH{Passes: 0.8}),
	"PAGE":        from(solvers.PAGE{P: 0.4}),
	"STORM":       from(solvers.STORM{K: 0.1, W: 1, C: 1}),
	"SAGA":        from(solvers.SAGA{Fill: true}),
	"SAG":         from(solvers.SAG{}),
	"Katyusha":    from(solvers.Katyusha{Passes: 0.8, Tau1: 0.4, Tau2: 0.5}),
	"line search": func() []solvers.Option { return []solvers.Option{solvers.ChooseRate(solvers.DefaultArmijo)} },
}

func from(e solvers.Estimator) func() []solvers.Option {
	return func() []solvers.Option { return []solvers.Option{solvers.From(e)} }
}

// TestCancelledAnywhere ends the context at each call of the model, in passes over all examples, pieces of batches,
// line searches and evaluations: the weights and running statistics are then those of a whole iteration, the next call
// is the last one, and a training that is resumed ends as the whole one does, with its history.
func TestCancelledAnywhere(t *testing.T) {
	data, test := must(datasets.Blobs(1100, 4, 3, 0.3, 1)), must(datasets.Blobs(600, 4, 3, 0.3, 2))
	for name, more := range cancelled {
		// run trains up to where the context ends, and returns what the training is then.
		run := func(ctx context.Context, at int, end func(), options ...train.Option) (*tripwire, *train.History, error) {
			net := nn.Sequential(nn.Dense(8), nn.BatchNorm(), nn.ReLU(), nn.Dropout(0.2), nn.Dense(3))
			m := &tripwire{Model: must(nn.Build(net, data.Shape(), nn.SoftmaxCrossEntropy, nn.Seed(1))), at: at, end: end}
			if name == "SAGA" || name == "SAG" { // whose tables don't go with masks that change
				m.Model = must(nn.Build(nn.Sequential(nn.Dense(8), nn.BatchNorm(), nn.Dense(3)), data.Shape(), nn.SoftmaxCrossEntropy, nn.Seed(1)))
			}
			plateau := &schedules.Plateau{Of: schedules.Constant(0.05), Factor: 0.5, Patience: 1}
			settings, o := append(more(), solvers.Rate(plateau)), train.Observe(train.TestLoss)
			if name == "line search" {
				settings, o = more(), train.Seed(3)
			}
			s := must(solvers.New(solvers.SGD{}, settings...))
			h, err := train.Fit(ctx, m, data, s, append(options, o, train.Epochs(2), train.Batch(400), train.MicroBatch(300), train.Test(test))...)
			return m, h, err
		}
		whole, want, err := run(context.Background(), 0, nil)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for at := 1; at <= whole.calls; at += 1 + at/9 {
			path := filepath.Join(t.TempDir(), "run")
			ctx, cancel := context.WithCancel(context.Background())
			m, h, err := run(ctx, at, cancel, train.Save(path))
			last := at == whole.calls
			if !last && (!errors.Is(err, context.Canceled) || h == nil || m.calls != at) {
				t.Errorf("%s: ended at call %d, returned after %d: %v", name, at, m.calls, err)
			}
			m, h, err = run(context.Background(), 0, nil, train.Save(path), train.Resume(path))
			if err != nil {
				t.Errorf("%s, call %d: %v", name, at, err)
				continue
			}
			if !slices.Equal(m.Weights().F32, whole.Weights().F32) || !reflect.DeepEqual(state(m), state(whole)) {
				t.Errorf("%s: ended at call %d of %d and resumed: other weights or statistics", name, at, whole.calls)
			}
			if got, want := timeless(h), timeless(want); !reflect.DeepEqual(got, want) {
				t.Errorf("%s: ended at call %d of %d and resumed: history %+v, want %+v", name, at, whole.calls, got, want)
			}
		}
	}
}

// state is a copy of a model's statistics.
func state(m train.Stateful) (all [][]float64) {
	m.Visit(func(_ string, array any) { all = append(all, slices.Clone(array.([]float64))) })
	return all
}

// timeless is a history without its times.
func timeless(h *train.History) train.History {
	c := *h
	c.Seconds, c.Epochs = 0, slices.Clone(h.Epochs)
	for i := range c.Epochs {
		c.Epochs[i].Seconds = 0
	}
	return c
}

// slow is a dataset that takes its time: a pass over it takes 2 s.
type slow struct{ *datasets.Examples }

func (d slow) Read(b *batch.Batch, index []int32, draw uint64) error {
	time.Sleep(100 * time.Millisecond * time.Duration(len(index)) / 256)
	return d.Examples.Read(b, index, draw)
}

// A context that ends in a pass over all the data ends Fit within a batch or so, whoever makes the pass.
func TestCancelledInASlowPass(t *testing.T) {
	t.Parallel()
	data := slow{must(datasets.Blobs(256*20, 4, 3, 0.3, 1))}
	for name, f := range map[string]func(context.Context, *nn.Model) error{
		"SVRG":      fitSlowly(data, solvers.SVRG{Passes: 2}),
		"FullBatch": fitSlowly(data, solvers.FullBatch{}),
		"evaluation": func(ctx context.Context, m *nn.Model) error {
			_, err := train.Evaluate(ctx, m, data)
			return err
		},
		"smoothness": func(ctx context.Context, m *nn.Model) error {
			o := must(train.NewObjective(m, data))
			defer o.Close()
			_, _, err := solvers.Smoothness(o.WithContext(ctx), m.Weights(), solvers.Probe{Iterations: 2, Examples: 1})
			return err
		},
		"curvature": func(ctx context.Context, m *nn.Model) error {
			o := must(train.NewObjective(m, data))
			defer o.Close()
			_, err := instruments.DefaultCurvature.Measure(ctx, o, m.Weights())
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := must(nn.Build(nn.Dense(3), data.Shape(), nn.SoftmaxCrossEntropy))
			ctx, cancel := context.WithTimeout(context.Background(), 300*time.Millisecond)
			defer cancel()
			start := time.Now()
			err := f(ctx, m)
			if late := time.Since(start) - 300*time.Millisecond; late > 1200*time.Millisecond || !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("%v after the end of the context: %v", late, err)
			}
		})
	}
}

func fitSlowly(data datasets.Dataset, e solvers.Estimator) func(context.Context, *nn.Model) error {
	return func(ctx context.Context, m *nn.Model) error {
		s := must(solvers.New(solvers.SGD{}, solvers.Rate(schedules.Constant(0.1)), solvers.From(e)))
		_, err := train.Fit(ctx, m, data, s, train.Epochs(3), train.Batch(256))
		return err
	}
}

// A training that is ended before it has done anything leaves the checkpoint of another one as it was.
func TestCancelledBeforeAnything(t *testing.T) {
	data := must(datasets.Blobs(60, 4, 3, 0.3, 1))
	path := filepath.Join(t.TempDir(), "run")
	fit(network(data), data, sgdFrom(solvers.SVRG{Passes: 1}), train.Save(path), train.Epochs(2))
	before := must(os.ReadFile(path))
	for at := 0; at < 2; at++ {
		ctx, cancel := context.WithCancel(context.Background())
		if at == 0 {
			cancel()
		}
		m := &tripwire{Model: network(data), at: at, end: cancel}
		if _, err := train.Fit(ctx, m, data, sgdFrom(solvers.SVRG{Passes: 1}), train.Save(path)); !errors.Is(err, context.Canceled) {
			t.Errorf("error %v", err)
		}
		cancel()
		if !slices.Equal(must(os.ReadFile(path)), before) {
			t.Errorf("ended at call %d: another checkpoint", at)
		}
	}
}
