package main

import (
	"context"
	"math"

	"github.com/fallline/fallline/datasets"
	"github.com/fallline/fallline/nn"
	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/solvers"
	"github.com/fallline/fallline/train"
	"github.com/pkg/errors"
)

// perceptron is the network of most experiments: 784-64-10 for digits, small enough to be trained many times.
func perceptron() nn.Layer {
	return nn.Sequential(nn.Flatten(), nn.Dense(64), nn.ReLU(), nn.Dense(10))
}

// convnet is a small LeNet.
func convnet() nn.Layer {
	return nn.Sequential(
		nn.Conv2D(8, 5), nn.ReLU(), nn.MaxPool2D(2), nn.Conv2D(16, 5), nn.ReLU(), nn.MaxPool2D(2),
		nn.Flatten(), nn.Dense(64), nn.ReLU(), nn.Dense(10),
	)
}

// training is a network to train: what isn't set is plain SGD with reshuffled batches.
type training struct {
	net     nn.Layer
	data    datasets.Dataset
	rule    solvers.Rule
	rate    schedules.Schedule
	with    []solvers.Option
	batch   int // 0: the options say
	seed    uint64
	options []train.Option
}

// build makes the model with its first weights.
func (t training) build() (*nn.Model, error) {
	return nn.Build(t.net, t.data.Shape(), nn.SoftmaxCrossEntropy, nn.Seed(t.seed))
}

// fit trains it.
func (t training) fit(ctx context.Context) (*nn.Model, *train.History, error) {
	model, err := t.build()
	if err != nil {
		return nil, nil, err
	}
	if t.rule == nil {
		t.rule = solvers.SGD{}
	}
	solver, err := solvers.New(t.rule, append([]solvers.Option{solvers.Rate(t.rate)}, t.with...)...)
	if err != nil {
		return nil, nil, err
	}
	options := append([]train.Option{train.Seed(t.seed)}, t.options...)
	if t.batch > 0 {
		options = append(options, train.Batch(t.batch))
	}
	history, err := train.Fit(ctx, model, t.data, solver, options...)
	return model, history, err
}

// assess is the mean loss of a model over a dataset, and its accuracy.
func assess(ctx context.Context, m *nn.Model, d datasets.Dataset) (loss, accuracy float64, err error) {
	e, err := train.Evaluate(ctx, m, d)
	return e.Loss, e.Accuracy(), err
}

// tested tests as often as every says in a training with the first seed, whose course is drawn, and else at the end
// alone.
func tested(d datasets.Dataset, seed uint64, epochs int, every train.Every) train.Option {
	if seed > 0 {
		every = train.EveryEpochs(epochs)
	}
	return train.Test(d, every)
}

// losses is a hook that gathers the training loss, averaged over a number of iterations at a time.
func losses(every int, c *series) train.Option {
	sum := 0.0
	return train.OnIteration(func(i train.Iteration) error {
		if sum += i.Loss / float64(every); i.Number%int64(every) == 0 {
			c.x, c.y = append(c.x, i.Epoch), append(c.y, sum)
			sum = 0
		}
		return nil
	})
}

// diverged says whether a training ended because its loss went out of bounds.
func diverged(err error) bool {
	var d *solvers.Diverged
	return errors.As(err, &d)
}

// lost is a hook that ends a training as diverged where the loss is far above that of guessing.
func lost(guess float64) train.Option {
	return train.OnIteration(func(i train.Iteration) error {
		if i.Loss > 20*guess || math.IsNaN(i.Loss) {
			return &solvers.Diverged{Quantity: solvers.Loss, Value: i.Loss, Iteration: i.Number}
		}
		return nil
	})
}
