// Command custom-solver trains a network on MNIST with a rule of its own: Lion, in lion.go.
//
//	go run ./examples/custom-solver
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"

	"github.com/fallline/fallline/datasets"
	"github.com/fallline/fallline/datasets/mnist"
	"github.com/fallline/fallline/nn"
	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/solvers"
	"github.com/fallline/fallline/train"
	"github.com/fallline/fallline/train/progress"
)

func main() {
	flag.Usage = func() {
		fmt.Fprintln(flag.CommandLine.Output(), "Trains a network on MNIST with a rule of its own.\n\nusage: custom-solver")
	}
	if flag.Parse(); flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	context.AfterFunc(ctx, stop) // the first signal ends the training in good order, the second one the program
	if err := run(ctx, os.Stdout, os.Stderr); err != nil {
		fmt.Fprintf(os.Stderr, "custom-solver: %v\n", err)
		os.Exit(1)
	}
}

// run trains on the digits for a short while and prints what came of it.
func run(ctx context.Context, stdout, stderr io.Writer) error {
	digits, err := mnist.Load()
	if err != nil {
		return err
	}
	const epochs, batch = 4, 128
	solver, err := solvers.New(
		Lion{Beta1: 0.9, Beta2: 0.99},
		solvers.Rate(schedules.Warmup(100, schedules.Cosine(1e-3, 0, epochs*469-100))),
		solvers.Decay(0.1, solvers.Except("bias")),
	)
	if err != nil {
		return err
	}
	test, err := fit(ctx, digits.Train, digits.Test, solver, train.Epochs(epochs), train.Batch(batch), progress.To(stderr))
	if err != nil {
		return err
	}
	fmt.Fprintf(stdout, "%v\ntest accuracy %.2f %%\n", solver, 100*test.Accuracy())
	return nil
}

// fit trains a small network with a solver and tests it.
func fit(ctx context.Context, data, test datasets.Dataset, solver *solvers.Solver, options ...train.Option) (train.Evaluation, error) {
	net := nn.Sequential(nn.Flatten(), nn.Dense(256), nn.ReLU(), nn.Dense(data.Classes()))
	model, err := nn.Build(net, data.Shape(), nn.SoftmaxCrossEntropy, nn.Seed(1))
	if err != nil {
		return train.Evaluation{}, err
	}
	if _, err := train.Fit(ctx, model, data, solver, append(options, train.Seed(1))...); err != nil {
		return train.Evaluation{}, err
	}
	return train.Evaluate(ctx, model, test)
}
