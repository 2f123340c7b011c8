package train_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/fallline/fallline/checkpoint"
	"github.com/fallline/fallline/datasets"
	"github.com/fallline/fallline/nn"
	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/solvers"
	"github.com/fallline/fallline/train"
	"github.com/pkg/errors"
)

// iced is a network with batch norm and a layer that is frozen.
func iced(d datasets.Dataset, options ...nn.Option) *nn.Model {
	net := nn.Sequential(nn.Freeze(nn.Dense(16)), nn.BatchNorm(), nn.ReLU(), nn.Dense(d.Classes()))
	return must(nn.Build(net, d.Shape(), nn.SoftmaxCrossEntropy, options...))
}

// parameters are all numbers of a model that a file holds.
func parameters(m *nn.Model) (x []float64) {
	add := func(_ string, array any) {
		switch a := array.(type) {
		case []float32:
			for _, v := range a {
				x = append(x, float64(v))
			}
		case []float64:
			x = append(x, a...)
		}
	}
	for _, r := range m.Weights().Ranges {
		add(r.Name, m.Weights().Array(r))
	}
	m.Visit(add)
	return x
}

// TestLoadTakesATraining holds that a model which loads the checkpoint of a training is the one that Fit left, and is
// as good: weights, frozen weights and statistics, in either type of number, also where the result is an average; and
// that a training goes on from such a file as from any other.
func TestLoadTakesATraining(t *testing.T) {
	d, test := blobs(150), must(datasets.Blobs(40, 4, 3, 0.1, 5))
	ema := must(solvers.New(solvers.NAG{Momentum: 0.9}, solvers.Rate(schedules.Constant(0.1)), solvers.Average(solvers.EMA{Decay: 0.9})))
	for name, build := range map[string]func(...nn.Option) *nn.Model{
		"network": func(o ...nn.Option) *nn.Model { return network(d, o...) },
		"frozen":  func(o ...nn.Option) *nn.Model { return iced(d, append(o, nn.Seed(1))...) },
		"smooth":  func(...nn.Option) *nn.Model { return smooth(d) },
	} {
		for _, number := range [][]nn.Option{nil, {nn.Float64()}} {
			for _, solved := range []bool{false, true} {
				path := filepath.Join(t.TempDir(), "run")
				m := build(number...)
				options := func(m *nn.Model, more ...train.Option) []train.Option {
					if solved {
						more = append(more, train.Solution(m.Weights().Like()))
					}
					return append(more, train.Batch(16), train.Test(test), train.Save(path))
				}
				h := fit(m, d, ema, options(m, train.Epochs(3))...)
				loaded := build(number...)
				scramble(loaded)
				if err := loaded.Load(path); err != nil {
					t.Fatalf("%s: %v", name, err)
				}
				if !slices.Equal(parameters(loaded), parameters(m)) {
					t.Errorf("%s, solution: %v: another model is loaded than was left", name, solved)
				}
				if e := must(train.Evaluate(context.Background(), loaded, test)); e != h.Test().Evaluation {
					t.Errorf("%s, solution: %v: %+v after loading, %+v in the training", name, solved, e, h.Test())
				}

				whole, resumed := build(number...), build(number...)
				want := fit(whole, d, ema, options(whole, train.Epochs(5))...)
				fit(build(number...), d, ema, options(m, train.Epochs(3))...)
				got := fit(resumed, d, ema, options(resumed, train.Epochs(5), train.Resume(path))...)
				if !slices.Equal(parameters(resumed), parameters(whole)) || got.Test() != want.Test() {
					t.Errorf("%s, solution: %v: another training after a resume", name, solved)
				}
			}
		}
	}
}

// scramble makes all numbers of a model others.
func scramble(m *nn.Model) {
	m.Weights().Scale(-3)
	m.Visit(func(_ string, array any) {
		switch a := array.(type) {
		case []float32:
			for i := range a {
				a[i]++
			}
		case []float64:
			for i := range a {
				a[i]++
			}
		}
	})
}

// TestLoadFromTheMiddle holds what is loaded from a checkpoint that isn't the last: the weights; or the average, where
// its statistics are known because it was tested then, or where there are none; or else an error, until the training is
// resumed and ended.
func TestLoadFromTheMiddle(t *testing.T) {
	d := blobs(100)
	ema := must(solvers.New(solvers.NAG{Momentum: 0.9}, solvers.Rate(schedules.Constant(0.1)), solvers.Average(solvers.EMA{Decay: 0.9})))
	for _, c := range []struct {
		name     string
		build    func() *nn.Model
		solution bool
		test     train.Option
		bad      bool
	}{
		{"weights", func() *nn.Model { return network(d) }, false, train.Test(d), false},
		{"average, tested", func() *nn.Model { return network(d) }, true, train.Test(d, train.EveryIterations(7)), false},
		{"average, untested", func() *nn.Model { return network(d) }, true, train.Test(d, train.EveryIterations(8)), true},
		{"average without statistics", func() *nn.Model { return smooth(d) }, true, train.Test(d, train.EveryIterations(8)), false},
	} {
		path := filepath.Join(t.TempDir(), "run")
		m := c.build()
		mean := m.Weights().Like()
		options := []train.Option{train.Batch(10), train.Iterations(20), c.test, train.Save(path, train.EveryIterations(7))}
		if c.solution {
			options = append(options, train.Solution(mean))
		}
		ctx, cancel := context.WithCancel(context.Background())
		var want []float64
		_, err := train.Fit(ctx, m, d, ema, append(options, train.OnIteration(func(it train.Iteration) error {
			if it.Number != 7 {
				return nil
			}
			cancel()
			result := c.build()
			result.Weights().Copy(m.Weights())
			if c.solution {
				if err := it.Run.Solution(result.Weights()); err != nil {
					return err
				}
			}
			want = parameters(result)[:result.Parameters()]
			return nil
		}))...)
		if !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		loaded := c.build()
		before := parameters(loaded)
		err = loaded.Load(path)
		if !c.bad {
			if got := parameters(loaded)[:loaded.Parameters()]; err != nil || !slices.Equal(got, want) {
				t.Errorf("%s: other weights, %v", c.name, err)
			}
		} else if err == nil || !strings.HasPrefix(err.Error(), "nn: load "+path+": it is of a training whose result is an average (train.Solution), saved before") {
			t.Errorf("%s: %v", c.name, err)
		} else if !slices.Equal(parameters(loaded), before) {
			t.Errorf("%s: a refused file has changed the model", c.name)
		}
		if c.test != nil && c.name == "average, tested" {
			file := must(checkpoint.Load(path))
			a, ok := file.Find("train/tests")
			e := must(train.Evaluate(context.Background(), loaded, d))
			if !ok || e.Loss != a.Data.([]float64)[2] {
				t.Errorf("%s: loss %v, tested %v", c.name, e.Loss, a.Data)
			}
		}
		// Ended, the file has the result; and so it has where there was nothing left to do but to work it out.
		for range 2 {
			m = c.build()
			again := append(slices.Clone(options), train.Resume(path))
			if c.solution {
				again[len(options)-1] = train.Solution(m.Weights().Like())
			}
			must(train.Fit(context.Background(), m, d, ema, again...))
			if err := loaded.Load(path); err != nil || !slices.Equal(parameters(loaded), parameters(m)) {
				t.Errorf("%s: resumed and ended: another model, %v", c.name, err)
			}
		}
	}
}

