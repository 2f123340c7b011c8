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
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/fallline/fallline"
	"github.com/fallline/fallline/datasets/cifar"
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
		fmt.Fprintf(stderr, "cifar: %v\ncifar -h lists all flags\n", err)
		return 2
	}
	if s.plot != "" {
		err = s.draw()
	} else {
		err = s.train(ctx, stdout, stderr)
	}
	if ctx.Err() != nil && s.save != "" {
		fmt.Fprintf(stderr, "cifar: -resume %s goes on from the last save\n", s.save)
	}
	if err != nil {
		fmt.Fprintf(stderr, "cifar: %v\n", err)
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
	photos, err := s.load(ctx, stderr)
	if err != nil {
		return err
	}
	model, err := nn.Build(s.net(photos.train.Classes(), photos.sample), cifar.Shape(), nn.LabelSmoothing(s.smoothing), nn.Seed(s.seed))
	if err != nil {
		return err
	}
	solver, err := s.newSolver()
	if err != nil {
		return err
	}
	fmt.Fprintf(stdout, "%s\n%s\n%v batch=%v epochs=%d kernels=%s threads=%d\n",
		model.Summary(), s.describe(photos), solver, s.batchValue(), s.epochs, kernels, fallline.Threads())
	slow := model.Weights().Like()
	options := []train.Option{
		train.Epochs(s.epochs), train.Seed(s.seed), train.Test(photos.test, train.EveryEpochs(s.testEvery)), train.Solution(slow), train.Progress(stderr),
	}
	if s.batches.schedule != nil {
		options = append(options, train.BatchSchedule(s.batches.schedule))
	} else {
		options = append(options, train.Batch(s.batch))
	}
	if s.lr.follows() || s.mu.follows() || s.batches.follows() {
		options = append(options, train.Observe(train.TrainLoss))
	}
	if s.save != "" {
		options = append(options, train.Save(s.save))
	}
	if s.resume != "" {
		options = append(options, train.Resume(s.resume))
	}
	history, err := train.Fit(ctx, model, photos.train, solver, options...)
	if err != nil {
		return err
	}
	model.Weights().Copy(slow)
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

// batchValue is the size of the batches, or the text of its course.
func (s *settings) batchValue() any {
	if s.batches.schedule != nil {
		return s.batches.schedule.String()
	}
	return s.batch
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
