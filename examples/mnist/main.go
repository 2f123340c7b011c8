// Command mnist trains a network on the MNIST digits, or on any data set of their form, and prints how good it is on
// the test set.
//
//	go run ./examples/mnist
//	go run ./examples/mnist -model mlp -solver momentum -schedule step -json
//	go run ./examples/mnist -lr "warmup(200)+cosine(0.05,0,7.5ep)" -plot-schedule rate.svg
//	go run ./examples/mnist -save run.safetensors        # Ctrl-C ends it in good order
//	go run ./examples/mnist -resume run.safetensors
package main

import (
	"context"
	"fmt"
	"io"

	"github.com/fallline/fallline"
	"github.com/fallline/fallline/datasets"
	"github.com/fallline/fallline/datasets/mnist"
	"github.com/fallline/fallline/examples/internal/cli"
	"github.com/fallline/fallline/nn"
	"github.com/fallline/fallline/train"
)

func main() { cli.Main(run) }

// run is the whole command; it returns the exit code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	s, err := parse(args)
	if err != nil {
		return cli.Refuse("mnist", err, usage, stdout, stderr)
	}
	if s.Plot != "" {
		err = s.draw(ctx)
	} else {
		err = s.train(ctx, stdout, stderr)
	}
	return cli.End("mnist", err, stderr)
}

// train does what the settings say.
func (s *settings) train(ctx context.Context, stdout, stderr io.Writer) error {
	kernels, err := cli.Start(s.Threads)
	if err != nil {
		return err
	}
	if err := s.CheckFiles(); err != nil {
		return err
	}
	digits, err := s.load()
	if err != nil {
		return err
	}
	net := s.recipe.net(digits.Train.Classes())
	model, err := nn.Build(net, digits.Train.Shape(), nn.SoftmaxCrossEntropy, nn.Seed(s.Seed))
	if err != nil {
		return err
	}
	solver, err := s.newSolver(digits.Train.Len())
	if err != nil {
		return err
	}
	fmt.Fprintf(stdout, "%s\n%v batch=%v epochs=%d kernels=%s threads=%d\n",
		model.Summary(), solver, s.BatchValue(), s.Epochs, kernels, fallline.Threads())

	options := append(s.Options(stderr), train.Test(digits.Test))
	history, err := train.Fit(ctx, model, digits.Train, solver, options...)
	if err != nil {
		return s.Stopped(ctx, err)
	}
	return report(stdout, s, model, history)
}

// load reads the digits: the embedded ones, or those of -data.
func (s *settings) load() (*datasets.Pair, error) {
	if s.data != "" {
		return mnist.Open(s.data)
	}
	return mnist.Load()
}
