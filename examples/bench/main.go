// Command bench times training steps: forward, backward and a Nesterov update with momentum 0.9, in float32 on random
// data.
//
//	go run ./examples/bench [logreg|mlp|lenet|resnet9 ...] [-batch N] [-seconds S] [-threads N]
//
// It prints a line for each model, all of them if none is named: name, batch, milliseconds a step, examples a second,
// kernel set, and the most memory that the whole process held at a time, in MB (- where the system doesn't tell). The
// time is the median of the steps after three that don't count. Memory is exact for the first model named; one that
// follows starts from what is left of the last.
package main

import (
	"fmt"
	"io"
	"os"

	"github.com/fallline/fallline/examples/internal/cli"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// run is the whole command; it returns the exit code.
func run(args []string, stdout, stderr io.Writer) int {
	s, err := parse(args)
	if err != nil {
		return cli.Refuse("bench", err, usage, stdout, stderr)
	}
	return cli.End("bench", s.measure(stdout), stderr)
}

// measure prints the line of each model.
func (s *settings) measure(w io.Writer) error {
	kernels, err := cli.Start(s.threads)
	if err != nil {
		return err
	}
	for _, m := range s.models {
		resetPeak()
		t, err := m.median(s.batch, s.limit)
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "%s %d %.3f %.0f %s %s\n", m.name, s.batch, t.Seconds()*1e3, float64(s.batch)/t.Seconds(), kernels, peak())
	}
	return nil
}
