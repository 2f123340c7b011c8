package training

import (
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

func TestCheck(t *testing.T) {
	for _, c := range []struct {
		args []string
		want string
	}{
		{nil, ""},
		{[]string{"-lr", "-1"}, "-lr -1, want a finite number of at least 0"},
		{[]string{"-batch", "12.5"}, "-batch 12.5, want a whole number or a schedule"},
		{[]string{"-batch", "0"}, "-batch 0, want at least 1"},
		{[]string{"-epochs", "0"}, "-epochs 0, want 1 to 2147483647"},
		{[]string{"-threads", "0"}, "-threads 0, want at least 1"},
		{[]string{"-lr", "constant(1)", "-schedule", "step"}, "-lr constant(1) is a whole schedule: -schedule goes with a number"},
	} {
		err := parse(t, c.args...).Check()
		if got := fmt.Sprint(err); got != c.want && (err != nil || c.want != "") {
			t.Errorf("%v: %s, want %q", c.args, got, c.want)
		}
	}
}

func TestFollows(t *testing.T) {
	for text, want := range map[string]bool{"0.1": false, "cosine(0.1,0,5)": false, "plateau(constant(0.1),0.1,3)": true, "warmup(5)+plateau(constant(0.1),0.1,3)": true} {
		if s := parse(t, "-lr", text); s.RateFlag.follows() != want {
			t.Errorf("%s follows a metric: %v, want %v", text, !want, want)
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
