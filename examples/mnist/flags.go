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
	lr, momentum, batches course // as given; the recipe's rate and batch where they are numbers
	seed                  uint64
	threads               int
	data                  string
	source                string
	save, resume          string
	plot                  string
	json                  bool
	set                   map[string]bool // flags that were given
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
	if rate, ok := adaptiveRates[given.solver]; ok {
		s.rate = rate
	}
	s.set = map[string]bool{}
	f.Visit(func(f *flag.Flag) {
		s.set[f.Name] = true
		s.depart(&given, f.Name)
	})
	return &s, s.check()
}

// flags makes the flags that fill s.
func (s *settings) flags() *flag.FlagSet {
	f := flag.NewFlagSet("mnist", flag.ContinueOnError)
	f.SetOutput(io.Discard)
	s.name = "lenet"
	f.Var(choice{&s.name, names(recipes)}, "model", "`name` of the network: "+list(names(recipes)))
	f.Var(choice{&s.solver, solverNames}, "solver", "`name` of the rule: "+list(solverNames))
	s.source = sourceNames[0]
	f.Var(choice{&s.source, sourceNames}, "from", "`name` of where the gradient comes from: "+list(sourceNames))
	f.Var(&s.lr, "lr", "learning `rate`: a number, the highest that -schedule and -warmup reach, or a whole schedule as text")
	f.Var(choice{&s.schedule, scheduleNames}, "schedule", "`name` of the course of a learning rate that is a number: "+list(scheduleNames))
	f.IntVar(&s.warmup, "warmup", 0, "iterations in which a learning rate that is a number rises at first")
	f.Var(&s.momentum, "momentum", "`momentum` of a solver that has one: a number or a schedule")
	f.Var(&s.batches, "batch", "examples in a `batch`: a number or a schedule")
	f.IntVar(&s.epochs, "epochs", 0, "passes over the training set")
	f.Uint64Var(&s.seed, "seed", 1, "seed of the weights and of the order of the examples")
	f.IntVar(&s.threads, "threads", runtime.GOMAXPROCS(0), "threads to compute on")
	f.StringVar(&s.data, "data", "", "`folder` with the four files of a data set like MNIST, in place of the digits in the program")
	f.StringVar(&s.save, "save", "", "`file` to save the training to, after each epoch and at the end")
	f.StringVar(&s.resume, "resume", "", "`file` to go on from; it was saved with the same model, solver, batch and seed")
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
	case "warmup":
		s.warmup = given.warmup
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
	case s.lr.schedule != nil && (s.set["schedule"] || s.set["warmup"]):
		return errors.Errorf("-lr %s is a whole schedule: -schedule and -warmup go with a number", s.lr.text)
	case s.batches.schedule != nil && s.warmup > 0:
		return errors.Errorf("-warmup counts iterations, and how many there are depends on -batch %s: give -lr a schedule in epochs", s.batches.text)
	case s.batches.number != math.Trunc(s.batches.number) || math.Abs(s.batches.number) > math.MaxInt32:
		return errors.Errorf("-batch %s, want a whole number or a schedule", s.batches.text)
	case !(s.rate >= 0) || math.IsInf(s.rate, 1):
		return errors.Errorf("-lr %v, want a finite number of at least 0", s.rate)
	case s.warmup < 0:
		return errors.Errorf("-warmup %d, want at least 0", s.warmup)
	case s.batch < 1:
		return errors.Errorf("-batch %d, want at least 1", s.batch)
	case s.epochs < 1 || s.epochs > math.MaxInt32:
		return errors.Errorf("-epochs %d, want 1 to %d", s.epochs, math.MaxInt32)
	case s.threads < 1:
		return errors.Errorf("-threads %d, want at least 1", s.threads)
	}
	return nil
}

// usage explains the flags and the recipes.
func usage(w io.Writer) {
	fmt.Fprint(w, "Trains a network on the MNIST digits.\n\nusage: mnist [flags]\n\n")
	f := new(settings).flags()
	f.SetOutput(w)
	f.PrintDefaults()
	fmt.Fprint(w, "\nWhat isn't given depends on the model:\n\n")
	for _, r := range recipes {
		fmt.Fprintf(w, "  -model %s -solver %s -schedule %s -lr %v -warmup %d -batch %d -epochs %d\n",
			r.name, r.solver, r.schedule, r.rate, r.warmup, r.batch, r.epochs)
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
