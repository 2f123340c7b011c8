package solvers

import (
	"math"
	"slices"
	"testing"

	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/vector"
)

// TestLookahead compares runs with loops written out: for all parameters and for some, with a share that changes, for
// sources of gradients that move with the weights.
func TestLookahead(t *testing.T) {
	falling := schedules.Cosine(1, 0.2, 40)
	for _, c := range []struct {
		name    string
		options []Option
		pull    func(k, i int) float64 // share after step k for weight i; 1 where there is none
	}{
		{"all", []Option{Lookahead(5, 0.5)}, func(k, _ int) float64 {
			if k%5 == 0 {
				return 0.5
			}
			return 1
		}},
		{"each step", []Option{Lookahead(1, 0.25)}, func(int, int) float64 { return 0.25 }},
		{"two groups", []Option{Lookahead(4, 0.5, Only("weight")), Lookahead(3, 0, Only("bias"))}, func(k, i int) float64 {
			switch {
			case i < 4 && k%4 == 0:
				return 0.5
			case i >= 4 && k%3 == 0:
				return 0
			}
			return 1
		}},
		{"scheduled", []Option{Lookahead(2, 1, Except("bias")), Schedule("lookahead", falling)}, func(k, i int) float64 {
			if k%2 == 0 && i < 4 {
				return falling.At(schedules.Time{Step: int64(k - 1)})
			}
			return 1
		}},
	} {
		for _, dt := range dtypes {
			t.Run(c.name+"/"+dt.String(), func(t *testing.T) {
				limit := 1e-13
				if dt == vector.Float32 {
					limit = 2e-6
				}
				run := open(t, solver(t, SGD{}, append(c.options, Rate(schedules.Constant(0.3)))...), bowl(dt), bowlStart, nil)
				w, slow, g := slices.Clone(bowlStart), slices.Clone(bowlStart), make([]float64, len(bowlStart))
				for k := 1; k <= 50; k++ {
					bowl(dt).f(w, g)
					for i := range w {
						w[i] -= 0.3 * g[i]
						if share := c.pull(k, i); share != 1 {
							slow[i] += share * (w[i] - slow[i])
							w[i] = slow[i]
						} else if c.name == "scheduled" && k%2 == 0 && i < 4 {
							slow[i] = w[i]
						}
					}
					next(t, run, 1)
					if d := distance(values(run.Weights()), w); !(d <= limit) {
						t.Fatalf("step %d: off by %v", k, d)
					}
				}
			})
		}
	}
}

// TestLookaheadsSolution holds that the solution is the slow copy, and the rule's own where parameters have none.
func TestLookaheadsSolution(t *testing.T) {
	run := open(t, solver(t, NAG{Momentum: 0.9}, Rate(schedules.Constant(0.1)), Lookahead(5, 0.5, Only("weight"))), bowl(vector.Float64), bowlStart, nil)
	dst := run.Weights().Like()
	solution := func() []float64 {
		if err := run.Solution(dst); err != nil {
			t.Fatal(err)
		}
		return values(dst)
	}
	next(t, run, 4)
	if distance(solution()[:4], bowlStart[:4]) == 0 {
		t.Error("the solution is where the slow weights began")
	}
	next(t, run, 11)
	at15 := values(run.Weights())
	next(t, run, 4)
	plain := values(run.Weights())
	solution()
	alike(t, "slow weights", values(dst)[:4], at15[:4], 0)
	velocity := run.stage.e64.parameters[1].state[0]
	for i, x := range values(dst)[4:] {
		if want := plain[4+i] + 0.1*0.9*velocity[i]; math.Abs(x-want) > 1e-15 {
			t.Errorf("bias %d of the solution is %v, want %v", i, x, want)
		}
	}
	alike(t, "weights", values(run.Weights()), plain, 0)
}

// TestLookaheadLeavesFrozenWeights holds that weights which the rule doesn't move keep their bits, whatever the share.
func TestLookaheadLeavesFrozenWeights(t *testing.T) {
	from := []float64{0.1, 1e-9, -1.0 / 3, 7e8, 0.3, -0.7}
	for _, dt := range dtypes {
		for _, share := range []float64{0, 0.1, 0.3, 0.7, 1} {
			run := open(t, solver(t, NAG{Momentum: 0.9}, Rate(schedules.Constant(1e-3)), RateFactor(0), Lookahead(2, share)), bowl(dt), from, nil)
			before := values(run.Weights())
			next(t, run, 9)
			alike(t, "frozen weights", values(run.Weights()), before, 0)
		}
	}
}

