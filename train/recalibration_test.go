package train_test

import (
	"context"
	"encoding/json"
	"math"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/fallline/fallline/batch"
	"github.com/fallline/fallline/datasets"
	"github.com/fallline/fallline/nn"
	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/solvers"
	"github.com/fallline/fallline/train"
	"github.com/pkg/errors"
)

var _ train.Statistical = (*nn.Model)(nil)

// recorded remembers which examples were read together.
type recorded struct {
	*datasets.Examples
	mu    sync.Mutex
	reads [][]int32
	fail  int // the read that fails, from 1
}

func (r *recorded) Read(b *batch.Batch, index []int32, draw uint64) error {
	r.mu.Lock()
	r.reads = append(r.reads, slices.Clone(index))
	failed := len(r.reads) == r.fail
	r.mu.Unlock()
	if failed {
		return errors.New("broken")
	}
	return r.Examples.Read(b, index, draw)
}

// statistics are those of a model by name, copied.
func statistics(m *nn.Model) map[string][]float64 {
	s := map[string][]float64{}
	m.Statistics(func(name string, array any) { s[name] = slices.Clone(array.([]float64)) })
	return s
}

// TestRecalibrationIsTheMean compares with the definition: the mean, over the batches that were read, of their means
// and unbiased variances.
func TestRecalibrationIsTheMean(t *testing.T) {
	for _, c := range []struct{ n, examples, batch, want, batches int }{
		{60, 0, 10, 60, 6}, {60, 0, 100, 60, 1}, {61, 0, 10, 61, 7}, {60, 25, 10, 25, 3}, {60, 1000, 60, 60, 1}, {5, 0, 2, 5, 2}, {3, 0, 2, 3, 1},
	} {
		d := &recorded{Examples: blobs(c.n)}
		net := nn.Sequential(nn.BatchNorm(), nn.Dense(3))
		m := must(nn.Build(net, d.Shape(), nn.SoftmaxCrossEntropy, nn.Float64()))
		m.Statistics(func(_ string, a any) { a.([]float64)[0] = math.NaN() })
		weights := m.Weights().Clone()
		r := train.Recalibration{Examples: c.examples, Batch: c.batch, Seed: 3}
		if err := r.Run(context.Background(), m, d, m.Weights()); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(weights.F64, m.Weights().F64) {
			t.Error("the weights changed")
		}
		got, all := statistics(m), slices.Concat(d.reads...)
		slices.Sort(all)
		if len(slices.Compact(slices.Clone(all))) != c.want || len(all) != c.want || len(d.reads) != c.batches {
			t.Errorf("%+v: read %d examples in %d batches", c, len(all), len(d.reads))
		}
		for channel := range 4 {
			mean, variance := 0.0, 0.0
			for _, index := range d.reads {
				sum, squares, n := 0.0, 0.0, float64(len(index))
				var b batch.Batch
				if err := d.Examples.Read(&b, index, 0); err != nil {
					t.Fatal(err)
				}
				for i := range index {
					sum += float64(b.X[4*i+channel])
				}
				for i := range index {
					squares += math.Pow(float64(b.X[4*i+channel])-sum/n, 2)
				}
				mean += sum / float64(c.want)
				variance += n * squares / (n - 1) / float64(c.want)
			}
			if g := got["batchnorm1.running_mean"][channel]; math.Abs(g-mean) > 1e-12 {
				t.Errorf("%+v: mean %v of channel %d, want %v", c, g, channel, mean)
			}
			if g := got["batchnorm1.running_var"][channel]; math.Abs(g-variance) > 1e-12 {
				t.Errorf("%+v: variance %v of channel %d, want %v", c, g, channel, variance)
			}
		}
	}
}

// TestRecalibrationEqualsPyTorch compares with torch.optim.swa_utils.update_bn.
func TestRecalibrationEqualsPyTorch(t *testing.T) {
	var golden struct {
		Weights map[string][]float64 `json:"weights"`
		X       []float32            `json:"x"`
		Eights  [4][]float64         `json:"in batches of 8"`
		One     [4][]float64         `json:"in one"`
	}
	if err := json.Unmarshal(must(os.ReadFile("testdata/updatebn.json")), &golden); err != nil {
		t.Fatal(err)
	}
	labels := make([]int, 24)
	d := must(datasets.NewExamples([]int{3}, golden.X, labels, 2))
	net := nn.Sequential(nn.Dense(5), nn.BatchNorm(), nn.ReLU(), nn.Dense(4), nn.BatchNorm(), nn.ReLU(), nn.Dense(2))
	m := must(nn.Build(net, d.Shape(), nn.SoftmaxCrossEntropy, nn.Float64()))
	for _, r := range m.Weights().Ranges {
		from, ok := golden.Weights[r.Name]
		if !ok || len(from) != r.Hi-r.Lo {
			t.Fatalf("no weights %s of %d numbers", r.Name, r.Hi-r.Lo)
		}
		copy(m.Weights().F64[r.Lo:r.Hi], from)
	}
	check := func(want [4][]float64) {
		t.Helper()
		got := statistics(m)
		for i, name := range []string{"batchnorm1.running_mean", "batchnorm1.running_var", "batchnorm2.running_mean", "batchnorm2.running_var"} {
			for c, w := range want[i] {
				if g := got[name][c]; math.Abs(g-w) > 1e-12 {
					t.Errorf("%s of channel %d: %v, want %v", name, c, g, w)
				}
			}
		}
	}
	for k := range 3 {
		b := batch.Batch{X: golden.X[24*k : 24*k+24], Labels: labels[:8]}
		if err := m.MoveStatistics(m.Weights(), b, 1/float64(k+1)); err != nil {
			t.Fatal(err)
		}
	}
	check(golden.Eights)
	if err := (train.Recalibration{Batch: 24}).Run(context.Background(), m, d, m.Weights()); err != nil {
		t.Fatal(err)
	}
	check(golden.One)
}

