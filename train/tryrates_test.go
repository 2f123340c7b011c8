package train_test

import (
	"context"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/solvers"
	"github.com/fallline/fallline/train"
	"github.com/pkg/errors"
)

// TestTryRates holds that the iterations are those of a training at its rates, that none is run which nobody looks
// at, and that the model is as it was however the loop is left.
func TestTryRates(t *testing.T) {
	d := blobs(60)
	rate := func(i int) float64 { return 0.01 * float64(1+i) }
	var want []float64
	fit(network(d), d, nag(), train.Batch(20), train.Iterations(7), train.Schedule("rate", schedules.Linear(0.01, 0.08, 7)),
		train.OnIteration(func(it train.Iteration) error {
			want = append(want, it.Loss)
			return nil
		}))

	m := network(d)
	before := everyBit(m)
	log := &loud{t: t}
	tried := train.TryRates(context.Background(), m, d, nag(), rate, train.Batch(20), train.Seed(2), train.Epochs(1), train.Test(d),
		train.Schedule("rate", schedules.Constant(9)), train.Schedule("dropout", schedules.Constant(0.2)), train.Watch(log),
		train.OnIteration(func(train.Iteration) error { return errors.New("a hook is called") }))
	for range 2 { // it can be gone through again
		var got []float64
		for info, err := range tried {
			if err != nil {
				t.Fatal(err)
			}
			if i := len(got); math.Abs(info.Rate-rate(i)) > 1e-15 {
				t.Errorf("iteration %d: rate %v, want %v", i, info.Rate, rate(i))
			}
			if got = append(got, info.Loss); len(got) == len(want) {
				break
			}
			if slices.Equal(everyBit(m), before) {
				t.Error("an iteration changes nothing")
			}
		}
		for i := range want {
			if math.Abs(got[i]-want[i]) > 1e-6 {
				t.Errorf("losses %v, want %v", got, want)
			}
		}
		if !slices.Equal(everyBit(m), before) {
			t.Error("the trial has left traces")
		}
	}
	func() {
		defer func() { _ = recover() }()
		for range tried {
			panic("left")
		}
	}()
	if !slices.Equal(everyBit(m), before) {
		t.Error("a trial that a panic ended has left traces")
	}
}

// loud is a listener that mustn't be told of anything.
type loud struct {
	train.BaseListener
	t *testing.T
}

func (l *loud) Begin(train.Start) { l.t.Error("a listener is told of a trial") }

// TestTryRatesFails holds that an error is yielded once, last, and as what it is.
func TestTryRatesFails(t *testing.T) {
	d := blobs(60)
	ctx, cancel := context.WithCancel(context.Background())
	for _, c := range []struct {
		name   string
		ctx    context.Context
		rate   func(int) float64
		option train.Option
		good   int // iterations
		want   string
	}{
		{"options", ctx, func(int) float64 { return 1 }, train.Batch(0), 0, "train: 0 examples in a batch"},
		{"no rates", ctx, nil, train.Batch(20), 0, "train: no rates to try: the function is nil"},
		{"cancelled", ctx, func(i int) float64 {
			if i == 3 {
				cancel()
			}
			return 0.1
		}, train.Batch(20), 3, "train: "},
		{"diverges", context.Background(), func(i int) float64 { return math.Pow(10, float64(10*i)) }, train.Batch(20), -1, "train: "},
	} {
		m := network(d)
		before := everyBit(m)
		good, bad := 0, []error(nil)
		for _, err := range train.TryRates(c.ctx, m, d, nag(), c.rate, c.option) {
			if err != nil {
				bad = append(bad, err)
			} else if good++; good > 100 {
				break
			}
		}
		if len(bad) != 1 || !strings.HasPrefix(bad[0].Error(), c.want) || c.good >= 0 && good != c.good {
			t.Errorf("%s: %d iterations and the errors %v", c.name, good, bad)
			continue
		}
		if diverged := new(solvers.Diverged); errors.As(bad[0], &diverged) != (c.name == "diverges") || errors.Is(bad[0], context.Canceled) != (c.name == "cancelled") {
			t.Errorf("%s: %v", c.name, bad[0])
		}
		if !slices.Equal(everyBit(m), before) {
			t.Errorf("%s: the trial has left traces", c.name)
		}
	}
}
