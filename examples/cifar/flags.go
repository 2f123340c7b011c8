package main

import (
	"flag"
	"fmt"
	"io"
	"math"
	"runtime"
	"slices"
	"strings"

	"github.com/pkg/errors"

	"github.com/fallline/fallline/schedules"
)

// settings is what the command line says, with the recipe's values where it says nothing.
type settings struct {
	recipe
	lr, mu, batches course // as given; the recipe's rate and batch where they are numbers
	seed            uint64
	threads         int
	data            string
	synthetic       bool
	validate        int // training images set aside to test on
	images          int // to train on; 0: all
	testEvery       int // epochs from one test to the next
	save, resume    string
	record          string
	plot            string
	json            bool
	set             map[string]bool // flags that were given
}

// parse reads the command line.
func parse(args []string) (*settings, error) {
	var given settings
	f := given.flags()
	if err := f.Parse(args); err != nil {
		return nil, err
	}
	if f.NArg() > 0 {
		return nil, errors.Errorf("unexpected argument %q: all settings are flags", f.Arg(0))
	}
	s := given
	s.recipe = recipes[slices.IndexFunc(recipes, func(r recipe) bool { return r.name == given.name })]
	batch := s.batch
	s.set = map[string]bool{}
	f.Visit(func(f *flag.Flag) {
		s.set[f.Name] = true
		s.depart(&given, f.Name)
	})
	if !s.set["lr"] {
		s.rate *= float64(s.batch) / float64(batch)
		if rate, ok := adaptiveRates[s.solver]; ok {
			s.rate = rate
		}
	}
	return &s, s.check()
}

// flags makes the flags that fill s.
func (s *settings) flags() *flag.FlagSet {
	f := flag.NewFlagSet("cifar", flag.ContinueOnError)
	f.SetOutput(io.Discard)
	s.name = recipes[0].name
	f.Var(choice{&s.name, names(recipes)}, "recipe", "`name` of a network and what trains it well: "+list(names(recipes)))
	f.Var(choice{&s.solver, solverNames}, "solver", "`name` of the rule: "+list(solverNames))
	f.Var(&s.lr, "lr", "learning `rate`: a number, the highest that -schedule reaches, or a whole schedule as text")
	f.Var(choice{&s.schedule, scheduleNames}, "schedule", "`name` of the course, after its rise, of a learning rate that is a number: "+list(scheduleNames))
	f.Var(&s.mu, "momentum", "`momentum` of a solver that has one: a number or a schedule")
	f.Var(&s.batches, "batch", "images in a `batch`: a schedule, or a number, to which the learning rate is in proportion where -lr isn't given")
	f.IntVar(&s.epochs, "epochs", 0, "passes over the training set")
	f.Uint64Var(&s.seed, "seed", 1, "seed of the weights, of the order of the images and of what is done to them")
	f.IntVar(&s.threads, "threads", runtime.GOMAXPROCS(0), "threads to compute on")
	f.StringVar(&s.data, "data", "", "`folder` with the six files of CIFAR-10's binary version, in place of the cache, which is filled from the network when first used")
	f.BoolVar(&s.synthetic, "synthetic", false, "train on made images of ten kinds: a try-out without CIFAR-10")
	f.IntVar(&s.validate, "validate", 0, "training images to set aside and test on, in place of the test set: to choose settings by")
	f.IntVar(&s.images, "images", 0, "train on the first so many images only; 0 is all")
	f.IntVar(&s.testEvery, "test-every", 1, "epochs from one test to the next; the last is at the end")
	f.StringVar(&s.save, "save", "", "`file` to save the training to, after each epoch and at the end")
	f.StringVar(&s.resume, "resume", "", "`file` to go on from; it was saved with the same recipe, solver, batch and seed")
	f.StringVar(&s.record, "record", "", "`file` to add a line to, a JSON object with the result, all settings, processor and commit")
	f.StringVar(&s.plot, "plot-schedule", "", "`file.svg` to draw the courses of the learning rate, the momentum and the batch to, without training")
	f.BoolVar(&s.json, "json", false, "print the result as a JSON object in the last line")
	return f
}

