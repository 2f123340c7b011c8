package progress

import (
	"bytes"
	"context"
	"io"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fallline/fallline/batch"
	"github.com/fallline/fallline/datasets"
	"github.com/fallline/fallline/nn"
	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/solvers"
	"github.com/fallline/fallline/train"
	"github.com/fallline/fallline/vector"
)

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// timedModel is a linear model that takes a time which is known: it sleeps, in a bubble of synctest.
type timedModel struct{ *nn.Model }

func newTimedModel(d datasets.Dataset) timedModel {
	loss, outputs := nn.SoftmaxCrossEntropy, d.Classes()
	if outputs == 0 {
		loss, outputs = nn.MeanSquaredError, 1
	}
	return timedModel{must(nn.Build(nn.Sequential(nn.Flatten(), nn.Dense(outputs)), d.Shape(), loss, nn.Seed(1), nn.Float64()))}
}

func (m timedModel) Gradient(w, g *vector.Vector, b batch.Batch) (float64, error) {
	time.Sleep(time.Duration(len(b.Index)) * 700 * time.Microsecond)
	return m.Model.Gradient(w, g, b)
}

func (m timedModel) Evaluate(w *vector.Vector, b batch.Batch) (float64, int, error) {
	time.Sleep(time.Duration(len(b.Index)) * 300 * time.Microsecond)
	return m.Model.Evaluate(w, b)
}

// scenario is a training whose output is known.
type scenario struct {
	name    string
	data    datasets.Dataset
	options func(timedModel) []train.Option
}

// scenarios are trainings of all kinds of output. Some go on from what others saved before them in the folder.
func scenarios(folder string) []scenario {
	d := must(datasets.Blobs(100, 3, 4, 0.3, 1))
	images := must(datasets.NewImages([]int{1, 3, 1}, make([]uint8, 30), make([]int, 10), 4))
	curve := must(datasets.Quadratic(10, 1, 1, 1, 0, 1))
	path := func(name string) string { return filepath.Join(folder, name) }
	halve := func(m timedModel) train.Option {
		return train.OnEpoch(func(train.Epoch) error {
			m.Weights().Scale(0.5)
			return nil
		})
	}
	plain := func(options ...train.Option) func(timedModel) []train.Option {
		return func(timedModel) []train.Option { return options }
	}
	return []scenario{
		{"epochs", d, plain(train.Epochs(10), train.Batch(50), train.Test(d, train.EveryEpochs(9)))},
		{"images", images, plain(train.Epochs(2), train.Batch(5), train.Test(images))},
		{"regression", curve, plain(train.Epochs(3), train.Batch(10), train.Test(curve))},
		{"iterations", d, plain(train.Iterations(55), train.Batch(30), train.Test(d, train.EveryIterations(3)))},
		{"pieces", d, plain(train.Epochs(2), train.Batch(50), train.MicroBatch(20))},
		{"memory", d, func(m timedModel) []train.Option {
			return []train.Option{train.Epochs(2), train.Batch(50), train.MemoryLimit(must(m.Memory(30)) + 3*30*12)}
		}},
		{"untested", d, plain(train.Iterations(33), train.Batch(30))},
		{"changed", d, func(m timedModel) []train.Option {
			return []train.Option{train.Epochs(4), train.Batch(20), train.Test(d), halve(m)}
		}},
		{"changedIterations", d, func(m timedModel) []train.Option {
			return []train.Option{train.Iterations(17), train.Batch(20), train.Test(d), halve(m)}
		}},
		{"stopped", d, func(m timedModel) []train.Option {
			return []train.Option{train.Epochs(9), train.Batch(30), train.Test(d), train.OnIteration(func(it train.Iteration) error {
				if it.Number == 14 {
					m.Weights().Scale(0.5)
					return train.Stop
				}
				return nil
			})}
		}},
		{"stoppedEpoch", d, func(m timedModel) []train.Option {
			return []train.Option{train.Epochs(9), train.Batch(30), train.Test(d), train.OnEpoch(func(e train.Epoch) error {
				if e.Number == 3 {
					m.Weights().Scale(0.5)
					return train.Stop
				}
				return nil
			})}
		}},
		{"first", d, plain(train.Epochs(5), train.Batch(30), train.Test(d), train.Save(path("first")), failAt(10))},
		{"resumed", d, plain(train.Epochs(9), train.Batch(30), train.Test(d), train.Save(path("first")), train.Resume(path("first")))},
		{"over", d, plain(train.Epochs(5), train.Batch(30), train.Test(d), train.Resume(path("first")))},
		{"parts", d, plain(train.Iterations(10), train.Batch(30), train.Save(path("parts")))},
		{"resumedInside", d, plain(train.Iterations(23), train.Batch(30), train.Test(d, train.EveryIterations(5)), train.Resume(path("parts")))},
		{"overUntested", d, plain(train.Epochs(2), train.Batch(30), train.Save(path("untested")))},
		{"overTested", d, plain(train.Epochs(2), train.Batch(30), train.Test(d), train.Resume(path("untested")))},
	}
}

func failAt(iteration int64) train.Option {
	return train.OnIteration(func(it train.Iteration) error {
		if it.Number == iteration {
			return context.DeadlineExceeded
		}
		return nil
	})
}

func sgd() *solvers.Solver {
	return must(solvers.New(solvers.SGD{}, solvers.Rate(schedules.Constant(0.1))))
}

// run trains in a bubble of synctest and returns what is printed on a terminal of so many columns, or elsewhere for 0.
func run(t *testing.T, s scenario, cols int) (printed string, err error) {
	var out bytes.Buffer
	m := newTimedModel(s.data)
	synctest.Test(t, func(t *testing.T) {
		_, err = train.Fit(context.Background(), m, s.data, sgd(), append(s.options(m), train.Watch(newScreen(&out, cols)))...)
	})
	return out.String(), err
}

// newScreen takes a writer for a terminal of so many columns; 0: for none.
func newScreen(w io.Writer, cols int) *display {
	return &display{w: w, now: time.Now, terminal: func(io.Writer) (int, bool) { return cols, cols > 0 }}
}
