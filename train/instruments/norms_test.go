package instruments_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/fallline/fallline/nn"
	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/solvers"
	"github.com/fallline/fallline/train"
	"github.com/fallline/fallline/train/instruments"
)

// TestNorms holds that under SGD every update is the rate times the gradient, layer by layer, and that the norms make
// up those of the run.
func TestNorms(t *testing.T) {
	const rate = 0.05
	d := blobs(60)
	sgd := must(solvers.New(solvers.SGD{}, solvers.Rate(schedules.Constant(rate))))
	for _, options := range [][]nn.Option{{nn.Float64()}, nil} {
		var meter instruments.NormMeter
		calls := 0
		m := network(d, options...)
		fit(m, d, sgd, train.Batch(20), train.Epochs(2), train.OnIteration(func(it train.Iteration) error {
			norms, err := meter.Measure(it.Run)
			if err != nil {
				return err
			}
			calls++
			weights, gradients := 0.0, 0.0
			for i, n := range norms {
				if n.Name != m.Weights().Ranges[i].Name {
					t.Errorf("norm %d is of %s", i, n.Name)
				}
				if first := calls == 1; math.IsNaN(n.Update) != first || !first && math.Abs(n.Update-rate*n.Gradient) > 1e-6 {
					t.Errorf("iteration %d: %+v", it.Number, n)
				}
				if calls > 1 && n.Ratio() != n.Update/n.Weight {
					t.Errorf("ratio %v of %+v", n.Ratio(), n)
				}
				weights += n.Weight * n.Weight
				gradients += n.Gradient * n.Gradient
			}
			if math.Abs(math.Sqrt(weights)-m.Weights().Norm()) > 1e-5 || math.Abs(math.Sqrt(gradients)-it.Norm) > 1e-5 {
				t.Errorf("iteration %d: norms %v and %v, want %v and %v", it.Number, math.Sqrt(weights), math.Sqrt(gradients), m.Weights().Norm(), it.Norm)
			}
			return nil
		}))
		if calls != 6 {
			t.Errorf("%d calls", calls)
		}
	}
	if _, err := new(instruments.NormMeter).Measure(nil); err == nil || err.Error() != "instruments: norms: no run: it is nil" {
		t.Errorf("%v", err)
	}
	var meter instruments.NormMeter
	hook := train.OnIteration(func(it train.Iteration) error {
		_, err := meter.Measure(it.Run)
		return err
	})
	fit(network(d), d, sgd, train.Iterations(1), hook)
	_, err := train.Fit(t.Context(), smooth(d), d, sgd, train.Iterations(1), hook)
	if err == nil || !strings.HasPrefix(err.Error(), "train: instruments: norms: the run is another one: ") {
		t.Errorf("another model: %v", err)
	}
}

func TestByLayer(t *testing.T) {
	nan := math.NaN()
	got := instruments.ByLayer([]instruments.Norm{
		{"block1.dense1.weight", 3, 30, nan}, {"scale", 7, 8, 9}, {"block1.dense1.bias", 4, 40, nan}, {"block1.dense2.weight", 1, 2, 3},
		{"dense1.weight", 5, 0, 8}, {"dense1.bias", 12, 0, 15},
	})
	want := []instruments.Norm{{"block1.dense1", 5, 50, nan}, {"scale", 7, 8, 9}, {"block1.dense2", 1, 2, 3}, {"dense1", 13, 0, 17}}
	if fmt.Sprint(got) != fmt.Sprint(want) { // NaN is no equal of itself
		t.Errorf("%v, want %v", got, want)
	}
	if got := instruments.ByLayer(nil); len(got) != 0 {
		t.Errorf("%v of nothing", got)
	}
}
