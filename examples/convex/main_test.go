package main

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/fallline/fallline/examples/internal/cli/clitest"
)

// write makes a LIBSVM file of n rows with labels of a kind: 2 or 3 classes, or 0 for numbers.
func write(t *testing.T, n, classes int) string {
	t.Helper()
	rng := rand.New(rand.NewPCG(1, 2))
	var b bytes.Buffer
	for i := range n {
		x := [4]float64{rng.NormFloat64(), rng.NormFloat64(), rng.NormFloat64(), rng.NormFloat64()}
		z := x[0] - x[1] + rng.NormFloat64()
		switch {
		case classes == 0:
			fmt.Fprintf(&b, "%.3f", z)
		case classes == 2:
			fmt.Fprintf(&b, "%+.0f", math.Copysign(1, z))
		default:
			fmt.Fprint(&b, i%classes)
		}
		for c, v := range x {
			if c == 0 || rng.IntN(2) == 0 {
				fmt.Fprintf(&b, " %d:%.3f", c+1, v)
			}
		}
		b.WriteByte('\n')
	}
	path := filepath.Join(t.TempDir(), "tiny")
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

var command = clitest.Command(run)

// TestOutput holds the form of what the command prints.
func TestOutput(t *testing.T) {
	out := command.Output(t, "-data", write(t, 60, 2), "-float64", "-target", "1e-10", "-lambda", "0.02")
	lines := strings.Split(strings.TrimSpace(out), "\n")
	forms := []string{
		`^n 60 d 4 classes 2 lambda 2\.000e-02 F\* 0\.\d{15}$`,
		`^passes \d+ seconds \d+\.\d{4} gap \d\.\d{3}e-\d\d$`,
		`^seconds to 1e-10: \d+\.\d{4}$`,
	}
	for i, line := range lines {
		form := forms[1]
		if i == 0 {
			form = forms[0]
		} else if i == len(lines)-1 {
			form = forms[2]
		}
		if !regexp.MustCompile(form).MatchString(line) {
			t.Errorf("line %q isn't of the form %s", line, form)
		}
	}
	if len(lines) < 4 {
		t.Errorf("%d lines:\n%s", len(lines), out)
	}
}

// curves are those of a run with -json.
func curves(t *testing.T, args ...string) []curve {
	t.Helper()
	return clitest.Last[struct{ Curves []curve }](t, command.Output(t, append(args, "-json")...)).Curves
}

// TestSolvers holds that every variance-reduced method converges linearly with theory's step, to where float64 ends,
// and that those with a noise floor don't; on each kind of problem.
func TestSolvers(t *testing.T) {
	floors := map[string]bool{"sgd": true, "alphasvrg": true}
	for name, c := range map[string]struct {
		classes int
		args    []string
	}{
		"logistic":  {2, []string{"-intercept"}},
		"softmax":   {3, nil},
		"squared":   {0, []string{"-loss", "squared"}},
		"batches":   {2, []string{"-batch", "8"}},
		"intercept": {0, []string{"-loss", "squared", "-intercept", "-threads", "1"}},
	} {
		t.Run(name, func(t *testing.T) {
			args := append([]string{"-data", write(t, 60, c.classes), "-float64", "-target", "1e-10", "-lambda", "0.1",
				"-passes", "4000", "-solver", "all"}, c.args...)
			all := curves(t, args...)
			if len(all) != len(recipes) {
				t.Errorf("%d solvers, want %d", len(all), len(recipes))
			}
			for _, c := range all {
				last := c.Points[len(c.Points)-1]
				if c.Seconds == nil && !floors[c.Solver] || last.Gap < -1e-14 || c.Solver == "sgd" && last.Gap < 1e-8 {
					t.Errorf("%s ends at a gap of %g after %g passes", c.Solver, last.Gap, last.Passes)
				}
			}
		})
	}
}

// TestL1 holds that a 1-norm goes with proximal methods, on one output and on several.
func TestL1(t *testing.T) {
	for _, classes := range []int{2, 3} {
		args := []string{"-data", write(t, 60, classes), "-float64", "-target", "1e-10", "-lambda", "0.05", "-l1", "0.02",
			"-passes", "1000", "-solver", "auto,saga,svrg,katyusha,gd"}
		for _, c := range curves(t, args...) {
			if c.Seconds == nil {
				t.Errorf("%d classes: %s didn't reach the optimum: %v", classes, c.Solver, c.Points[len(c.Points)-1])
			}
		}
	}
}

// TestFloat32 holds that float32 gets close to the optimum of float64, and that a limit of passes is kept.
func TestFloat32(t *testing.T) {
	path := write(t, 60, 2)
	if out := command.Output(t, "-data", path, "-target", "1e-7", "-lambda", "0.05"); strings.Contains(out, "not reached") {
		t.Error(out)
	}
	out := command.Output(t, "-data", path, "-target", "1e-13", "-passes", "2", "-step", "0.001", "-solver", "sag,saga")
	if !strings.Contains(out, "sag seconds to 1e-13: not reached\nsaga passes 1 ") || !strings.HasSuffix(out, "saga seconds to 1e-13: not reached\n") {
		t.Error(out)
	}
}

// TestDivergence holds that a step that is too long is said to be, and leaves the results of the others.
func TestDivergence(t *testing.T) {
	picture := filepath.Join(t.TempDir(), "gap.svg")
	out := command.Output(t, "-data", write(t, 60, 0), "-loss", "squared", "-float64", "-solver", "gd,sgd", "-step", "20", "-passes", "500", "-json", "-plot", picture)
	if !strings.Contains(out, "gd diverged within ") || !strings.Contains(out, "gd seconds to 1e-06: not reached") {
		t.Error(out)
	}
	command.Refuses(t, 1, "plot: nothing to draw", "-data", write(t, 60, 0), "-loss", "squared", "-float64", "-solver", "gd", "-lambda", "0", "-step", "1e300", "-plot", picture)
	all := clitest.Last[struct{ Curves []curve }](t, out).Curves
	if len(all) != 2 || all[0].Seconds != nil || len(all[0].Points) == 0 {
		t.Errorf("%+v", all)
	}
}

func TestPlot(t *testing.T) {
	path := filepath.Join(t.TempDir(), "gap.svg")
	command.Output(t, "-data", write(t, 60, 2), "-solver", "saga", "-passes", "1", "-plot", path) // a single point
	command.Output(t, "-data", write(t, 60, 2), "-solver", "saga,sgd", "-passes", "5", "-plot", path)
	picture, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{"<svg", "</svg>", "saga", "sgd", "seconds", "passes over the data"} {
		if !bytes.Contains(picture, []byte(word)) {
			t.Errorf("no %q in the picture", word)
		}
	}
}

func TestBad(t *testing.T) {
	path := write(t, 10, 2)
	broken := filepath.Join(t.TempDir(), "broken")
	if err := os.WriteFile(broken, []byte("1 1:2\n-1 2:x\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	command.Refuses(t, 2, "no data")
	command.Refuses(t, 2, "want auto, all, saga, sag", "-data", path, "-solver", "adam")
	command.Refuses(t, 2, "want logistic or squared", "-data", path, "-loss", "hinge")
	command.Refuses(t, 2, "at least 0", "-data", path, "-lambda", "-1")
	command.Refuses(t, 2, "at least 0", "-data", path, "-l1", "x")
	command.Refuses(t, 2, "auto or a number above 0", "-data", path, "-step", "0")
	command.Refuses(t, 2, "want auto or a whole number of at least 1", "-data", path, "-batch", "0")
	command.Refuses(t, 2, "want auto or a whole number of at least 1", "-data", path, "-batch", "x")
	command.Refuses(t, 2, "-target", "-data", path, "-target", "0")
	command.Refuses(t, 2, "-passes", "-data", path, "-passes", "0")
	command.Refuses(t, 2, ".svg", "-data", path, "-plot", "x.png")
	command.Refuses(t, 1, "-plot", "-data", path, "-plot", filepath.Join(t.TempDir(), "none", "x.svg"))
	command.Refuses(t, 2, "unexpected argument", "-data", path, "more")
	command.Refuses(t, 1, "line 2: value of index 2", "-data", broken)
	command.Refuses(t, 1, "no such file", "-data", filepath.Join(t.TempDir(), "none"))
	command.Refuses(t, 1, "give -loss squared", "-data", write(t, 10, 0))
	command.Refuses(t, 1, "doesn't go with", "-data", "mnist", "-loss", "squared")
}

func TestHelp(t *testing.T) { command.Helps(t, "-lambda", "katyusha") }
