package instruments_test

import (
	"context"
	"math"
	"testing"

	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/solvers"
	"github.com/fallline/fallline/train"
	"github.com/fallline/fallline/train/instruments"
)

// TestMicroBatchNoise holds that the noise of the pieces of one batch is that of NoiseMeter's definition, and unbiased
// when averaged.
func TestMicroBatchNoise(t *testing.T) {
	d := blobs(300)
	m := smooth(d)
	if err := m.Tune("dropout", 0); err != nil {
		t.Fatal(err)
	}
	still := must(solvers.New(solvers.SGD{}, solvers.Rate(schedules.Constant(0))))
	obj := objective(t, m, d)
	want, err := instruments.NoiseMeter{Small: 1, Large: 64, Batches: 300}.Measure(context.Background(), obj, m.Weights())
	if err != nil {
		t.Fatal(err)
	}
	for _, size := range []int{7, 16} { // pieces of 7, 7, 7 and 4, and of 13 and 12
		tracker := instruments.NoiseTracker{Keep: 0.9999}
		fit(m, d, still, train.Batch(25), train.Sample(solvers.WithReplacement), train.MicroBatch(size), train.Epochs(120),
			train.OnIteration(func(it train.Iteration) error {
				_, err := tracker.Add(instruments.NoiseOf(it.Pieces))
				return err
			}))
		if got := tracker.Noise(); math.Abs(got.Variance-want.Variance) > 0.06*want.Variance || math.Abs(got.Square-want.Square) > 0.1*want.Square {
			t.Errorf("pieces of %d: %+v, want %+v", size, got, want)
		}
	}
}

// TestNoiseOf holds the noise of pieces whose gradients are known, and that a batch that was whole tells of none.
func TestNoiseOf(t *testing.T) {
	// Two pieces of 3 and 1 examples with gradients 2 and 6: the whole batch's is 3, and 4 is the variance of one
	// example's by each piece's deviation.
	n := instruments.NoiseOf(solvers.Pieces{Count: 2, Examples: 4, Squares: 3*4 + 1*36, Square: 9})
	if n.Variance != 12 || n.Square != 6 || n.Scale != 2 {
		t.Errorf("%+v", n)
	}
	for count := range 2 {
		if n := instruments.NoiseOf(solvers.Pieces{Count: count, Examples: 4, Squares: 1, Square: 1}); n != (instruments.Noise{}) {
			t.Errorf("%d pieces: %+v", count, n)
		}
	}
}

func TestBadNoiseTrackers(t *testing.T) {
	for _, keep := range []float64{-0.1, 1, math.NaN()} {
		if _, err := (&instruments.NoiseTracker{Keep: keep}).Add(instruments.Noise{}); err == nil {
			t.Errorf("keep %v is legal", keep)
		}
	}
	if _, err := (&instruments.NoiseTracker{}).Add(instruments.Noise{Variance: math.Inf(1)}); err == nil {
		t.Error("an infinite variance is counted")
	}
}
