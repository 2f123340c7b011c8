package solvers

import (
	"math"
	"slices"
	"testing"

	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/vector"
)

// TestKatyushaEqualsANaiveLoop compares both options with the paper's algorithm 1, with ψ = λ/2 ‖w‖² + the 1-norm, over
// 200 steps.
func TestKatyushaEqualsANaiveLoop(t *testing.T) {
	const n, batch, alpha, lambda, m = 45, 7, 0.05, 0.1, 13
	for _, option := range []KatyushaOption{OptionI, OptionII} {
		for _, norm1 := range []bool{false, true} {
			set := Katyusha{Passes: 2, Tau1: 0.3, Tau2: 0.5, Convexity: lambda, Option: option}
			obj := newSquares(vector.Float64, n, 6)
			obj.jitter = 0.3
			options := []Option{Rate(schedules.Constant(alpha)), From(set), L2(lambda)}
			if norm1 {
				options = append(options, Prox(soft(0.2)))
			}
			prox := func(step float64, u []float64) []float64 {
				for j := range u {
					u[j] /= 1 + step*lambda
					if norm1 {
						u[j] = math.Copysign(math.Max(math.Abs(u[j])-0.2*step/(1+step*lambda), 0), u[j])
					}
				}
				return u
			}
			y := []float64{1, -1, 1, -1, 1, -1, 0}
			run := open(t, solver(t, SGD{}, options...), obj, y, must[Sampler](t)(Reshuffled(n, batch, 8)))
			batches := must[Sampler](t)(Reshuffled(n, batch, 8))
			z, anchor := slices.Clone(y), slices.Clone(y)
			var mean []float64
			var past [][]float64
			for k := range 200 {
				period, used := uint64(k/m), 0
				if k%m == 0 {
					if k > 0 {
						anchor = make([]float64, len(y))
						total := 0.0
						for j, p := range past {
							weight := math.Pow(1+alpha*lambda, float64(j))
							anchor = plus(anchor, weight, p)
							total += weight
						}
						anchor = plus(make([]float64, len(y)), 1/total, anchor)
						past = nil
					}
					mean, _ = obj.meanGradient(anchor, everything(n), period)
					used = n
				}
				x := plus(plus(plus(make([]float64, len(y)), set.Tau1, z), set.Tau2, anchor), 1-set.Tau1-set.Tau2, y)
				b := batches.Next()
				g, _ := obj.meanGradient(x, b.Index, period)
				old, _ := obj.meanGradient(anchor, b.Index, period)
				g = plus(plus(g, -1, old), 1, mean)
				last := z
				z = prox(alpha, plus(z, -alpha, g))
				if option == OptionI {
					y = prox(alpha*set.Tau1, plus(x, -alpha*set.Tau1, g))
				} else {
					y = plus(x, set.Tau1, plus(z, -1, last))
				}
				past = append(past, y)
				info := next(t, run, 1)
				if d := distance(values(run.Weights()), y); !(d <= 1e-12) {
					t.Fatalf("option %v: step %d: weights off by %v", option, k, d)
				}
				if info.Gradients != int64(used+2*len(b.Index)) {
					t.Fatalf("option %v: step %d: %d component gradients", option, k, info.Gradients)
				}
			}
		}
	}
}

// TestKatyushaAtTheSnapshot holds that the first step is one along the full gradient, whatever the batch.
func TestKatyushaAtTheSnapshot(t *testing.T) {
	for seed := range uint64(5) {
		obj := newSquares(vector.Float64, 45, 6)
		w := []float64{1, -1, 1, -1, 1, -1, 0}
		set := Katyusha{Passes: 2, Tau1: 0.3, Tau2: 0.5, Option: OptionI}
		run := open(t, solver(t, SGD{}, Rate(schedules.Constant(0.5)), From(set)), obj, w, must[Sampler](t)(WithReplacement(45, 2, seed)))
		next(t, run, 1)
		g, _ := obj.meanGradient(w, everything(45), 0)
		if d := distance(values(run.Weights()), plus(w, -0.5*0.3, g)); !(d <= 1e-14) {
			t.Errorf("seed %d: off by %v", seed, d)
		}
	}
}

