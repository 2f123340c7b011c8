package train_test

import (
	"context"
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"testing"

	"github.com/fallline/fallline/datasets"
	"github.com/fallline/fallline/nn"
	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/solvers"
	"github.com/fallline/fallline/train"
)

var (
	_ train.Model        = (*nn.Model)(nil)
	_ train.Stateful     = (*nn.Model)(nil)
	_ solvers.Objective  = (*train.Objective)(nil)
	_ solvers.Prefetcher = (*train.Objective)(nil)
)

func TestNetworkLearnsAndResumes(t *testing.T) {
	all := must(datasets.Blobs(700, 4, 3, 0.1, 4))
	test, data, err := datasets.Split(all, 100, 1)
	if err != nil {
		t.Fatal(err)
	}
	for _, options := range [][]nn.Option{nil, {nn.Float64()}} {
		fit := func(m *nn.Model, options ...train.Option) *train.History {
			options = append(options, train.Batch(64), train.Seed(2), train.Test(test))
			return must(train.Fit(context.Background(), m, data, nag(), options...))
		}
		whole := network(data, options...)
		want := fit(whole, train.Epochs(6))
		path := filepath.Join(t.TempDir(), "run")
		fit(network(data, options...), train.Iterations(23), train.Save(path))
		m := network(data, options...)
		got := fit(m, train.Epochs(6), train.Resume(path))
		if !slices.Equal(m.Weights().F32, whole.Weights().F32) || !slices.Equal(m.Weights().F64, whole.Weights().F64) {
			t.Error("other weights after a resume")
		}
		a, b := want.Test(), got.Test()
		if a != b {
			t.Errorf("test %+v after a resume, %+v without", b, a)
		}
		if a.Accuracy() < 0.85 {
			t.Errorf("accuracy %v", a.Accuracy())
		}
	}
}

// Iterations allocate nothing, watched or not; an epoch may, for its line in the history.
func TestIterationsAllocateNothing(t *testing.T) {
	data := must(datasets.Blobs(700, 4, 3, 0.1, 4))
	const first, last = 30, 250 // 11 an epoch
	watched := &mallocs{first: first, last: last}
	for name, options := range map[string][]train.Option{
		"hook": {train.OnIteration(func(it train.Iteration) error {
			watched.Iteration(it.Figures)
			return nil
		})},
		"listeners": {train.Watch(train.BaseListener{}, watched, &mallocs{})},
	} {
		*watched = mallocs{first: first, last: last}
		must(train.Fit(context.Background(), network(data), data, nag(), append(options, train.Iterations(last), train.Batch(64))...))
		if n := watched.to.Mallocs - watched.from.Mallocs; n > (last-first)/2 || watched.to.Mallocs == 0 {
			t.Errorf("%s: %d allocations in %d iterations", name, n, last-first)
		}
	}
}

// mallocs is a listener that looks at the memory after two iterations.
type mallocs struct {
	train.BaseListener
	first, last int64
	from, to    runtime.MemStats
}

func (m *mallocs) Iteration(x train.Figures) {
	switch x.Number {
	case m.first:
		runtime.ReadMemStats(&m.from)
	case m.last:
		runtime.ReadMemStats(&m.to)
	}
}

func ExampleFit() {
	points, err := datasets.Blobs(600, 2, 3, 0.1, 4)
	if err != nil {
		fmt.Println(err)
		return
	}
	test, training, err := datasets.Split(points, 100, 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	model, err := nn.Build(nn.Sequential(nn.Dense(16), nn.ReLU(), nn.Dense(3)), training.Shape(), nn.SoftmaxCrossEntropy, nn.Seed(1))
	if err != nil {
		fmt.Println(err)
		return
	}
	solver, err := solvers.New(solvers.NAG{Momentum: 0.9}, solvers.Rate(schedules.Cosine(0.1, 0, 64)))
	if err != nil {
		fmt.Println(err)
		return
	}
	history, err := train.Fit(context.Background(), model, training, solver,
		train.Epochs(4), train.Batch(32), train.Test(test), train.Seed(1))
	if err != nil {
		fmt.Println(err)
		return
	}
	last := history.Test()
	fmt.Println(history.Iterations, "iterations,", history.Passes(), "passes, over 95 %:", last.Accuracy() > 0.95)
	// Output: 64 iterations, 4 passes, over 95 %: true
}

func ExampleOnEpoch() {
	points, err := datasets.Blobs(300, 2, 3, 0.1, 4)
	if err != nil {
		fmt.Println(err)
		return
	}
	model, err := nn.Build(nn.Sequential(nn.Dense(3)), points.Shape(), nn.SoftmaxCrossEntropy)
	if err != nil {
		fmt.Println(err)
		return
	}
	solver, err := solvers.New(solvers.SGD{}, solvers.Rate(schedules.Constant(0.5)))
	if err != nil {
		fmt.Println(err)
		return
	}
	enough := train.OnEpoch(func(e train.Epoch) error {
		if e.Test.Accuracy() > 0.9 {
			return train.Stop
		}
		return nil
	})
	history, err := train.Fit(context.Background(), model, points, solver, train.Epochs(100), train.Test(points), enough)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("stopped before the end:", len(history.Epochs) < 100)
	// Output: stopped before the end: true
}
