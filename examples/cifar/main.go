// Command cifar trains a network on CIFAR-10 by one of a few recipes and prints how good it is on the test set.
//
//	go run ./examples/cifar                              # 94 % in minutes; downloads CIFAR-10 once, 170 MB
//	go run ./examples/cifar -data cifar-10-batches-bin   # or takes it from a folder
//	go run ./examples/cifar -synthetic -epochs 3         # or made images, for a try-out
//	go run ./examples/cifar -recipe resnet9 -save run.safetensors    # Ctrl-C ends it in good order
//	go run ./examples/cifar -recipe resnet9 -resume run.safetensors
package main

import (
	"context"
	"fmt"
	"io"

	"github.com/fallline/fallline"
	"github.com/fallline/fallline/datasets/cifar"
	"github.com/fallline/fallline/examples/internal/cli"
	"github.com/fallline/fallline/nn"
	"github.com/fallline/fallline/train"
)

func main() { cli.Main(run) }

// run is the whole command; it returns the exit code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	s, err := parse(args)
	if err != nil {
		return cli.Refuse("cifar", err, usage, stdout, stderr)
	}
	if s.Plot != "" {
		err = s.draw(ctx)
	} else {
		err = s.train(ctx, stdout, stderr)
	}
	return cli.End("cifar", err, stderr)
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
	if s.record != "" {
		if err := s.appendRecord(nil); err != nil { // now, not after a training
			return err
		}
	}
	photos, err := s.load(ctx, stderr)
	if err != nil {
		return err
	}
	model, err := nn.Build(s.net(photos.train.Classes(), photos.sample), cifar.Shape(), nn.LabelSmoothing(s.smoothing), nn.Seed(s.Seed))
	if err != nil {
		return err
	}
	solver, err := s.newSolver()
	if err != nil {
		return err
	}
	fmt.Fprintf(stdout, "%s\n%s\n%v batch=%v epochs=%d kernels=%s threads=%d\n",
		model.Summary(), s.describe(photos), solver, s.BatchValue(), s.Epochs, kernels, fallline.Threads())
	options := append(s.Options(stderr), train.Test(photos.test, train.EveryEpochs(s.testEvery)), train.Solution(model.Weights().Like()))
	history, err := train.Fit(ctx, model, photos.train, solver, options...)
	if err != nil {
		return s.Stopped(ctx, err)
	}
	averaged, err := nn.Averaged(model, s.views...)
	if err != nil {
		return err
	}
	final, err := train.Evaluate(ctx, averaged, photos.test)
	if err != nil {
		return err
	}
	return s.report(stdout, &outcome{photos, model, solver, history, final})
}

// describe says what there is to train and to test on.
func (s *settings) describe(p *photos) string {
	what, test := "images of CIFAR-10", "test images"
	if s.synthetic {
		what = "made images, not CIFAR-10: their accuracy says nothing about it"
	}
	if s.validate > 0 {
		test = "training images set aside"
	}
	return fmt.Sprintf("%d %s; tested on %d %s", p.train.Len(), what, p.test.Len(), test)
}
