// Command lab puts claims about stochastic gradient descent to the test, on digits and on made data, and writes a page
// with what came of each: the claim, what was measured with its interval over seeds, a verdict, and figures.
//
//	go run ./examples/lab                                       # lists the experiments
//	go run -buildvcs=true ./examples/lab all -out lab           # does them all and writes lab/index.html
//	go run ./examples/lab momentum nesterov -quick -out lab     # a look at two of them
//	go run ./examples/lab all -out lab -resume                  # goes on where an interrupted run ended
//
// A verdict is computed from the runs, by bounds that stand beside it: borne out where all of the measurement's 95 %
// interval lies within them, not borne out where none of it does, and else undecided.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/fallline/fallline/checkpoint"
	"github.com/fallline/fallline/examples/internal/cli"
)

func main() { cli.Main(run) }

// run is the whole command; it returns the exit code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	s, err := parse(args)
	if err != nil {
		return cli.Refuse("lab", err, usage, stdout, stderr)
	}
	if len(s.names) == 0 {
		list(stdout)
		return 0
	}
	return cli.End("lab", s.conduct(ctx, stdout, stderr), stderr)
}

// conduct does what the settings say. What is finished is written at once, so that it outlasts an interruption.
func (s *settings) conduct(ctx context.Context, stdout, stderr io.Writer) error {
	if _, err := cli.Start(s.threads); err != nil {
		return err
	}
	if err := s.prepare(); err != nil {
		return err
	}
	l := &lab{ctx: ctx, data: s.data}
	if s.quick {
		l.scale = quick
	}
	chosen, err := choose(s.names)
	if err != nil {
		return err
	}
	return s.each(l, chosen, stdout, stderr)
}

// prepare makes the folders, and finds out at once what an experiment would otherwise find in an hour.
func (s *settings) prepare() error {
	for _, dir := range []string{s.out, s.figures} {
		if dir == "" {
			continue
		}
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return err
		}
		if err := checkpoint.CheckPath(filepath.Join(dir, pageName)); err != nil {
			return err
		}
	}
	if s.data == "" {
		return nil
	}
	_, err := openTwoClasses(s.data)
	return err
}

// each does experiment by experiment. The page has all results that are in the folder, those of earlier runs too.
func (s *settings) each(l *lab, chosen []experiment, stdout, stderr io.Writer) error {
	results := s.earlier(l)
	for i, e := range chosen {
		p := newProgress(stderr, sprintf("[%d/%d] %s", i+1, len(chosen), e.name))
		l.note = p.note
		r := results[e.name]
		keep := s.resume && r != nil
		if !keep {
			var err error
			if r, err = conduct(l, e); err != nil {
				p.end("stopped")
				return s.stopped(err, i, len(chosen))
			}
			results[e.name] = r
		}
		if err := s.write(r, results, stdout); err != nil {
			return err
		}
		p.end(summary(r, keep))
	}
	if s.out != "" {
		fmt.Fprintf(stderr, "%s shows %d of %d experiments\n", filepath.Join(s.out, pageName), len(results), len(experiments))
	}
	return nil
}

// earlier are the results in -out that the same program made with the same settings, by experiment.
func (s *settings) earlier(l *lab) map[string]*result {
	results := map[string]*result{}
	if s.out == "" {
		return results
	}
	for _, e := range experiments {
		if r := recall(l, s.out, e.name); r != nil {
			results[e.name] = r
		}
	}
	return results
}

// stopped says in the error what is kept.
func (s *settings) stopped(err error, done, all int) error {
	if s.out == "" || done == 0 {
		return err
	}
	return fmt.Errorf("%w; %d of %d experiments are finished and kept: -resume goes on", err, done, all)
}

// summary is the line that stands at the end of an experiment.
func summary(r *result, kept bool) string {
	text := sprintf("%.1f s", r.Seconds)
	if kept {
		text = "kept from before"
	}
	for _, c := range r.Counts() {
		if c.Verdict == unjudged {
			text += sprintf(", %d claims measured", c.N)
		} else {
			text += sprintf(", %d %s", c.N, c.Verdict)
		}
	}
	return text
}

// pageName is the file of the page in -out.
const pageName = "index.html"

// write writes what is there after an experiment.
func (s *settings) write(r *result, results map[string]*result, stdout io.Writer) error {
	if s.out != "" {
		if err := r.keep(s.out); err != nil {
			return err
		}
		if err := writePage(s.out, results); err != nil {
			return err
		}
	}
	if s.figures != "" {
		for _, f := range r.Figures {
			if err := cli.WriteFile(filepath.Join(s.figures, f.Name+".svg"), []byte(alone(f.SVG))); err != nil {
				return err
			}
		}
	}
	if !s.json {
		return nil
	}
	bare := *r
	bare.Figures = nil
	return json.NewEncoder(stdout).Encode(bare)
}

// writePage writes the page of some results, in the order of the experiments.
func writePage(dir string, results map[string]*result) error {
	var all []*result
	for _, e := range experiments {
		if r := results[e.name]; r != nil {
			all = append(all, r)
		}
	}
	page, err := compose(all)
	if err != nil {
		return err
	}
	return cli.WriteFile(filepath.Join(dir, pageName), page)
}
