package instruments_test

import (
	"context"
	"fmt"
	"log"

	"github.com/fallline/fallline/datasets"
	"github.com/fallline/fallline/nn"
	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/solvers"
	"github.com/fallline/fallline/train"
	"github.com/fallline/fallline/train/instruments"
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

// The sharpness of the loss before a training and after it, and the greatest rate at which gradient descent would be
// stable there.
func ExampleCurvature_Measure() {
	ctx := context.Background()
	model, data, solver := example()
	objective, err := train.NewObjective(model, data)
	if err != nil {
		log.Fatal(err)
	}
	defer objective.Close()
	for range 2 {
		sharpness, err := instruments.DefaultCurvature.Measure(ctx, objective, model.Weights())
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
		noise, err := instruments.NoiseMeter{Small: 8, Large: 256, Batches: 20}.Measure(ctx, it.Objective, it.Run.Weights())
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
	tracker := instruments.NoiseTracker{Keep: 0.9}
	_, err := train.Fit(ctx, model, data, solver, train.Epochs(4), train.Batch(100), train.MicroBatch(25),
		train.OnIteration(func(it train.Iteration) error {
			_, err := tracker.Add(instruments.NoiseOf(it.Pieces))
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
func Example_rangeTest() {
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
	var meter instruments.NormMeter
	var names []string
	_, err := train.Fit(ctx, model, data, solver, train.Iterations(2), train.OnIteration(func(it train.Iteration) error {
		norms, err := meter.Measure(it.Run)
		for _, n := range instruments.ByLayer(norms) {
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
