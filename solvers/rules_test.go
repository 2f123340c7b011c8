package solvers

import (
	"math"
	"testing"

	"github.com/fallline/fallline/internal/kernel/threads"
	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/vector"
)

// signSGD is a rule as a user would write it: for float64 only, and without registration.
type signSGD struct{}

func (signSGD) Spec() Spec { return Spec{} }

func (signSGD) Update(s *Step, w, g []float64, _ [][]float64) {
	for i := range w {
		w[i] -= s.Rate * math.Copysign(1, g[i])
	}
}

// slow is a user's rule with state and a hyperparameter, for float64 only: an average of past gradients.
type slow struct{ Beta float64 }

func (r slow) Spec() Spec {
	return Spec{State: []string{"mean"}, Hyper: []Hyper{{Field: "Beta", Legal: HalfOpen(0, 1)}}}
}

func (r slow) Update(s *Step, w, g []float64, state [][]float64) {
	m := state[0]
	for i := range w {
		m[i] = r.Beta*m[i] + (1-r.Beta)*g[i]
		w[i] -= s.Rate * m[i]
	}
}

// steepest is a user's rule over whole parameters, for float64 only: each of them steps as long as the rate in the
// direction of a mean of gradients. Scratch holds the direction; the rows of a matrix are summed apart, so that it must
// know the shape.
type steepest struct{ Beta float64 }

func (r steepest) Spec() Spec {
	return Spec{
		State: []string{"mean"}, Hyper: []Hyper{{Field: "Beta", Legal: HalfOpen(0, 1)}},
		Whole: true, Scratch: func(shape []int) int { return product(shape) + rows(shape) },
	}
}

// rows is how many rows a matrix has, and 1 of anything else.
func rows(shape []int) int {
	if len(shape) < 2 {
		return 1
	}
	return shape[0]
}

func (r steepest) Update(s *Step, w, g []float64, state [][]float64) {
	m, direction, sums := state[0], state[1][:len(w)], state[1][len(w):]
	clear(sums)
	row := len(w) / rows(s.Shape)
	for i := range w {
		m[i] = r.Beta*m[i] + (1-r.Beta)*g[i]
		direction[i] = m[i]
		sums[i/row] += m[i] * m[i]
	}
	square := 0.0
	for _, x := range sums {
		square += x
	}
	if square == 0 {
		return
	}
	for i, x := range direction {
		w[i] -= s.Rate * x / math.Sqrt(square)
	}
}

// ruleRow is a rule of the table that every law runs over: a new rule adds a row.
type ruleRow struct {
	name   string
	rule   Rule
	bowl   float64 // a rate that suits the bowl
	valley float64 // a rate that suits Rosenbrock's function, the steps it takes there, and the value reached
	steps  int
	value  float64
}

