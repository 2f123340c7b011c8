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

// The sharpness of the loss before a training and after it, and the greatest rate at which gradient descent would be stable there.
func ExampleCurvature_Measure() {
	ctx := context.Background()
	model, data, solver := example()
	objective, err := train.NewObjective(model, data)
	if err != nil {
		log.Fatal(err)
	}
	defer objective.Close()
	for range 2 {
		sharpness, err := train.DefaultCurvature.Measure(ctx, objective, model.Weights())
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("eigenvalue %.1f, rates below %.1f\n", sharpness.Eigenvalue, 2/sharpness.Eigenvalue)
		if _, err := train.Fit(ctx, model, data, solver, train.Epochs(10)); err != nil {
			log.Fatal(err)
		}
	}
	// Output:
	// eigenvalue 2.3, rates below 0.9
	// eigenvalue 2.0, rates below 1.0
}

// How large a batch is worth its examples, at the beginning and after a while.
func ExampleNoiseMeter_Measure() {
	ctx := context.Background()
	model, data, solver := example()
	var scales []float64
	_, err := train.Fit(ctx, model, data, solver, train.Epochs(4), train.OnIteration(func(it train.Iteration) error {
		if it.Number != 1 && it.Number != 60 {
			return nil
		}
		noise, err := train.NoiseMeter{Small: 8, Large: 256, Batches: 20}.Measure(ctx, it.Objective, it.Run.Weights())
		scales = append(scales, noise.Scale)
		return err
	}))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("the noise scale has grown:", scales[1] > 2*scales[0])
	// Output: the noise scale has grown: true
}

// With micro-batches the noise scale comes at no cost to speak of.
func ExampleNoiseTracker() {
	ctx := context.Background()
	model, data, solver := example()
	tracker := train.NoiseTracker{Keep: 0.9}
	_, err := train.Fit(ctx, model, data, solver, train.Epochs(4), train.Batch(100), train.MicroBatch(25),
		train.OnIteration(func(it train.Iteration) error {
			_, err := tracker.Add(train.NoiseOf(it.Pieces))
			return err
		}))
	if err != nil {
		log.Fatal(err)
	}
	noise := tracker.Noise()
	fmt.Println(noise.Scale > 1, noise.Scale < 10000)
	// Output: true true
}

// A range test suggests a rate and leaves model and solver as they were.
func ExampleRangeTest_Find() {
	ctx := context.Background()
	model, data, solver := example()
	options := []train.Option{train.Batch(50), train.Seed(1)}
	found, err := train.DefaultRangeTest.Find(ctx, model, data, solver, options...)
	if err != nil {
		log.Fatal(err)
	}
	solver, err = solver.With("rate", schedules.Cosine(found.Suggest, 0, schedules.Epochs(5)))
	if err != nil {
		log.Fatal(err)
	}
	history, err := train.Fit(ctx, model, data, solver, append(options, train.Epochs(5))...)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(found.Suggest > 1e-3, history.Loss() < found.Losses[0]/2)
	// Output: true true
}

// Which layers move, and how far.
func ExampleNormMeter_Measure() {
	ctx := context.Background()
	model, data, solver := example()
	var meter train.NormMeter
	var names []string
	_, err := train.Fit(ctx, model, data, solver, train.Iterations(2), train.OnIteration(func(it train.Iteration) error {
		norms, err := meter.Measure(it.Run)
		for _, n := range train.ByLayer(norms) {
			if it.Number == 2 && n.Ratio() > 1e-4 {
				names = append(names, n.Name)
			}
		}
		return err
	}))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(names)
	// Output: [dense1 dense2]
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
