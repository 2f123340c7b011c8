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
	data      string
	synthetic bool
	validate  int // training images set aside to test on
	images    int // to train on; 0: all
	testEvery int // epochs from one test to the next
	record    string
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
	if !s.Set["lr"] && !s.Adaptive() {
		s.Rate *= float64(s.Batch) / float64(s.plan.Batch)
	}
	return s, s.check()
}

// flags makes the flags that fill s.
func (s *settings) flags() *flag.FlagSet {
	f := cli.Flags("cifar")
	s.name = recipes[0].name
	cli.Choice(f, &s.name, "recipe", "a network and what trains it well", names())
	s.Register(f)
	f.StringVar(&s.data, "data", "", "`folder` with the six files of CIFAR-10's binary version, in place of the cache, which is filled from the network when first used")
	f.BoolVar(&s.synthetic, "synthetic", false, "train on made images of ten kinds: a try-out without CIFAR-10")
	cli.Int(f, &s.validate, "validate", 0, math.MaxInt32, "training `images` to set aside and test on, in place of the test set: to choose settings by")
	cli.Int(f, &s.images, "images", 0, math.MaxInt32, "`images` to train on, the first ones; 0 is all")
	s.testEvery = 1
	cli.Int(f, &s.testEvery, "test-every", 1, math.MaxInt32, "`epochs` from one test to the next; the last is at the end")
	f.StringVar(&s.record, "record", "", "`file` to add a line to, a JSON object with the result, all settings, processor and commit")
	return f
}

func (s *settings) check() error {
	if s.synthetic && s.data != "" {
		return errors.New("-synthetic and -data are both given: want one of them")
	}
	return s.Check()
}

// usage explains the flags and the recipes.
func usage(w io.Writer) {
	cli.Usage(w, "Trains a network on CIFAR-10.", "cifar [flags]", new(settings).flags())
	fmt.Fprint(w, "\nWhat isn't given depends on the recipe, and its rate is in proportion to the batch:\n\n")
	for _, r := range recipes {
		fmt.Fprintf(w, "  -recipe %s %v\n", r.name, r.plan)
	}
	training.Usage(w)
}

// names are those of the recipes.
func names() (n []string) {
	for _, r := range recipes {
		n = append(n, r.name)
	}
	return n
}