var rules = []ruleRow{
	{"SGD", SGD{}, 0.5, 1.5e-3, 20000, 1e-4},
	{"Momentum", Momentum{Momentum: 0.9}, 0.1, 5e-4, 6000, 1e-6},
	{"Momentum damped", Momentum{Momentum: 0.9, Dampening: 0.5}, 0.2, 1e-3, 6000, 1e-6},
	{"Momentum textbook", Momentum{Momentum: 0.9, Form: Textbook}, 0.1, 5e-4, 6000, 1e-6},
	{"Momentum textbook damped", Momentum{Momentum: 0.9, Dampening: 0.5, Form: Textbook}, 0.2, 1e-3, 6000, 1e-6},
	{"NAG", NAG{Momentum: 0.9}, 0.1, 3e-4, 14000, 1e-6},
	{"NAG textbook", NAG{Momentum: 0.9, Form: Textbook}, 0.1, 3e-4, 14000, 1e-6},
	{"AdaGrad", DefaultAdaGrad, 0.5, 0.5, 20000, 1e-6},
	{"AdaGrad initial", AdaGrad{Epsilon: 1e-6, Initial: 0.1}, 0.5, 0.5, 20000, 1e-6},
	{"RMSProp", DefaultRMSProp, 0.05, 2e-3, 10000, 1e-4},
	{"RMSProp centered", RMSProp{Smoothing: 0.99, Epsilon: 1e-3, Centered: true}, 0.02, 2e-3, 10000, 1e-4},
	{"RMSProp momentum", RMSProp{Smoothing: 0.99, Epsilon: 1e-8, Momentum: 0.9}, 0.01, 5e-4, 10000, 1e-4},
	{"RMSProp centered momentum", RMSProp{Smoothing: 0.99, Epsilon: 1e-4, Momentum: 0.9, Centered: true}, 0.005, 2e-4, 10000, 1e-4},
	{"Adam", DefaultAdam, 0.1, 0.02, 10000, 1e-6},
	{"AdamW", AdamW{Beta1: 0.9, Beta2: 0.999, Epsilon: 1e-8, Decay: 0}, 0.1, 0.02, 10000, 1e-6},
	{"AMSGrad", DefaultAMSGrad, 0.1, 0.05, 10000, 1e-6},
	{"LARS", LARS{Momentum: 0.9, Trust: 0.1, Decay: 0}, 0.3, 5e-3, 10000, 1e-6},
	{"own steepest", steepest{0.5}, 0.1, 0.02, 20000, 1e-4},
	{"own signSGD", signSGD{}, 0.05, 2e-3, 20000, 1e-2},
	{"own slow", slow{0.9}, 0.3, 1.5e-3, 20000, 1e-4},
}

// forRules runs a law over the table, in both types.
func forRules(t *testing.T, law func(t *testing.T, r ruleRow, dt vector.Type)) {
	for _, r := range rules {
		for _, dt := range []vector.Type{vector.Float64, vector.Float32} {
			t.Run(r.name+"/"+dt.String(), func(t *testing.T) { law(t, r, dt) })
		}
	}
}

var bowlStart = []float64{4, 4, -3, 0, 2, 2}

// falling is a schedule that ends at 0, as a rule of constant step length needs.
func falling(rate float64, steps int) Option { return Rate(schedules.Cosine(rate, 0, steps)) }

func TestRulesFindTheBottomOfABowl(t *testing.T) {
	forRules(t, func(t *testing.T, r ruleRow, dt vector.Type) {
		run := open(t, solver(t, r.rule, falling(r.bowl, 1500)), bowl(dt), bowlStart, nil)
		first := next(t, run, 1).Loss
		last := next(t, run, 1499).Loss
		limit := 1e-8
		if r.name == "own signSGD" {
			limit = 1e-6
		}
		if !(last < limit*first) {
			t.Errorf("loss from %v to %v, want below %v of it", first, last, limit)
		}
	})
}

func TestRulesFindRosenbrocksValley(t *testing.T) {
	forRules(t, func(t *testing.T, r ruleRow, dt vector.Type) {
		run := open(t, solver(t, r.rule, falling(r.valley, r.steps)), rosenbrock(dt), []float64{-1.2, 1}, nil)
		if loss := next(t, run, r.steps).Loss; !(loss < r.value) {
			t.Errorf("loss %v, want below %v (at %v)", loss, r.value, values(run.Weights()))
		}
	})
}

func TestRulesKeepTheDtypeAndPadding(t *testing.T) {
	forRules(t, func(t *testing.T, r ruleRow, dt vector.Type) {
		run := open(t, solver(t, r.rule, falling(r.bowl, 100)), bowl(dt), bowlStart, nil)
		next(t, run, 20)
		w := run.Weights()
		if w.Type() != dt {
			t.Fatalf("weights of %v, want %v", w.Type(), dt)
		}
		for _, lo := range []int{w.Ranges[0].Hi, w.Ranges[1].Hi} {
			for i := lo; i < w.Len() && i < lo+2; i++ {
				if w.At(i) != 0 {
					t.Errorf("padding at %d is %v", i, w.At(i))
				}
			}
		}
	})
}

