// Command convex minimises a regularised linear model with variance-reduced methods and prints how far it is from the
// optimum, pass by pass:
//
//	F(w) = 1/n Σ ℓ(wᵀx_i, y_i) + λ/2 ‖w‖² + l1 ‖w‖₁
//
//	go run ./examples/convex -data a9a.gz
//	go run ./examples/convex -data a9a.gz -solver all -passes 30 -plot a9a.svg
//	go run ./examples/convex -data mnist -lambda 1e-3 -target 1e-5
//
// Data is LIBSVM text, or the MNIST digits in the program. Two classes take the logistic loss of one output, more take
// softmax.
//
// Seconds count what a user waits for once the data is in memory: making the objective, choosing solver and step, first
// full passes, tables, iterations. The search for the optimum and the evaluations of F for the printout stand outside
// the clock.
package main

import (
	"fmt"
	"io"
	"os"

	"github.com/fallline/fallline/checkpoint"
	"github.com/fallline/fallline/examples/internal/cli"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// run is the whole command; it returns the exit code.
func run(args []string, stdout, stderr io.Writer) int {
	s, err := parse(args)
	if err != nil {
		return cli.Refuse("convex", err, usage, stdout, stderr)
	}
	return cli.End("convex", s.minimise(stdout), stderr)
}

// minimise does what the settings say.
func (s *settings) minimise(out io.Writer) error {
	if _, err := cli.Start(s.threads); err != nil {
		return err
	}
	if s.plot != "" {
		if err := checkpoint.CheckPath(s.plot); err != nil {
			return fmt.Errorf("-plot: %w", err)
		}
	}
	p, err := s.load()
	if err != nil {
		return err
	}
	for _, name := range s.solvers { // now, not after the optimum was searched and other solvers have run
		if _, _, err := s.open(p, name); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	if err := p.solve(); err != nil {
		return err
	}
	fmt.Fprintf(out, "n %d d %d classes %d lambda %.3e F* %.15f\n", p.n, p.d, p.classes, p.lambda, p.best)
	var curves []curve
	for _, name := range s.solvers {
		c, err := s.trace(p, name, out)
		if err != nil {
			return err
		}
		curves = append(curves, c)
	}
	if s.json {
		if err := writeJSON(out, p, curves); err != nil {
			return err
		}
	}
	if s.plot != "" {
		return drawCurves(s.plot, p, curves)
	}
	return nil
}
