package main

import (
	"flag"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/pkg/errors"

	"github.com/fallline/fallline/examples/internal/cli"
)

// settings is what the command line says.
type settings struct {
	data      string
	loss      string
	lambda    float64 // NaN: 1/n
	l1        float64
	solvers   []string
	batch     int     // 0: auto
	step      float64 // 0: auto
	target    float64
	passes    int
	seed      uint64
	threads   int
	wide      bool
	intercept bool
	json      bool
	plot      string
}

// parse reads the command line.
func parse(args []string) (*settings, error) {
	s := new(settings)
	f := s.flags()
	if err := cli.ParseFlags(f, args); err != nil {
		return nil, err
	}
	return s, s.check()
}

// flags makes the flags that fill s.
func (s *settings) flags() *flag.FlagSet {
	f := cli.Flags("convex")
	s.lambda, s.solvers, s.loss = math.NaN(), []string{"auto"}, "logistic"
	f.StringVar(&s.data, "data", "", "`FILE` of LIBSVM text, .gz too, or mnist for the digits in the program")
	cli.Choice(f, &s.loss, "loss", "the loss, where more than two classes take softmax for logistic", []string{"logistic", "squared"})
	f.Func("lambda", "`λ` of λ/2 ‖w‖², at least 0; default 1/n", func(v string) error { return number(v, &s.lambda) })
	f.Func("l1", "`strength` of the 1-norm, at least 0; default 0", func(v string) error { return number(v, &s.l1) })
	f.Func("solver", "`names` of solvers, separated by commas: auto, all, "+strings.Join(recipeNames(), ", ")+"; default auto", s.setSolvers)
	f.Func("batch", "examples in a batch, a `number` or auto; default auto", func(v string) error {
		return auto(v, func() (err error) {
			if s.batch, err = strconv.Atoi(v); err != nil || s.batch < 1 {
				return errors.New("want auto or a whole number of at least 1")
			}
			return nil
		})
	})
	f.Func("step", "learning rate, a `number` above 0 or auto for theory's; default auto", func(v string) error {
		return auto(v, func() error {
			if err := number(v, &s.step); err != nil || s.step == 0 {
				return errors.New("want auto or a number above 0")
			}
			return nil
		})
	})
	f.Float64Var(&s.target, "target", 1e-6, "gap F-F* to reach")
	s.passes = 100
	cli.Int(f, &s.passes, "passes", 1, math.MaxInt32, "most `passes` over the data")
	f.Uint64Var(&s.seed, "seed", 1, "seed of the order of the examples")
	cli.Threads(f, &s.threads)
	f.BoolVar(&s.wide, "float64", false, "compute in float64 instead of float32")
	f.BoolVar(&s.intercept, "intercept", false, "add an intercept, which isn't regularised")
	f.BoolVar(&s.json, "json", false, "print the curves as a JSON object in the last line")
	f.StringVar(&s.plot, "plot", "", "`FILE`.svg to draw the gap in, against passes and against seconds")
	return f
}

// auto sets nothing for the word auto.
func auto(v string, set func() error) error {
	if v == "auto" {
		return nil
	}
	return set()
}

// number reads a finite number of at least 0.
func number(v string, to *float64) error {
	x, err := strconv.ParseFloat(v, 64)
	if err != nil || !(x >= 0) || math.IsInf(x, 1) {
		return errors.New("want a finite number of at least 0")
	}
	*to = x
	return nil
}

// setSolvers reads the list of solvers.
func (s *settings) setSolvers(v string) error {
	if v == "all" {
		s.solvers = recipeNames()
		return nil
	}
	s.solvers = strings.Split(v, ",")
	for _, name := range s.solvers {
		if name != "auto" && !slices.Contains(recipeNames(), name) {
			return errors.Errorf("no solver %q, want auto, all, %s", name, strings.Join(recipeNames(), ", "))
		}
	}
	return nil
}

func (s *settings) check() error {
	switch {
	case s.data == "":
		return errors.New("no data: give -data FILE or -data mnist")
	case !(s.target > 0) || math.IsInf(s.target, 1):
		return errors.Errorf("-target %v, want a finite number above 0", s.target)
	case s.plot != "" && !strings.EqualFold(filepath.Ext(s.plot), ".svg"):
		return errors.Errorf("-plot %s, want a file that ends in .svg", s.plot)
	}
	return nil
}

// usage explains the flags.
func usage(w io.Writer) {
	cli.Usage(w, "Minimises a regularised linear model and prints the gap to the optimum, pass by pass.", "convex -data FILE [flags]", new(settings).flags())
	fmt.Fprintln(w, "\nThe solvers, each with the step that theory gives for it unless -step says otherwise:")
	for _, r := range recipes {
		fmt.Fprintf(w, "  %-10s %s\n", r.name, r.about)
	}
}