// TestRulesInFloat32TrackFloat64 holds that a float32 run stays within rounding of a float64 run.
func TestRulesInFloat32TrackFloat64(t *testing.T) {
	for _, r := range rules {
		if r.name == "own signSGD" { // a sign turns any rounding into a whole step
			continue
		}
		steps := 300
		if r.rule.Spec().Whole { // near the bottom the direction is rounding, and the steps are no shorter
			steps = 40
		}
		narrow := open(t, solver(t, r.rule, falling(r.bowl, 300)), bowl(vector.Float32), bowlStart, nil)
		wide := open(t, solver(t, r.rule, falling(r.bowl, 300)), bowl(vector.Float64), bowlStart, nil)
		for i := range steps {
			next(t, narrow, 1)
			next(t, wide, 1)
			if d := distance(values(narrow.Weights()), values(wide.Weights())); !(d < 1e-5) {
				t.Errorf("%s: iteration %d: apart by %v, want below 1e-5", r.name, i, d)
				break
			}
		}
	}
}

func TestRulesAllocateNothing(t *testing.T) {
	forRules(t, func(t *testing.T, r ruleRow, dt vector.Type) {
		s := solver(t, r.rule, falling(r.bowl, 100), ClipNorm(1), ClipValue(0.5), L2(1e-3), Decay(1e-3, Except("bias")),
			RateFactor(2, Only("bias")))
		for _, obj := range []Objective{bowl(dt), large(dt)} {
			run := open(t, s, obj, start(obj), nil)
			next(t, run, 3)
			if n := testing.AllocsPerRun(50, func() { run.Next() }); n != 0 {
				t.Errorf("%d weights: %v allocations an iteration, want 0", run.Weights().Count(), n)
			}
		}
	})
}

// TestRulesGiveTheSameBitsOnAnyThreads holds that the number of threads doesn't show in the weights, with every
// modifier on.
func TestRulesGiveTheSameBitsOnAnyThreads(t *testing.T) {
	defer threads.Set(0)
	forRules(t, func(t *testing.T, r ruleRow, dt vector.Type) {
		var want []float64
		for _, count := range []int{1, 2, 3, 8} {
			if err := threads.Set(count); err != nil {
				t.Fatal(err)
			}
			s := solver(t, r.rule, falling(0.01, 100), ClipNorm(0.1), L2(1e-3), Decay(1e-3))
			obj := large(dt)
			run := open(t, s, obj, start(obj), nil)
			next(t, run, 4)
			got := values(run.Weights())
			if want == nil {
				want = got
				continue
			}
			for i := range want {
				if got[i] != want[i] {
					t.Fatalf("%d threads: weight %d is %v, on one thread %v", count, i, got[i], want[i])
				}
			}
		}
	})
}

// TestRulesRejectTheirHyperparameters holds that every hyperparameter has a range that excludes NaN and infinities, at
// the start and while a schedule runs.
func TestRulesRejectTheirHyperparameters(t *testing.T) {
	for _, r := range rules {
		hyper := r.rule.Spec().Hyper
		for i, q := range must[[]quantity](t)(quantitiesOf(r.rule, hyper)) {
			h := hyper[i]
			for _, x := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
				if h.Legal.Has(x) {
					t.Errorf("%s: %s may be %v", r.name, q.name, x)
				}
			}
			illegal := 1e9
			if h.Legal.Has(illegal) {
				illegal = -1
			}
			later := schedules.Then(q.schedule, 3, schedules.Constant(illegal))
			run := open(t, solver(t, r.rule, falling(0.1, 10), Schedule(q.name, later)), bowl(vector.Float64), bowlStart, nil)
			next(t, run, 2) // the third needs the value of the fourth
			before := values(run.Weights())
			if _, err := run.Next(); err == nil {
				t.Errorf("%s: %s may become %v", r.name, q.name, illegal)
			}
			if d := distance(before, values(run.Weights())); d != 0 {
				t.Errorf("%s: an illegal %s moved the weights by %v", r.name, q.name, d)
			}
		}
	}
}
