package train_test

import (
	"context"
	"fmt"
	"log"

	"github.com/fallline/fallline/datasets"
	"github.com/fallline/fallline/nn"
	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/solvers"
	"github.com/fallline/fallline/train"
)

// example is what the examples train: a network that tells three clouds of points apart.
func example() (*nn.Model, *datasets.Examples, *solvers.Solver) {
	data, err := datasets.Blobs(600, 4, 3, 0.3, 1)
	if err != nil {
		log.Fatal(err)
	}
	net := nn.Sequential(nn.Dense(16), nn.Tanh(), nn.Dropout(0.2), nn.Dense(3))
	model, err := nn.Build(net, data.Shape(), nn.SoftmaxCrossEntropy, nn.Seed(1), nn.Float64())
	if err != nil {
		log.Fatal(err)
	}
	solver, err := solvers.New(solvers.NAG{Momentum: 0.9}, solvers.Rate(schedules.Constant(0.05)))
	if err != nil {
		log.Fatal(err)
	}
	return model, data, solver
}

// Growing the batch takes the place of lowering the rate, and fewer iterations.
func ExampleBatchSchedule() {
	ctx := context.Background()
	model, data, solver := example()
	grow := schedules.Milestones(20, 5, schedules.Epochs(4), schedules.Epochs(6)) // 20, then 100, then 500
	history, err := train.Fit(ctx, model, data, solver, train.Epochs(8), train.BatchSchedule(grow))
	if err != nil {
		log.Fatal(err)
	}
	for _, e := range history.Epochs[3:7] {
		fmt.Printf("epoch %d: %d iterations\n", e.Number, e.Iterations)
	}
	// Output:
	// epoch 4: 30 iterations
	// epoch 5: 6 iterations
	// epoch 6: 6 iterations
	// epoch 7: 2 iterations
}

// Any quantity can have a course of its own.
func ExampleSchedule() {
	ctx := context.Background()
	model, data, solver := example()
	_, err := train.Fit(ctx, model, data, solver, train.Epochs(4), train.Batch(50),
		train.Schedule("rate", schedules.Warmup(12, schedules.Cosine(0.1, 0, 36))),
		train.Schedule("momentum", schedules.Linear(0.8, 0.95, 48)),
		train.Schedule("dropout", schedules.Linear(0.5, 0, schedules.Epochs(4))))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("done")
	// Output: done
}

// A plateau lowers the rate when the loss has stopped falling.
func ExampleObserve() {
	ctx := context.Background()
	model, data, solver := example()
	plateau := &schedules.Plateau{Of: schedules.Constant(0.1), Factor: 0.1, Patience: 2, Threshold: 0.01}
	_, err := train.Fit(ctx, model, data, solver, train.Epochs(30), train.Batch(50),
		train.Schedule("rate", plateau), train.Observe(train.TrainLoss))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(plateau.Reductions() > 0)
	// Output: true
}

// What variance reduction gains, iteration by iteration.
func ExampleIteration() {
	ctx := context.Background()
	model, data, _ := example()
	solver, err := solvers.New(solvers.SGD{}, solvers.From(solvers.SVRG{Passes: 1}), solvers.Rate(schedules.Constant(0.05)))
	if err != nil {
		log.Fatal(err)
	}
	_, err = train.Fit(ctx, model, data, solver, train.Epochs(1), train.OnIteration(func(it train.Iteration) error {
		if it.Number != 3 {
			return nil
		}
		variance, err := solvers.VarianceMeter{Batches: 30, Seed: 1}.Measure(it.Run)
		fmt.Println("less than that of a batch's gradient:", variance.Ratio < 0.1)
		return err
	}))
	if err != nil {
		log.Fatal(err)
	}
	// Output: less than that of a batch's gradient: true
}

// losses prints the mean loss of each epoch so far, every hundred iterations.
type losses struct{ train.BaseListener }

func (losses) Iteration(x train.Figures) {
	if x.Number%100 == 0 {
		fmt.Printf("iteration %d: loss below 1: %v\n", x.Number, x.Running.Loss < 1)
	}
}

// A listener is told how a training goes.
func ExampleWatch() {
	model, data, solver := example()
	_, err := train.Fit(context.Background(), model, data, solver, train.Iterations(250), train.Watch(losses{}))
	if err != nil {
		log.Fatal(err)
	}
	// Output:
	// iteration 100: loss below 1: true
	// iteration 200: loss below 1: true
}