// TestLookaheadResumes holds the law of split runs, with pulls on both sides of the split, in a run and in a Stepper.
func TestLookaheadResumes(t *testing.T) {
	for _, dt := range dtypes {
		for _, r := range []Rule{NAG{Momentum: 0.9}, DefaultAdam} {
			for _, split := range []int{1, 5, 13} {
				fresh := func() *Run {
					s := solver(t, r, Rate(schedules.Constant(0.01)), Lookahead(5, 0.5, Except("bias")), Average(EMA{Decay: 0.9}))
					return open(t, s, newSquares(dt, 45, 6), []float64{1, -1, 1, -1, 1, -1, 0}, must[Sampler](t)(Reshuffled(45, 7, 4)))
				}
				whole, before, after := fresh(), fresh(), fresh()
				next(t, whole, 28)
				next(t, before, split)
				restore(t, after, save(before))
				after.Weights().Copy(before.Weights())
				next(t, after, 28-split)
				alike(t, "weights", values(after.Weights()), values(whole.Weights()), 0)
			}
			splitSteps(t, dt, r, Rate(schedules.Constant(0.01)), Lookahead(5, 0.5))
		}
	}
}

// TestLookaheadBeatsItsRule holds what Lookahead is for: less noise at a constant rate.
func TestLookaheadBeatsItsRule(t *testing.T) {
	obj := newSquares(vector.Float64, 60, 6)
	mean := func(options ...Option) (noise float64) {
		options = append(options, Rate(schedules.Constant(0.05)))
		run := open(t, solver(t, SGD{}, options...), obj, make([]float64, 7), must[Sampler](t)(WithReplacement(60, 1, 1)))
		next(t, run, 1000)
		for range 400 {
			next(t, run, 10)
			g, _ := obj.meanGradient(values(run.Weights()), everything(60), 0)
			noise += norm(g) / 400
		}
		return noise
	}
	plain, slow := mean(), mean(Lookahead(10, 0.2))
	if !(slow < plain/2) {
		t.Errorf("mean full gradient %v with Lookahead, %v without", slow, plain)
	}
}

func TestLookaheadAllocatesNothing(t *testing.T) {
	for _, dt := range dtypes {
		run := open(t, solver(t, NAG{Momentum: 0.9}, Rate(schedules.Constant(1e-3)), Lookahead(3, 0.5)), large(dt), start(large(dt)), nil)
		next(t, run, 3)
		if n := testing.AllocsPerRun(9, func() { run.Next() }); n != 0 {
			t.Errorf("%v: %v allocations an iteration, want 0", dt, n)
		}
	}
}

// TestLookaheadWithSources holds that a source which could take the steps itself leaves them to the rule, and that one
// which must is refused.
func TestLookaheadWithSources(t *testing.T) {
	rate := Rate(schedules.Constant(0.05))
	for _, e := range estimators {
		a := open(t, solver(t, SGD{}, rate, e.from(), Lookahead(4, 0.5)), e.hide(newSquares(vector.Float64, 45, 6)), make([]float64, 7),
			must[Sampler](t)(Reshuffled(45, 7, 4)))
		next(t, a, 11)
		at8 := values(a.slow)
		next(t, a, 1)
		slow := values(a.slow)
		alike(t, e.name+": weights after a pull", values(a.Weights()), slow, 0)
		if distance(at8, slow) == 0 {
			t.Errorf("%s: no pull", e.name)
		}
	}
	_, err := solver(t, SGD{}, rate, From(greedy{}), Lookahead(4, 0.5)).
		Open(newSquares(vector.Float64, 45, 6), newSquares(vector.Float64, 45, 6).NewVector(), must[Sampler](t)(Cyclic(45, 7)))
	wantError(t, err, "solvers: greedy takes its steps itself, which doesn't go with Lookahead")
}

// greedy is an estimator whose source takes all steps itself, whatever the solver asks for.
type greedy struct{ stepper }

func (greedy) Open(obj Objective, sampler Sampler) (Source, error) {
	s, err := stepper{}.Open(obj, sampler)
	return greedySteps{s.(*steps)}, err
}

type greedySteps struct{ *steps }

func (greedySteps) Takes(*Terms) (bool, error) { return true, nil }

func TestBadLookaheads(t *testing.T) {
	rate := Rate(schedules.Constant(0.1))
	for _, c := range []struct {
		options []Option
		want    string
	}{
		{[]Option{rate, Lookahead(0, 0.5)}, "solvers: lookahead: a pull every 0 steps, want at least 1"},
		{[]Option{rate, Lookahead(5, 1.5)}, "solvers: lookahead 1.5 outside [0, 1]"},
		{[]Option{rate, Lookahead(5, math.NaN())}, "solvers: lookahead NaN outside [0, 1]"},
		{[]Option{rate, Lookahead(5, 0.5, Only())}, "solvers: lookahead: no names selected, want at least 1"},
	} {
		_, err := New(SGD{}, c.options...)
		wantError(t, err, c.want)
	}
	_, err := solver(t, SGD{}, rate, Lookahead(5, 0.5), Lookahead(3, 0.5, Only("bias"))).
		Open(bowl(vector.Float64), bowl(vector.Float64).NewVector(), must[Sampler](t)(Cyclic(1, 1)))
	wantError(t, err, `solvers: parameter "layer.bias" is under lookahead twice`)
}
