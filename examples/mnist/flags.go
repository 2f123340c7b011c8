package main

import (
	"flag"
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/pkg/errors"

	"github.com/fallline/fallline/examples/internal/cli"
	"github.com/fallline/fallline/examples/internal/training"
)

// settings is what the command line says, with the recipe's values where it says nothing.
type settings struct {
	recipe
	training.Settings
	warmup int // iterations
	data   string
	source string
}

// parse reads the command line.
func parse(args []string) (*settings, error) {
	s := new(settings)
	f := s.flags()
	if err := cli.ParseFlags(f, args); err != nil {
		return nil, err
	}
	s.recipe = recipes[slices.Index(names(), s.name)]
	s.Fill(f, s.plan)
	return s, s.check()
}

// flags makes the flags that fill s.
func (s *settings) flags() *flag.FlagSet {
	f := cli.Flags("mnist")
	s.name = "lenet"
	cli.Choice(f, &s.name, "model", "the network", names())
	s.source = sourceNames[0]
	cli.Choice(f, &s.source, "from", "what the gradient comes from", sourceNames)
	s.Register(f)
	cli.Int(f, &s.warmup, "warmup", 0, math.MaxInt32, "`iterations` in which a learning rate that is a number rises at first")
	f.StringVar(&s.data, "data", "", "`folder` with the four files of a data set like MNIST, in place of the digits in the program")
	return f
}

func (s *settings) check() error {
	switch {
	case s.RateFlag.Schedule != nil && s.Set["warmup"]:
		return errors.Errorf("-lr %v is a whole schedule: -warmup goes with a number", &s.RateFlag)
	case s.BatchFlag.Schedule != nil && s.warmup > 0:
		return errors.Errorf("-warmup counts iterations, and how many there are depends on -batch %v: give -lr a schedule in epochs", &s.BatchFlag)
	}
	return s.Check()
}

// usage explains the flags and the recipes.
func usage(w io.Writer) {
	cli.Usage(w, "Trains a network on the MNIST digits.", "mnist [flags]", new(settings).flags())
	fmt.Fprint(w, "\nWhat isn't given depends on the model:\n\n")
	for _, r := range recipes {
		fmt.Fprintf(w, "  -model %s %v\n", r.name, r.plan)
	}
	training.Usage(w)
}

// names are those of the networks.
func names() (n []string) {
	for _, r := range recipes {
		n = append(n, r.name)
	}
	return n
}
