package train_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/fallline/fallline/datasets"
	"github.com/fallline/fallline/nn"
	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/solvers"
	"github.com/fallline/fallline/train"
)

// averageable is what the examples of averages train: a network with batch norm.
func averageable() (model *nn.Model, data, test datasets.Dataset) {
	points, err := datasets.Blobs(700, 4, 3, 0.1, 4)
	if err != nil {
		log.Fatal(err)
	}
	test, data, err = datasets.Split(points, 100, 1)
	if err != nil {
		log.Fatal(err)
	}
	net := nn.Sequential(nn.Dense(16), nn.BatchNorm(), nn.ReLU(), nn.Dense(3))
	model, err = nn.Build(net, data.Shape(), nn.SoftmaxCrossEntropy, nn.Seed(1))
	if err != nil {
		log.Fatal(err)
	}
	return model, data, test
}

// The average of the weights is tested, with statistics of its own, and is what the model has in the end.
func ExampleSolution() {
	ctx := context.Background()
	model, data, test := averageable()
	solver, err := solvers.New(solvers.NAG{Momentum: 0.9}, solvers.Rate(schedules.Constant(0.1)), solvers.Average(solvers.EMA{Decay: 0.98}))
	if err != nil {
		log.Fatal(err)
	}
	mean := model.Weights().Like()
	history, err := train.Fit(ctx, model, data, solver, train.Epochs(4), train.Test(test), train.Solution(mean))
	if err != nil {
		log.Fatal(err)
	}
	again, err := train.Evaluate(ctx, model, test)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("the history speaks of the model:", again == history.Test().Evaluation)
	// Output: the history speaks of the model: true
}

// Weights that were put together by hand need statistics of their own.
func ExampleRecalibration() {
	ctx := context.Background()
	model, data, test := averageable()
	solver, err := solvers.New(solvers.NAG{Momentum: 0.9}, solvers.Rate(schedules.Constant(0.1)))
	if err != nil {
		log.Fatal(err)
	}
	first := model.Weights().Like()
	if _, err := train.Fit(ctx, model, data, solver, train.Epochs(2)); err != nil {
		log.Fatal(err)
	}
	first.Copy(model.Weights())
	if _, err := train.Fit(ctx, model, data, solver, train.Epochs(2), train.Seed(2)); err != nil {
		log.Fatal(err)
	}
	model.Weights().Scale(0.5)
	model.Weights().Axpy(0.5, first)
	if err := train.DefaultRecalibration.Run(ctx, model, data, model.Weights()); err != nil {
		log.Fatal(err)
	}
	e, err := train.Evaluate(ctx, model, test)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("over 95 %:", e.Accuracy() > 0.95)
	// Output: over 95 %: true
}

// A model loads the result of a training from its checkpoint.
func ExampleSave() {
	ctx := context.Background()
	model, data, test := averageable()
	loaded, _, _ := averageable()
	solver, err := solvers.New(solvers.NAG{Momentum: 0.9}, solvers.Rate(schedules.Constant(0.1)), solvers.Average(solvers.EMA{Decay: 0.98}))
	if err != nil {
		log.Fatal(err)
	}
	folder, err := os.MkdirTemp("", "training")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(folder)
	path := filepath.Join(folder, "run.safetensors")
	_, err = train.Fit(ctx, model, data, solver, train.Epochs(4), train.Solution(model.Weights().Like()), train.Save(path))
	if err != nil {
		log.Fatal(err)
	}
	if err := loaded.Load(path); err != nil { // another model of the same network
		log.Fatal(err)
	}
	was, err := train.Evaluate(ctx, model, test)
	if err != nil {
		log.Fatal(err)
	}
	is, err := train.Evaluate(ctx, loaded, test)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("as good as the one that was trained:", is == was)
	// Output: as good as the one that was trained: true
}
