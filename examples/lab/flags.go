package main

import (
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/pkg/errors"

	"github.com/fallline/fallline/examples/internal/cli"
)

// settings is what the command line says.
type settings struct {
	names   []string
	out     string
	figures string
	data    string
	quick   bool
	resume  bool
	json    bool
	threads int
}

// parse reads the command line, where flags and names may stand in any order.
func parse(args []string) (*settings, error) {
	s := new(settings)
	f := s.flags()
	var err error
	if s.names, err = cli.Parse(f, args); err != nil {
		return nil, err
	}
	if _, err := choose(s.names); err != nil {
		return nil, err
	}
	switch {
	case len(s.names) == 0 && f.NFlag() > 0:
		return nil, errors.New("no experiment is named: want all, or some of those that lab lists by itself")
	case len(s.names) > 0 && s.out == "" && s.figures == "" && !s.json:
		return nil, errors.New("nowhere to write to: give -out DIR, -figures DIR or -json")
	case s.resume && s.out == "":
		return nil, errors.New("-resume without -out: it goes on from the results in that folder")
	}
	return s, nil
}

// flags makes the flags that fill s.
func (s *settings) flags() *flag.FlagSet {
	f := cli.Flags("lab")
	f.StringVar(&s.out, "out", "", "`folder` to write index.html to, the page of all results there, and a file NAME.json for each experiment")
	f.StringVar(&s.figures, "figures", "", "`folder` to write each figure to as NAME.svg")
	f.StringVar(&s.data, "data", "", "LIBSVM `file` of two classes, .gz too, for the convex problem in the place of digits")
	f.BoolVar(&s.quick, "quick", false, "do less, for a look: no verdicts")
	f.BoolVar(&s.resume, "resume", false, "keep the results in -out that the same program made with the same settings, and do the others")
	f.BoolVar(&s.json, "json", false, "print each result as a line of JSON, without its figures")
	cli.Threads(f, &s.threads)
	return f
}

// usage explains the command and lists the experiments.
func usage(w io.Writer) {
	cli.Usage(w, "Puts claims about stochastic gradient descent to the test.", "lab NAME... [flags], or lab all [flags]", new(settings).flags())
	fmt.Fprintln(w)
	list(w)
}

// list prints the experiments.
func list(w io.Writer) {
	fmt.Fprint(w, "The experiments:\n\n")
	longest := len(slices.MaxFunc(experiments, func(a, b experiment) int { return len(a.name) - len(b.name) }).name)
	for _, e := range experiments {
		fmt.Fprintf(w, "  %s%s  %s\n", e.name, strings.Repeat(" ", longest-len(e.name)), e.title)
	}
	fmt.Fprint(w, "\nlab all -out DIR does them all and writes DIR/index.html; -quick does so in a few minutes.\n")
}