// depart takes over a flag that was given.
func (s *settings) depart(given *settings, name string) {
	switch name {
	case "solver":
		s.solver = given.solver
	case "lr":
		s.rate = given.lr.number
	case "schedule":
		s.schedule = given.schedule
	case "batch":
		if given.batches.schedule == nil {
			s.batch = int(given.batches.number)
		}
	case "epochs":
		s.epochs = given.epochs
	}
}

func (s *settings) check() error {
	switch {
	case s.lr.schedule != nil && s.set["schedule"]:
		return errors.Errorf("-lr %s is a whole schedule: -schedule goes with a number", s.lr.text)
	case s.batches.number != math.Trunc(s.batches.number) || math.Abs(s.batches.number) > math.MaxInt32:
		return errors.Errorf("-batch %s, want a whole number or a schedule", s.batches.text)
	case !(s.rate >= 0) || math.IsInf(s.rate, 1):
		return errors.Errorf("-lr %v, want a finite number of at least 0", s.rate)
	case s.batch < 1:
		return errors.Errorf("-batch %d, want at least 1", s.batch)
	case s.epochs < 1 || s.epochs > math.MaxInt32:
		return errors.Errorf("-epochs %d, want 1 to %d", s.epochs, math.MaxInt32)
	case s.threads < 1:
		return errors.Errorf("-threads %d, want at least 1", s.threads)
	case s.validate < 0:
		return errors.Errorf("-validate %d, want at least 0", s.validate)
	case s.images < 0:
		return errors.Errorf("-images %d, want at least 0", s.images)
	case s.testEvery < 1 || s.testEvery > math.MaxInt32:
		return errors.Errorf("-test-every %d, want 1 to %d", s.testEvery, math.MaxInt32)
	case s.synthetic && s.data != "":
		return errors.New("-synthetic and -data are both given: want one of them")
	}
	return nil
}

// usage explains the flags and the recipes.
func usage(w io.Writer) {
	fmt.Fprint(w, "Trains a network on CIFAR-10.\n\nusage: cifar [flags]\n\n")
	f := new(settings).flags()
	f.SetOutput(w)
	f.PrintDefaults()
	fmt.Fprint(w, "\nWhat isn't given depends on the recipe:\n\n")
	for _, r := range recipes {
		fmt.Fprintf(w, "  -recipe %s -solver %s -schedule %s -lr %v -batch %d -epochs %d\n", r.name, r.solver, r.schedule, r.rate, r.batch, r.epochs)
	}
	fmt.Fprint(w, "\nA schedule is one of these; lengths are in iterations, as 500, or in epochs, as 2.5ep:\n\n")
	for _, form := range schedules.Forms() {
		fmt.Fprintf(w, "  %s\n", form)
	}
	fmt.Fprint(w, "\nplateau follows the mean training loss of each epoch.\n")
	fmt.Fprint(w, "\nThe rules that scale each weight's steps have a rate of their own:\n\n")
	for _, name := range solverNames {
		if rate, ok := adaptiveRates[name]; ok {
			fmt.Fprintf(w, "  -solver %s -lr %v\n", name, rate)
		}
	}
}

// choice is a flag that takes one of a few words.
type choice struct {
	value *string
	legal []string
}

func (c choice) String() string {
	if c.value == nil {
		return ""
	}
	return *c.value
}

// Set refuses any other word and lists the legal ones.
func (c choice) Set(s string) error {
	if !slices.Contains(c.legal, s) {
		return errors.Errorf("want %s", list(c.legal))
	}
	*c.value = s
	return nil
}

func names(recipes []recipe) []string {
	var n []string
	for _, r := range recipes {
		n = append(n, r.name)
	}
	return n
}

// list writes words as a, b or c.
func list(words []string) string {
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " or " + words[last]
}
