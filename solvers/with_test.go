package solvers

import (
	"slices"
	"testing"

	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/vector"
)

// TestWith holds that a quantity set by With, by Schedule and where it belongs is the same, and that the solver it is
// called on stays.
func TestWith(t *testing.T) {
	obj := newSquares(vector.Float64, 45, 6)
	fall := schedules.Cosine(0.9, 0.1, 20)
	rate := Rate(schedules.Constant(0.01))
	run := func(s *Solver) []float64 {
		r := open(t, s, obj, make([]float64, 7), must[Sampler](t)(Reshuffled(45, 7, 5)))
		next(t, r, 30)
		return values(r.Weights())
	}
	alpha, storm := From(AlphaSVRG{Passes: 1, Alpha: 0.5}), From(STORM{A: 0.5})
	for _, c := range []struct {
		name       string
		base, want *Solver
		quantities []string
	}{
		{"rate", solver(t, SGD{}, rate), solver(t, SGD{}, Rate(fall)), []string{"rate"}},
		{"momentum", solver(t, NAG{}, rate, Decay(0.1)), solver(t, NAG{}, rate, Schedule("momentum", fall), Decay(0.1)), []string{"rate", "momentum", "decay"}},
		{"decay", solver(t, NAG{}, rate, Decay(0.1)), solver(t, NAG{}, rate, Schedule("decay", fall), Decay(0.1)), []string{"rate", "momentum", "decay"}},
		{"alpha", solver(t, SGD{}, rate, alpha), solver(t, SGD{}, rate, Schedule("alpha", fall), alpha), []string{"rate", "alpha"}},
		{"a", solver(t, SGD{}, rate, storm), solver(t, SGD{}, rate, storm, Schedule("a", fall)), []string{"rate", "a"}},
	} {
		before := run(c.base)
		with := must[*Solver](t)(c.base.With(c.name, fall))
		if got, want := run(with), run(c.want); !slices.Equal(got, want) {
			t.Errorf("%s: off by %v", c.name, distance(got, want))
		}
		if with.String() != c.want.String() {
			t.Errorf("%s: %v, want %v", c.name, with, c.want)
		}
		if after := run(c.base); !slices.Equal(before, after) || slices.Equal(before, run(with)) {
			t.Errorf("%s: the solver has changed, or nothing has", c.name)
		}
		of := map[string]string{}
		with.Schedules(func(name string, s schedules.Schedule) { of[name] = s.String() })
		if of[c.name] != fall.String() || len(of) != len(c.quantities) {
			t.Errorf("%s: schedules %v", c.name, of)
		}
		if got := c.base.Quantities(); !slices.Equal(got, c.quantities) {
			t.Errorf("%s: quantities %q, want %q", c.name, got, c.quantities)
		}
	}
}

func TestBadWith(t *testing.T) {
	rate := Rate(schedules.Constant(0.1))
	constant := schedules.Constant
	for _, c := range []struct {
		solver *Solver
		name   string
		to     schedules.Schedule
		want   string
	}{
		{solver(t, SGD{}, rate), "rate", nil, "solvers: rate: schedules: no schedule (nil)"},
		{solver(t, SGD{}, rate), "rate", constant(-1), "solvers: rate -1 outside [0, Inf)"},
		{solver(t, SGD{}, ChooseRate(DefaultArmijo)), "rate", constant(1), "solvers: the rate is chosen by "},
		{solver(t, SGD{}, rate), "momentum", constant(0), `solvers: schedule of "momentum": this SGD has nothing to schedule but its rate`},
		{solver(t, SGD{}, rate, From(adaptive)), "a", constant(0), `solvers: schedule of "a": this SGD has nothing to schedule but its rate`},
		{solver(t, NAG{}, rate), "momentum", constant(1), "solvers: momentum 1 outside [0, 1)"},
		{solver(t, SGD{}, rate, From(AlphaSVRG{Passes: 1, Alpha: 0.9})), "alpha", constant(2), "solvers: alpha 2 outside [0, 1]"},
	} {
		_, err := c.solver.With(c.name, c.to)
		wantError(t, err, c.want)
	}
}
