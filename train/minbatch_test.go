package train_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/fallline/fallline/datasets"
	"github.com/fallline/fallline/nn"
	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/solvers"
	"github.com/fallline/fallline/train"
)

// batchNormed is a network whose batch norm sees one value a channel in an example.
func batchNormed(d datasets.Dataset) *nn.Model {
	return must(nn.Build(nn.Sequential(nn.Dense(4), nn.BatchNorm(), nn.ReLU(), nn.Dense(3)), d.Shape(), nn.SoftmaxCrossEntropy, nn.Seed(1)))
}

func sgdFrom(e solvers.Estimator) *solvers.Solver {
	return must(solvers.New(solvers.SGD{}, solvers.Rate(schedules.Constant(0.05)), solvers.From(e)))
}

// TestMinBatch holds what models say of themselves.
func TestMinBatch(t *testing.T) {
	for _, c := range []struct {
		name  string
		net   nn.Layer
		shape []int
		want  int
	}{
		{"no batch norm", nn.Dense(3), []int{4}, 1},
		{"dense", nn.Sequential(nn.Dense(4), nn.BatchNorm(), nn.Dense(3)), []int{4}, 2},
		{"images", nn.Sequential(nn.Conv2D(2, 3), nn.BatchNorm(), nn.Flatten(), nn.Dense(3)), []int{5, 5, 1}, 1},
		{"images of one place", nn.Sequential(nn.Conv2D(2, 5), nn.BatchNorm(), nn.Flatten(), nn.Dense(3)), []int{5, 5, 1}, 2},
		{"after a pool", nn.Sequential(nn.Conv2D(2, 3), nn.MaxPool2D(3), nn.BatchNorm(), nn.Flatten(), nn.Dense(3)), []int{5, 5, 1}, 2},
		{"before a pool", nn.Sequential(nn.Conv2D(2, 3), nn.BatchNorm(), nn.ReLU(), nn.MaxPool2D(3), nn.Flatten(), nn.Dense(3)), []int{5, 5, 1}, 1},
	} {
		m := must(nn.Build(c.net, c.shape, nn.SoftmaxCrossEntropy))
		if got := m.MinBatch(); got != c.want {
			t.Errorf("%s: batches of at least %d, want %d", c.name, got, c.want)
		}
	}
}

// TestNobodyIsLeftAlone trains a network with batch norm on sets of all sizes with all estimators and pieces: all of it
// works, each example is seen once in an epoch, and what can't work is refused before the first iteration.
func TestNobodyIsLeftAlone(t *testing.T) {
	for n := 2; n <= 12; n++ {
		d := must(datasets.Blobs(n, 4, 3, 0.3, 1))
		for batch := 2; batch <= min(n, 5); batch++ {
			for name, e := range map[string]solvers.Estimator{
				"MiniBatch": solvers.MiniBatch{}, "FullBatch": solvers.FullBatch{}, "SVRG": solvers.SVRG{Passes: 1}, "LSVRG": solvers.LSVRG{},
				"SARAH": solvers.SARAH{Passes: 1}, "PAGE": solvers.PAGE{}, "SAGA": solvers.SAGA{Fill: true}, "SAG": solvers.SAG{}, "STORM": solvers.STORM{K: 0.1, W: 1, C: 1},
				"Katyusha": solvers.Katyusha{Passes: 1, Tau1: 0.4, Tau2: 0.5},
			} {
				for what, o := range map[string]train.Option{"": train.Seed(1), " in pieces": train.MicroBatch(2), " in memory": train.MemoryLimit(memory(batchNormed(d), min(3, n)))} {
					h, err := train.Fit(context.Background(), batchNormed(d), d, sgdFrom(e), train.Batch(batch), train.Epochs(3), o)
					if err != nil {
						t.Errorf("%s of %d by %d%s: %v", name, n, batch, what, err)
					} else if name == "MiniBatch" && h.Examples != int64(3*n) {
						t.Errorf("%d by %d%s: %d examples in 3 epochs", n, batch, what, h.Examples)
					}
				}
			}
		}
	}
}

// memory is what a batch takes by MemoryLimit's count.
func memory(m *nn.Model, batch int) int64 {
	return must(m.Memory(batch)) + 3*4*int64(batch*datasets.Features(m.InputShape()))
}

// TestAloneIsToldBeforehand holds that what leaves an example alone in spite of all is refused before the first
// iteration, by the name of what was set.
func TestAloneIsToldBeforehand(t *testing.T) {
	d, one := must(datasets.Blobs(9, 4, 3, 0.3, 1)), must(datasets.Subset(must(datasets.Blobs(9, 4, 3, 0.3, 1)), []int32{3}))
	for want, do := range map[string]func(on train.Option) error{
		"train: solvers: batches of 1, want 2 to 9: one example alone has no answer, as under batch norm": fitted(d, train.Batch(1)),
		"train: solvers: objective of 1 examples, which takes batches of at least 2":                      fitted(one),
		"train: MicroBatch of 1: the model takes batches of at least 2 in training":                       fitted(d, train.MicroBatch(1)),
		fmt.Sprintf("train: a batch of 3 examples takes %d bytes, over the memory limit of %d bytes", memory(batchNormed(d), 3), memory(batchNormed(d), 2)): fitted(d,
			train.MemoryLimit(memory(batchNormed(d), 2))),
		"train: StatisticsFrom: statistics from batches of 1: the model takes batches of at least 2 in training": fitted(d, train.StatisticsFrom(1)),
		"train: solvers: batch 1 at iteration 4 (step(2,0.5,4)), want at least 2":                                fitted(d, train.BatchSchedule(schedules.Step(2, 0.5, 4))),
	} {
		begun := 0
		err := do(train.OnIteration(func(train.Iteration) error {
			begun++
			return nil
		}))
		if text := errorText(err); !strings.HasPrefix(text, want) || begun > 0 {
			t.Errorf("after %d iterations: %s, want %s", begun, text, want)
		}
	}
}

func fitted(d datasets.Dataset, options ...train.Option) func(train.Option) error {
	return func(o train.Option) error {
		_, err := train.Fit(context.Background(), batchNormed(d), d, sgdFrom(solvers.MiniBatch{}), append(options, o, train.Epochs(3))...)
		return err
	}
}
