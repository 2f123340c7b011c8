package train_test

import (
	"context"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/fallline/fallline/datasets"
	"github.com/fallline/fallline/nn"
	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/solvers"
	"github.com/fallline/fallline/train"
)

// TestRangeTestLeavesNoTrace holds that a test puts everything back bit for bit, also where it diverges, begins at a
// checkpoint or is ended, and that a training after it is the one without it.
func TestRangeTestLeavesNoTrace(t *testing.T) {
	d := blobs(150)
	path := filepath.Join(t.TempDir(), "run")
	plateau := &schedules.Plateau{Of: schedules.Constant(0.9), Factor: 0.5}
	options := []train.Option{
		train.Batch(16), train.Schedule("dropout", schedules.Cosine(0.5, 0.1, 20)), train.Schedule("momentum", plateau), train.Observe(train.TrainLoss),
	}
	with := func(more ...train.Option) []train.Option { return append(slices.Clone(options), more...) }
	for _, model := range [][]nn.Option{nil, {nn.Float64()}} {
		plain := network(d, model...)
		fit(plain, d, decaying(), with(train.Epochs(3))...)
		want := everyBit(plain)

		*plateau = schedules.Plateau{Of: plateau.Of, Factor: 0.5}
		m := network(d, model...)
		fit(m, d, decaying(), with(train.Iterations(13), train.Save(path))...)
		s := decaying()
		cancelled, cancel := context.WithCancel(context.Background())
		cancel()
		hot := train.DefaultRangeTest
		hot.To = 1e30
		for name, find := range map[string]func() error{
			"default": func() error {
				found, err := train.DefaultRangeTest.Find(context.Background(), m, d, s, with(train.Seed(2), train.Test(d), train.Epochs(1))...)
				if len(found.Rates) < 100 {
					t.Errorf("%d iterations", len(found.Rates))
				}
				return err
			},
			"diverging": func() error {
				found, err := hot.Find(context.Background(), m, d, s, with(train.Seed(2))...)
				if !found.Diverged {
					t.Error("rates up to 1e30 don't diverge")
				}
				return err
			},
			"resumed": func() error {
				_, err := train.DefaultRangeTest.Find(context.Background(), m, d, s, with(train.Seed(2), train.Resume(path))...)
				return err
			},
			"cancelled": func() error {
				if _, err := hot.Find(cancelled, m, d, s, with(train.Seed(2))...); err == nil || err.Error() != "train: range test: train: context canceled" {
					t.Errorf("%v", err)
				}
				return nil
			},
		} {
			before := append(everyBit(m), uint64(plateau.Reductions()))
			if err := find(); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			if after := append(everyBit(m), uint64(plateau.Reductions())); !slices.Equal(before, after) {
				t.Errorf("%s: the test has left traces", name)
			}
		}
		fit(m, d, s, with(train.Epochs(3), train.Resume(path))...)
		if !slices.Equal(everyBit(m), want) {
			t.Error("the training after the tests is another one")
		}
		*plateau = schedules.Plateau{Of: plateau.Of, Factor: 0.5}
	}
}

// TestRangeTestFindsTheEdge holds that gradient descent on a quadratic goes on falling up to 2/L and diverges beyond
// it.
func TestRangeTestFindsTheEdge(t *testing.T) {
	d := must(datasets.Quadratic(64, 1, 1, 4, 0.1, 1))
	m := must(nn.Build(nn.Sequential(nn.Dense(1)), d.Shape(), nn.MeanSquaredError, nn.Float64()))
	obj := objective(t, m, d)
	sharp, err := train.Curvature{Iterations: 1000, Tolerance: 1e-12}.Measure(context.Background(), obj, m.Weights())
	if err != nil {
		t.Fatal(err)
	}
	s := must(solvers.New(solvers.SGD{}, solvers.From(solvers.FullBatch{}), solvers.Rate(schedules.Constant(1))))
	edge := 2 / sharp.Eigenvalue
	found, err := train.RangeTest{From: edge / 100, To: 100 * edge, Iterations: 400, Stop: 1.5}.Find(context.Background(), m, d, s)
	if err != nil {
		t.Fatal(err)
	}
	last := found.Rates[len(found.Rates)-1]
	if !found.Diverged || last < edge || last > 3*edge || found.Least > 1.2*edge || found.Steepest > found.Least || found.Suggest != found.Least/10 {
		t.Errorf("the edge is at %v; least %v, steepest %v, suggested %v, last %v", edge, found.Least, found.Steepest, found.Suggest, last)
	}
	if k := len(found.Rates); len(found.Losses) != k || len(found.Smoothed) != k || math.Abs(found.Rates[0]-edge/100) > 1e-15 {
		t.Errorf("%d rates from %v, %d losses, %d smoothed", k, found.Rates[0], len(found.Losses), len(found.Smoothed))
	}
}

// TestRangeTestSeesThroughNoise holds that the steepest fall is one of the loss, which doesn't move at rates below
// 1e-4, and not one of the noise in the first few batches.
func TestRangeTestSeesThroughNoise(t *testing.T) {
	d := must(datasets.Blobs(1000, 4, 3, 0.3, 1))
	for seed := range uint64(5) {
		found := must(train.DefaultRangeTest.Find(context.Background(), network(d), d, nag(), train.Batch(20), train.Seed(seed)))
		if found.Steepest < 1e-4 || found.Steepest > found.Least {
			t.Errorf("seed %d: steepest at %v, least at %v", seed, found.Steepest, found.Least)
		}
	}
}

func TestBadRangeTests(t *testing.T) {
	d := blobs(60)
	good := train.DefaultRangeTest
	with := func(f func(*train.RangeTest)) train.RangeTest { r := good; f(&r); return r }
	searched := must(solvers.New(solvers.SGD{}, solvers.ChooseRate(solvers.DefaultArmijo)))
	for _, c := range []struct {
		r      train.RangeTest
		solver *solvers.Solver
		option train.Option
		want   string
	}{
		{with(func(r *train.RangeTest) { r.From = 0 }), nil, nil, "rates from 0 to 10, want above 0 and rising"},
		{with(func(r *train.RangeTest) { r.To = math.Inf(1) }), nil, nil, "rates from 1e-06 to +Inf, want above 0 and rising"},
		{with(func(r *train.RangeTest) { r.Iterations = 1 }), nil, nil, "1 iterations, want 2 to"},
		{with(func(r *train.RangeTest) { r.Smoothing = 1 }), nil, nil, "smoothing 1 outside [0, 1)"},
		{with(func(r *train.RangeTest) { r.Stop = 1 }), nil, nil, "stop 1 outside (1, Inf]"},
		{good, searched, nil, "train: solvers: the rate is chosen by "},
		{good, nil, train.Batch(0), "train: 0 examples in a batch"},
		{train.RangeTest{From: 1e30, To: 1e35, Iterations: 5, Stop: 2}, nil, nil, "the loss is not finite, or rises at once at the rate 1e+30: begin lower"},
	} {
		if c.solver == nil {
			c.solver = decaying()
		}
		if c.option == nil {
			c.option = train.Batch(20)
		}
		_, err := c.r.Find(context.Background(), network(d), d, c.solver, c.option)
		if err == nil || !strings.HasPrefix(err.Error(), "train: range test: "+c.want) {
			t.Errorf("%v, want %s", err, c.want)
		}
	}
}