// TestRecalibrationServesAnyWeights holds that statistics for a vector are those of a model that has it as its weights,
// and that a training goes on with shares of its own.
func TestRecalibrationServesAnyWeights(t *testing.T) {
	d := blobs(200)
	m, other := normed(d), normed(d)
	fit(m, d, nag(), train.Batch(20), train.Epochs(2))
	fresh := statistics(other)
	if err := train.DefaultRecalibration.Run(context.Background(), other, d, m.Weights()); err != nil {
		t.Fatal(err)
	}
	if err := train.DefaultRecalibration.Run(context.Background(), m, d, m.Weights()); err != nil {
		t.Fatal(err)
	}
	for name, want := range statistics(m) {
		if got := statistics(other)[name]; !slices.Equal(got, want) || slices.Equal(got, fresh[name]) {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
	share := other.Weights().Clone()
	b := batch.Batch{X: make([]float32, 8), Labels: []int{0, 1}, MoveStats: true}
	b.X[0] = 1
	before := statistics(other)["batchnorm1.running_var"][0]
	must(other.Gradient(share, nil, b))
	if after := statistics(other)["batchnorm1.running_var"][0]; after < 0.9*before {
		t.Errorf("a step moves a variance from %v to %v: a batch has more than its share", before, after)
	}
}

func TestBadRecalibration(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	d := blobs(40)
	m := normed(d)
	var missing context.Context
	wrong := must(nn.Build(nn.Dense(3), d.Shape(), nn.SoftmaxCrossEntropy)).Weights()
	for _, c := range []struct {
		want string
		run  func() error
	}{
		{"no context", func() error { return train.DefaultRecalibration.Run(missing, m, d, m.Weights()) }},
		{"no model", func() error { return train.DefaultRecalibration.Run(context.Background(), nil, d, m.Weights()) }},
		{"no dataset", func() error { return train.DefaultRecalibration.Run(context.Background(), m, nil, m.Weights()) }},
		{"no weights", func() error { return train.DefaultRecalibration.Run(context.Background(), m, d, nil) }},
		{"the weights: ", func() error { return train.DefaultRecalibration.Run(context.Background(), m, d, wrong) }},
		{"-1 examples", func() error {
			return train.Recalibration{Examples: -1, Batch: 8}.Run(context.Background(), m, d, m.Weights())
		}},
		{"0 examples in a batch", func() error { return train.Recalibration{}.Run(context.Background(), m, d, m.Weights()) }},
		{"context canceled", func() error { return train.DefaultRecalibration.Run(ctx, m, d, m.Weights()) }},
		{"broken", func() error {
			return train.Recalibration{Batch: 8}.Run(context.Background(), m, &recorded{Examples: d, fail: 3}, m.Weights())
		}},
		{"statistics from batches of 1: the model takes batches of at least 2", func() error {
			return train.Recalibration{Batch: 8, Examples: 1}.Run(context.Background(), m, d, m.Weights())
		}},
		{"statistics from batches of 1", func() error { return train.Recalibration{Batch: 1}.Run(context.Background(), m, d, m.Weights()) }},
	} {
		before := numbers(m)
		if err := c.run(); err == nil || !strings.HasPrefix(err.Error(), "train: recalibration: ") || !strings.Contains(err.Error(), c.want) {
			t.Errorf("error %v, want %s", err, c.want)
		}
		if !slices.Equal(numbers(m), before) {
			t.Errorf("%s: the model changed", c.want)
		}
	}
	plain := must(nn.Build(nn.Dense(3), d.Shape(), nn.SoftmaxCrossEntropy))
	if err := train.DefaultRecalibration.Run(context.Background(), plain, &recorded{Examples: d, fail: 1}, plain.Weights()); err != nil {
		t.Errorf("a model without statistics: %v", err)
	}
}

// TestStatisticsFromScheduledBatches: statistics of an average are from batches as large as the training's are at the
// time.
func TestStatisticsFromScheduledBatches(t *testing.T) {
	d := blobs(40)
	grown := train.BatchSchedule(schedules.Milestones(4, 2, schedules.Epochs(2)))
	for name, o := range map[string]train.Option{"a schedule": grown, "a number": train.Batch(8)} {
		m := normed(d)
		s := must(solvers.New(solvers.SGD{}, solvers.Rate(schedules.Constant(0.05)), solvers.Average(solvers.EMA{Decay: 0.9})))
		if _, err := train.Fit(context.Background(), m, d, s, o, train.Epochs(3), train.Seed(5), train.Solution(m.Weights().Like())); err != nil {
			t.Fatal(err)
		}
		got := statistics(m)
		if err := (train.Recalibration{Batch: 8, Seed: 5}).Run(context.Background(), m, d, m.Weights()); err != nil {
			t.Fatal(err)
		}
		for key, want := range statistics(m) {
			if !slices.Equal(got[key], want) {
				t.Errorf("%s: %s %v, want %v", name, key, got[key], want)
			}
		}
	}
}
