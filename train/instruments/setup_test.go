package instruments_test

import (
	"context"
	"testing"

	"github.com/fallline/fallline/datasets"
	"github.com/fallline/fallline/nn"
	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/solvers"
	"github.com/fallline/fallline/train"
)

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// network has everything that a split training must not lose: dropout's masks, batch norm's running statistics, a
// velocity.
func network(d datasets.Dataset, options ...nn.Option) *nn.Model {
	net := nn.Sequential(nn.Dense(16), nn.BatchNorm(), nn.ReLU(), nn.Dropout(0.2), nn.Dense(d.Classes()))
	return must(nn.Build(net, d.Shape(), nn.SoftmaxCrossEntropy, append(options, nn.Seed(1))...))
}

// smooth is a network without batch norm, whose gradient in pieces is that of the whole batch.
func smooth(d datasets.Dataset) *nn.Model {
	return must(nn.Build(nn.Sequential(nn.Dense(16), nn.Tanh(), nn.Dropout(0.2), nn.Dense(d.Classes())), d.Shape(), nn.SoftmaxCrossEntropy, nn.Seed(1), nn.Float64()))
}

func blobs(n int) *datasets.Examples {
	return must(datasets.Blobs(n, 4, 3, 0.1, 4))
}

func fit(m *nn.Model, d datasets.Dataset, s *solvers.Solver, options ...train.Option) *train.History {
	return must(train.Fit(context.Background(), m, d, s, append(options, train.Seed(2))...))
}

// objective is that of a model, for as long as the test lasts.
func objective(t testing.TB, m train.Model, d datasets.Dataset) *train.Objective {
	t.Helper()
	obj := must(train.NewObjective(m, d))
	t.Cleanup(obj.Close)
	return obj
}

func sgdFrom(e solvers.Estimator) *solvers.Solver {
	return must(solvers.New(solvers.SGD{}, solvers.Rate(schedules.Constant(0.05)), solvers.From(e)))
}

// batchNormed is a network whose batch norm sees one value a channel in an example.
func batchNormed(d datasets.Dataset) *nn.Model {
	return must(nn.Build(nn.Sequential(nn.Dense(4), nn.BatchNorm(), nn.ReLU(), nn.Dense(3)), d.Shape(), nn.SoftmaxCrossEntropy, nn.Seed(1)))
}