// TestResultIsWorkedOutLater holds that a training which is over, but was cancelled while the statistics of its average
// were being worked out, has its result in the file once it is resumed; and that one which is resumed with or without
// Solution has that result.
func TestResultIsWorkedOutLater(t *testing.T) {
	d := blobs(100)
	ema := must(solvers.New(solvers.NAG{Momentum: 0.9}, solvers.Rate(schedules.Constant(0.1)), solvers.Average(solvers.EMA{Decay: 0.9})))
	path := filepath.Join(t.TempDir(), "run")
	options := []train.Option{train.Batch(10), train.Epochs(2), train.Save(path)}
	ctx, cancel := context.WithCancel(context.Background())
	m := network(d)
	_, err := train.Fit(ctx, m, d, ema, append(options, train.Solution(m.Weights().Like()), train.OnEpoch(func(e train.Epoch) error {
		if e.Number == 2 {
			cancel()
		}
		return nil
	}))...)
	if !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	loaded := network(d)
	if err := loaded.Load(path); err == nil {
		t.Error("a result that wasn't worked out is loaded")
	}
	for i, solved := range []bool{true, false, true, true} {
		m = network(d)
		more := append(slices.Clone(options), train.Resume(path))
		if solved {
			more = append(more, train.Solution(m.Weights().Like()))
		}
		before := must(os.ReadFile(path))
		must(train.Fit(context.Background(), m, d, ema, more...))
		if err := loaded.Load(path); err != nil || !slices.Equal(parameters(loaded), parameters(m)) {
			t.Errorf("resume %d, solution: %v: another model than Fit left, %v", i, solved, err)
		}
		if same := slices.Equal(must(os.ReadFile(path)), before); same != (i == 3) {
			t.Errorf("resume %d: the file is the same: %v", i, same)
		}
	}
}

// TestLoadRefusesTrainings holds the errors for checkpoints of other models and of other formats.
func TestLoadRefusesTrainings(t *testing.T) {
	d := blobs(60)
	path := filepath.Join(t.TempDir(), "run")
	m := network(d)
	ema := must(solvers.New(solvers.SGD{}, solvers.Rate(schedules.Constant(0.1)), solvers.Average(solvers.EMA{Decay: 0.9})))
	fit(m, d, ema, train.Save(path), train.Solution(m.Weights().Like()))
	file := must(checkpoint.Load(path))
	without := func(name string) []checkpoint.Array {
		return slices.DeleteFunc(slices.Clone(file.Arrays), func(a checkpoint.Array) bool { return a.Name == name })
	}
	for _, c := range []struct {
		arrays []checkpoint.Array
		format string
		model  *nn.Model
		want   string
	}{
		{file.Arrays, "fallline training 2", network(d), `the training's format is "fallline training 2", want "fallline training 1"`},
		{without("weights/dense1.weight"), file.Meta["format"], network(d), "the file lacks dense1.weight of shape 4x16: it is of another network"},
		{without("solution/weights/dense1.weight"), file.Meta["format"], network(d), "the file lacks solution/weights/dense1.weight"},
		{without("model/batchnorm1.running_mean"), file.Meta["format"], network(d), "the file lacks batchnorm1.running_mean of shape 16: it is of another network"},
		{file.Arrays, file.Meta["format"], smooth(d), "the file holds batchnorm1.scale, which the model lacks: it is of another network"},
		{file.Arrays, "another", network(d), "the file lacks dense1.weight of shape 4x16: it is of another network"},
	} {
		other := filepath.Join(t.TempDir(), "other")
		if err := checkpoint.Save(other, c.arrays, map[string]string{"format": c.format}); err != nil {
			t.Fatal(err)
		}
		before := parameters(c.model)
		if err := c.model.Load(other); err == nil || err.Error() != "nn: load "+other+": "+c.want {
			t.Errorf("%v, want %s", err, c.want)
		}
		if !slices.Equal(parameters(c.model), before) {
			t.Errorf("%s: the model has changed", c.want)
		}
	}
}
