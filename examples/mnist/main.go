// Command mnist trains a network on the MNIST digits, or on any data set of their form, and prints how good it is on the test set.
//
//	go run ./examples/mnist
//	go run ./examples/mnist -model mlp -solver momentum -schedule step -json
//	go run ./examples/mnist -lr "warmup(200)+cosine(0.05,0,7.5ep)" -plot-schedule rate.svg
//	go run ./examples/mnist -save run.safetensors        # Ctrl-C ends it in good order
//	go run ./examples/mnist -resume run.safetensors
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/fallline/fallline"
	"github.com/fallline/fallline/datasets"
	"github.com/fallline/fallline/datasets/mnist"
	"github.com/fallline/fallline/nn"
	"github.com/fallline/fallline/train"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // the first signal ends the training in good order, the second one the program
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run is the whole command; it returns the exit code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	s, err := parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		usage(stdout)
		return 0
	case err != nil:
		fmt.Fprintf(stderr, "mnist: %v\nmnist -h lists all flags\n", err)
		return 2
	}
	if s.plot != "" {
		err = s.draw()
	} else {
		err = s.train(ctx, stdout, stderr)
	}
	if ctx.Err() != nil && s.save != "" {
		fmt.Fprintf(stderr, "mnist: -resume %s goes on from the last save\n", s.save)
	}
	if err != nil {
		fmt.Fprintf(stderr, "mnist: %v\n", err)
		return 1
	}
	return 0
}

// train does what the settings say.
func (s *settings) train(ctx context.Context, stdout, stderr io.Writer) error {
	kernels, err := fallline.Kernels()
	if err != nil {
		return err
	}
	if err := fallline.SetThreads(s.threads); err != nil {
		return err
	}
	digits, err := s.load()
	if err != nil {
		return err
	}
	net := s.recipe.net(digits.Train.Classes())
	model, err := nn.Build(net, digits.Train.Shape(), nn.SoftmaxCrossEntropy, nn.Seed(s.seed))
	if err != nil {
		return err
	}
	solver, err := s.newSolver(digits.Train.Len())
	if err != nil {
		return err
	}
	fmt.Fprintf(stdout, "%s\n%v batch=%v epochs=%d kernels=%s threads=%d\n",
		model.Summary(), solver, s.batchValue(), s.epochs, kernels, fallline.Threads())

	options := []train.Option{train.Epochs(s.epochs), train.Seed(s.seed), train.Test(digits.Test), train.Progress(stderr)}
	if s.batches.schedule != nil {
		options = append(options, train.BatchSchedule(s.batches.schedule))
	} else {
		options = append(options, train.Batch(s.batch))
	}
	if s.lr.follows() || s.momentum.follows() || s.batches.follows() {
		options = append(options, train.Observe(train.TrainLoss))
	}
	if s.save != "" {
		options = append(options, train.Save(s.save))
	}
	if s.resume != "" {
		options = append(options, train.Resume(s.resume))
	}
	history, err := train.Fit(ctx, model, digits.Train, solver, options...)
	if err != nil {
		return err
	}
	return report(stdout, s, model, history)
}

// batchValue is the size of the batches, or the text of its course.
func (s *settings) batchValue() any {
	if s.batches.schedule != nil {
		return s.batches.schedule.String()
	}
	return s.batch
}

// load reads the digits: the embedded ones, or those of -data.
func (s *settings) load() (*datasets.Pair, error) {
	if s.data != "" {
		return mnist.Open(s.data)
	}
	return mnist.Load()
}
