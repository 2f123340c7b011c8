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
)

// settings is what the command line says, with the recipe's values where it says nothing.
type settings struct {
	recipe
	seed         uint64
	threads      int
	data         string
	source       string
	save, resume string
	json         bool
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
	f.Visit(func(f *flag.Flag) { s.depart(&given, f.Name) })
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
	f.Float64Var(&s.rate, "lr", 0, "learning rate, the schedule's highest")
	f.Var(choice{&s.schedule, scheduleNames}, "schedule", "`name` of the learning rate's course: "+list(scheduleNames))
	f.IntVar(&s.warmup, "warmup", 0, "iterations in which the learning rate rises at first")
	f.IntVar(&s.batch, "batch", 0, "examples in a batch")
	f.IntVar(&s.epochs, "epochs", 0, "passes over the training set")
	f.Uint64Var(&s.seed, "seed", 1, "seed of the weights and of the order of the examples")
	f.IntVar(&s.threads, "threads", runtime.GOMAXPROCS(0), "threads to compute on")
	f.StringVar(&s.data, "data", "", "`folder` with the four files of a data set like MNIST, in place of the digits in the program")
	f.StringVar(&s.save, "save", "", "`file` to save the training to, after each epoch and at the end")
	f.StringVar(&s.resume, "resume", "", "`file` to go on from; it was saved with the same model, solver, batch and seed")
	f.BoolVar(&s.json, "json", false, "print the result as a JSON object in the last line")
	return f
}

// depart takes over a flag that was given.
func (s *settings) depart(given *settings, name string) {
	switch name {
	case "solver":
		s.solver = given.solver
	case "lr":
		s.rate = given.rate
	case "schedule":
		s.schedule = given.schedule
	case "warmup":
		s.warmup = given.warmup
	case "batch":
		s.batch = given.batch
	case "epochs":
		s.epochs = given.epochs
	}
}

func (s *settings) check() error {
	switch {
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
