package training

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/fallline/fallline/examples/internal/cli"
	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/solvers"
)

var recipe = Plan{Solver: "nag", Momentum: 0.9, Schedule: "cosine", Rate: 0.05, Batch: 128, Epochs: 8}

// parse reads flags over the recipe.
func parse(t *testing.T, args ...string) *Settings {
	t.Helper()
	s := new(Settings)
	f := cli.Flags("test")
	s.Register(f)
	if err := f.Parse(args); err != nil {
		t.Fatal(err)
	}
	s.Fill(f, recipe)
	return s
}

func TestFill(t *testing.T) {
	for _, c := range []struct {
		args []string
		want string
	}{
		{nil, "-solver nag -schedule cosine -lr 0.05 -batch 128 -epochs 8"},
		{[]string{"-lr", "0.1", "-batch", "64"}, "-solver nag -schedule cosine -lr 0.1 -batch 64 -epochs 8"},
		{[]string{"-lr", " 0.1 "}, "-solver nag -schedule cosine -lr 0.1 -batch 128 -epochs 8"},
		{[]string{"-lr", "0"}, "-solver nag -schedule cosine -lr 0 -batch 128 -epochs 8"},
		{[]string{"-solver", "adam", "-epochs", "3"}, "-solver adam -schedule cosine -lr 0.001 -batch 128 -epochs 3"},
		{[]string{"-solver", "adam", "-lr", "0.01"}, "-solver adam -schedule cosine -lr 0.01 -batch 128 -epochs 8"},
		{[]string{"-schedule", "linear"}, "-solver nag -schedule linear -lr 0.05 -batch 128 -epochs 8"},
	} {
		if got := parse(t, c.args...).Plan.String(); got != c.want {
			t.Errorf("%v: %s, want %s", c.args, got, c.want)
		}
	}
}

func TestBatchValue(t *testing.T) {
	for want, args := range map[string][]string{
		"128": nil, "64": {"-batch", "64"}, "step(32,2,1ep)": {"-batch", "step(32, 2, 1ep)"},
	} {
		if got := fmt.Sprint(parse(t, args...).BatchValue()); got != want {
			t.Errorf("%v: batch %s, want %s", args, got, want)
		}
	}
}

func TestMomentum(t *testing.T) {
	for _, c := range []struct {
		args []string
		want float64
	}{{nil, 0.9}, {[]string{"-momentum", "0.5"}, 0.5}, {[]string{"-momentum", "linear(0.7,0.9,10)"}, 0.7}} {
		solver, err := parse(t, c.args...).NewSolver(solvers.Rate(schedules.Constant(0.1)))
		if err != nil {
			t.Fatal(err)
		}
		values := solver.Values(schedules.Time{})
		if !slices.Contains(values, solvers.Value{Name: "momentum", Value: c.want}) {
			t.Errorf("%v: %v, want momentum %v", c.args, values, c.want)
		}
	}
}

// TestLegal holds what is said of values that can't be: of a schedule, where in its text.
func TestLegal(t *testing.T) {
	for _, c := range []struct {
		args []string
		want string
	}{
		{nil, "<nil>"},
		{[]string{"-lr", "-1"}, "-lr -1, want at least 0"},
		{[]string{"-lr", "NaN"}, `invalid value "NaN" for flag -lr: want a finite number or a schedule`},
		{[]string{"-momentum", "-Inf"}, `invalid value "-Inf" for flag -momentum: want a finite number or a schedule`},
		{[]string{"-lr", "cosine(0.1,,3ep)"}, `invalid value "cosine(0.1,,3ep)" for flag -lr: schedules: cosine: want a schedule or a number, not ',', at offset 11` +
			"\n\tcosine(0.1,,3ep)\n\t           ^"},
		{[]string{"-lr", "scale(2,plateauhigh(1,0.1,3))"}, `invalid value "scale(2,plateauhigh(1,0.1,3))" for flag -lr: ` +
			"plateauhigh waits for a metric to rise, and the one to follow here is the training loss: want plateau"},
		{[]string{"-lr", "constant(1)", "-schedule", "step"}, "-lr constant(1) is a whole schedule: -schedule goes with a number"},
		{[]string{"-batch", "12.5"}, "-batch 12.5, want a whole number or a schedule"},
		{[]string{"-batch", "1e10"}, "-batch 1e10, want a whole number or a schedule"},
		{[]string{"-batch", "0"}, "-batch 0, want at least 1"},
		{[]string{"-epochs", "0"}, `invalid value "0" for flag -epochs: want a whole number from 1 to 2147483647`},
		{[]string{"-threads", "0"}, `invalid value "0" for flag -threads: want a whole number from 1 to 2147483647`},
	} {
		s := new(Settings)
		f := cli.Flags("test")
		s.Register(f)
		err := f.Parse(c.args)
		if err == nil {
			s.Fill(f, recipe)
			err = s.Check()
		}
		if fmt.Sprint(err) != c.want {
			t.Errorf("%v: %v, want %s", c.args, err, c.want)
		}
	}
}

func TestStopped(t *testing.T) {
	failed := errors.New("failed")
	live, ended := context.Background(), func() context.Context {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		return ctx
	}()
	for _, c := range []struct {
		ctx  context.Context
		err  error
		args []string
		want string
	}{
		{live, nil, []string{"-save", "run"}, "<nil>"},
		{live, failed, []string{"-save", "run"}, "failed"},
		{ended, failed, nil, "failed"},
		{ended, failed, []string{"-save", "run"}, "failed; -resume run goes on from there"},
	} {
		if err := parse(t, c.args...).Stopped(c.ctx, c.err); fmt.Sprint(err) != c.want || !errors.Is(err, c.err) {
			t.Errorf("%v, %v: %v, want %s", c.err, c.args, err, c.want)
		}
	}
}

func TestFollows(t *testing.T) {
	for text, want := range map[string]bool{"0.1": false, "cosine(0.1,0,5)": false, "plateau(constant(0.1),0.1,3)": true, "warmup(5)+plateau(constant(0.1),0.1,3)": true} {
		if s := parse(t, "-lr", text); schedules.Follows(s.RateFlag.Schedule) != want {
			t.Errorf("%s follows a metric: %v, want %v", text, !want, want)
		}
	}
}

func TestShare(t *testing.T) {
	for _, c := range []struct{ share, of, want float64 }{{0.2, 1.5, 0.3}, {0.07, 1.5, 0.105}, {0.23, 10, 2.3}, {0, 1.5, 0}, {1, 1e-300, 1e-300}, {0.2, 1e300, 2e299}} {
		if got := Share(c.share, c.of); got != c.want {
			t.Errorf("%v of %v: %v, want %v", c.share, c.of, got, c.want)
		}
	}
}

func TestCourse(t *testing.T) {
	for name, want := range map[string]float64{"constant": 1, "step": 0.1, "exponential": 0.1, "cosine": 0.5, "linear": 0.6} {
		if got := Course(name, 1, 0.2, 4, 12).At(schedules.Time{Step: 6}); got < want-1e-12 || got > want+1e-12 {
			t.Errorf("%s: %v half way, want %v", name, got, want)
		}
	}
}

func TestUsage(t *testing.T) {
	var b strings.Builder
	Usage(&b)
	for _, want := range []string{"cosine(", "2.5ep", "-solver adam -lr 0.001"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in %q", want, b.String())
		}
	}
}