func TestKatyushaSplitRun(t *testing.T) {
	for _, dt := range dtypes {
		fresh := func() *Run {
			obj := newSquares(dt, 45, 6)
			obj.jitter = 0.3
			set := Katyusha{Passes: 1, Tau1: 0.3, Tau2: 0.5, Convexity: 0.01}
			s := solver(t, SGD{}, Rate(schedules.Cosine(0.05, 0.01, 40)), From(set), L2(0.01))
			return open(t, s, obj, []float64{1, -1, 1, -1, 1, -1, 0}, must[Sampler](t)(Reshuffled(45, 7, 4)))
		}
		for _, split := range []int{1, 10, 37} {
			whole, before, after := fresh(), fresh(), fresh()
			next(t, whole, 40)
			next(t, before, split)
			restore(t, after, save(before))
			after.Weights().Copy(before.Weights())
			next(t, after, 40-split)
			if !slices.Equal(values(after.Weights()), values(whole.Weights())) {
				t.Errorf("%v split at %d: apart by %v", dt, split, distance(values(after.Weights()), values(whole.Weights())))
			}
		}
		run := fresh()
		next(t, run, 3)
		if n := testing.AllocsPerRun(30, func() { run.Next() }); n != 0 {
			t.Errorf("%v allocations an iteration, want 0", n)
		}
		narrow := values(run.Weights())
		if run.Weights().Type() != dt || len(narrow) != 7 {
			t.Errorf("weights of %v", run.Weights().Type())
		}
	}
}

func TestKatyushaBad(t *testing.T) {
	set := Katyusha{Passes: 2, Tau1: 0.3, Tau2: 0.5}
	rate := Rate(schedules.Constant(0.1))
	for _, c := range []struct {
		rule    Rule
		options []Option
		want    string
	}{
		{NAG{Momentum: 0.9}, []Option{rate, From(set)}, "solvers: Katyusha: it takes its steps itself: give the rule SGD, without clipping and Lookahead"},
		{SGD{}, []Option{rate, From(set), Lookahead(5, 0.5)}, "solvers: Katyusha: it takes its steps itself: give the rule SGD, without clipping and Lookahead"},
		{SGD{}, []Option{rate, From(set), ClipNorm(1)}, "solvers: Katyusha: it takes its steps itself: give the rule SGD, without clipping and Lookahead"},
		{SGD{}, []Option{rate, From(set), Decay(0.1)}, "solvers: Katyusha: Decay is no part of what it minimises: give L2"},
	} {
		obj := newSquares(vector.Float64, 45, 6)
		_, err := solver(t, c.rule, c.options...).Open(obj, obj.NewVector(), must[Sampler](t)(Cyclic(45, 7)))
		wantError(t, err, c.want)
	}
	for _, c := range []struct {
		set  Katyusha
		want string
	}{
		{Katyusha{Passes: 2, Tau2: 0.5}, "solvers: Katyusha: tau1 0 outside (0, 1]"},
		{Katyusha{Passes: 2, Tau1: 0.6, Tau2: 0.5}, "solvers: Katyusha: tau2 0.5 outside [0, 0.4]"},
		{Katyusha{Tau1: 0.3, Tau2: 0.5}, "solvers: Katyusha: passes 0 outside (0, Inf)"},
		{Katyusha{Passes: 2, Tau1: 0.3, Tau2: 0.5, Convexity: -1}, "solvers: Katyusha: convexity -1 outside [0, Inf)"},
		{Katyusha{Passes: 2, Tau1: 0.3, Tau2: 0.5, Option: 7}, "solvers: Katyusha: option 7, want OptionI or OptionII"},
	} {
		_, err := New(SGD{}, rate, From(c.set))
		wantError(t, err, c.want)
	}
}
