package train_test

import (
	"context"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/train"
	"github.com/pkg/errors"
)

// disappointing is a metric that improves in two epochs only.
func disappointing(e train.Epoch) (float64, error) {
	return map[int]float64{1: 5, 2: 4}[e.Number] + 9*float64(e.Number/3), nil
}

// TestObserve holds that a Plateau follows a metric from epoch to epoch, and that its state is saved with the training.
func TestObserve(t *testing.T) {
	d := blobs(60)
	plateau := func() *schedules.Plateau {
		return &schedules.Plateau{Of: schedules.Constant(0.08), Factor: 0.5, Patience: 1}
	}
	for _, options := range []func() []train.Option{
		func() []train.Option { return []train.Option{train.Schedule("rate", plateau())} },
		func() []train.Option {
			p := plateau() // in two places, it is told once
			return []train.Option{train.Schedule("rate", schedules.Warmup(1, p)), train.Schedule("decay", p)}
		},
	} {
		common := []train.Option{train.Batch(10), train.Observe(disappointing)}
		var rates []float64
		m := network(d)
		fit(m, d, decaying(), slices.Concat(options(), common, []train.Option{train.Epochs(8), train.OnEpoch(func(e train.Epoch) error {
			rates = append(rates, e.Rate)
			return nil
		})})...)
		if want := []float64{0.08, 0.08, 0.08, 0.08, 0.04, 0.04, 0.02, 0.02}; !slices.Equal(rates, want) {
			t.Errorf("rates %v, want %v", rates, want)
		}
		for _, cut := range []int{6, 21, 30, 40} { // inside epochs and between them, six iterations each
			path := filepath.Join(t.TempDir(), "run")
			fit(network(d), d, decaying(), slices.Concat(options(), common, []train.Option{train.Iterations(cut), train.Save(path)})...)
			split := network(d)
			fit(split, d, decaying(), slices.Concat(options(), common, []train.Option{train.Epochs(8), train.Resume(path)})...)
			if !slices.Equal(split.Weights().F32, m.Weights().F32) {
				t.Errorf("cut after %d iterations: other weights", cut)
			}
		}
	}
}

// TestOptionsInAnyOrder holds that a training goes on when its options, schedules with a state among them, are given in
// another order.
func TestOptionsInAnyOrder(t *testing.T) {
	d := blobs(60)
	path := filepath.Join(t.TempDir(), "run")
	options := func() []train.Option {
		follow := func(start, factor float64) schedules.Schedule {
			return &schedules.Plateau{Of: schedules.Constant(start), Factor: factor}
		}
		return []train.Option{
			train.Schedule("dropout", schedules.Product(follow(0.5, 0.5), follow(1, 0.9))), train.BatchSchedule(follow(20, 0.7)), train.Observe(disappointing),
		}
	}
	whole, split := network(d), network(d)
	fit(whole, d, decaying(), append(options(), train.Epochs(6))...)
	fit(network(d), d, decaying(), append(options(), train.Epochs(3), train.Save(path))...)
	swapped := options()
	slices.Reverse(swapped)
	fit(split, d, decaying(), append(swapped, train.Epochs(6), train.Resume(path))...)
	if !slices.Equal(split.Weights().F32, whole.Weights().F32) {
		t.Error("another training")
	}
}

// TestMetrics holds what the metrics of the package are.
func TestMetrics(t *testing.T) {
	e := train.Epoch{Number: 3, Loss: 0.25, Test: &train.Evaluation{Loss: 0.5, Correct: 3, Examples: 4}}
	for _, c := range []struct {
		metric train.Metric
		want   float64
	}{{train.TrainLoss, 0.25}, {train.TestLoss, 0.5}, {train.TestAccuracy, 0.75}} {
		if x, err := c.metric(e); err != nil || x != c.want {
			t.Errorf("%v, %v; want %v", x, err, c.want)
		}
	}
	e.Test = nil
	for _, metric := range []train.Metric{train.TestLoss, train.TestAccuracy} {
		if x, err := metric(e); err == nil || !math.IsNaN(x) || !strings.Contains(err.Error(), "was not tested at the end of epoch 3") {
			t.Errorf("%v, %v", x, err)
		}
	}
}

func TestBadObserve(t *testing.T) {
	d := blobs(60)
	plateau := train.Schedule("rate", &schedules.Plateau{Of: schedules.Constant(0.08), Factor: 0.5})
	for _, c := range []struct {
		options []train.Option
		want    string
	}{
		{[]train.Option{train.Observe(nil)}, "train: no metric: it is nil"},
		{[]train.Option{train.Observe(train.TrainLoss)}, "train: Observe is given, and no schedule follows a metric"},
		{[]train.Option{plateau}, "train: the schedule of rate follows a metric (plateau("},
		{[]train.Option{plateau, train.Observe(train.TestLoss)}, "train: no test loss to observe: the model was not tested at the end of epoch 1"},
		{[]train.Option{plateau, train.Observe(func(train.Epoch) (float64, error) { return 0, errors.New("no figure") })}, "train: no figure"},
	} {
		_, err := train.Fit(context.Background(), network(d), d, decaying(), c.options...)
		if err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%v, want %s", err, c.want)
		}
	}
}
