package solvers

import (
	"math"
	"slices"
	"testing"

	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/vector"
)

func TestString(t *testing.T) {
	rate := Rate(schedules.Warmup(200, schedules.Cosine(0.05, 0, 3552)))
	for _, c := range []struct {
		s    *Solver
		want string
	}{
		{solver(t, SGD{}, rate), "SGD rate=warmup(200)+cosine(0.05,0,3552)"},
		{solver(t, NAG{Momentum: 0.9}, ClipNorm(1), rate, Decay(5e-4)),
			"NAG momentum=0.9 rate=warmup(200)+cosine(0.05,0,3552) clip-norm=1 decay=0.0005"},
		{solver(t, Momentum{Momentum: 0.9, Form: Textbook}, rate, Schedule("momentum", schedules.Cosine(0.5, 0.9, 10)), From(SVRG{Passes: 2})),
			"Momentum from SVRG{Passes:2} momentum=cosine(0.5,0.9,10) dampening=0 rate=warmup(200)+cosine(0.05,0,3552)"},
		{solver(t, &slow{0.5}, rate, From(FullBatch{})), "slow from FullBatch{} beta=0.5 rate=warmup(200)+cosine(0.05,0,3552)"},
		{solver(t, SGD{}, ChooseRate(DefaultArmijo), L2(0.1), Average(EMA{Decay: 0.99})), "SGD rate=armijo(0.1,0.7,2,1) l2=0.1 average=ema(0.99)"},
		{solver(t, SGD{}, rate, Lookahead(5, 0.5)), "SGD rate=warmup(200)+cosine(0.05,0,3552) lookahead=0.5 every=5"},
		{solver(t, SGD{}, rate, Prox(ElasticNet{L1: 1, L2: 2})), "SGD rate=warmup(200)+cosine(0.05,0,3552) elasticnet(1,2)"},
	} {
		if got := c.s.String(); got != c.want {
			t.Errorf("%s, want %s", got, c.want)
		}
	}
}

func TestValues(t *testing.T) {
	s := solver(t, NAG{Momentum: 0.9}, Rate(schedules.Constant(0.1)), Decay(0.2), Schedule("decay", schedules.Cosine(0.2, 0, 10)))
	want := []Value{{"rate", 0.1}, {"momentum", 0.9}, {"decay", 0}}
	if got := s.Values(schedules.Time{Step: 10}); !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	run := open(t, s, bowl(vector.Float64), bowlStart, nil)
	want[2].Value = 0.2
	if got := run.Values(); !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestIntervals(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, c := range []struct {
		v       Interval
		text    string
		in, out []float64
	}{
		{Closed(0, 1), "[0, 1]", []float64{0, 0.5, 1}, []float64{-1e-9, 1.1, nan, inf}},
		{HalfOpen(0, 1), "[0, 1)", []float64{0, 0.999}, []float64{-1, 1, nan, -inf}},
		{AtLeast(0), "[0, Inf)", []float64{0, 1e300}, []float64{-1e-300, inf, nan}},
		{Above(0), "(0, Inf)", []float64{1e-300, 5}, []float64{0, -1, inf, nan}},
	} {
		if got := c.v.String(); got != c.text {
			t.Errorf("%s, want %s", got, c.text)
		}
		for _, x := range c.in {
			if !c.v.Has(x) {
				t.Errorf("%v lacks %v", c.v, x)
			}
		}
		for _, x := range c.out {
			if c.v.Has(x) {
				t.Errorf("%v has %v", c.v, x)
			}
		}
	}
}

func TestInfo(t *testing.T) {
	rate := schedules.Cosine(0.1, 0, 10)
	run := open(t, solver(t, SGD{}, Rate(rate), ClipNorm(0.1)), bowl(vector.Float64), bowlStart, nil)
	for i := range 5 {
		w, g := values(run.Weights()), make([]float64, 6)
		loss := bowl(vector.Float64).f(w, g)
		info := next(t, run, 1)
		want := Info{Loss: loss, Examples: 1, Gradients: 1, Steps: 1, Norm: norm(g), Rate: rate.At(schedules.Time{Step: int64(i)})}
		if math.Abs(info.Norm-want.Norm) > 1e-14 {
			t.Errorf("norm %v, want %v before clipping", info.Norm, want.Norm)
		}
		info.Norm = want.Norm
		if info != want {
			t.Errorf("iteration %d: %+v, want %+v", i, info, want)
		}
	}
}

// TestSolutionChangesNothing holds that asking for the solution doesn't show in the run, and is the weights where they
// are it.
func TestSolutionChangesNothing(t *testing.T) {
	forRules(t, func(t *testing.T, r ruleRow, dt vector.Type) {
		a := open(t, solver(t, r.rule, falling(r.bowl, 100)), bowl(dt), bowlStart, nil)
		b := open(t, solver(t, r.rule, falling(r.bowl, 100)), bowl(dt), bowlStart, nil)
		theta := a.Weights().Like()
		for range 20 {
			next(t, a, 1)
			next(t, b, 1)
			if err := a.Solution(theta); err != nil {
				t.Fatal(err)
			}
		}
		if d := distance(values(a.Weights()), values(b.Weights())); d != 0 {
			t.Errorf("the run differs by %v from one that wasn't asked", d)
		}
		_, shifted := r.rule.(Shifted)
		if same := distance(values(theta), values(a.Weights())) == 0; same == shifted {
			t.Errorf("solution equals weights: %v", same)
		}
	})
}

// TestRunsShareASolver holds that a solver has no state of a run.
func TestRunsShareASolver(t *testing.T) {
	s := solver(t, NAG{Momentum: 0.9}, falling(0.1, 100))
	a := open(t, s, bowl(vector.Float64), bowlStart, nil)
	next(t, a, 30)
	b := open(t, s, bowl(vector.Float64), bowlStart, nil)
	next(t, a, 3)
	next(t, b, 33)
	if d := distance(values(a.Weights()), values(b.Weights())); d != 0 {
		t.Errorf("runs apart by %v", d)
	}
}

// FuzzSettings holds that no number makes New or a run panic, and that weights stay finite unless the run says so.
func FuzzSettings(f *testing.F) {
	f.Add(0.1, 0.9, 0.0, 1.0, 1.0, 0.0, 0.0, 1.0)
	f.Add(math.NaN(), math.Inf(1), -1.0, 0.0, 1e308, 1e308, 1e-308, 1e308)
	f.Add(1e308, 0.999, 0.5, 1e-300, 1e300, 1.0, 2.0, 3.0)
	f.Fuzz(func(t *testing.T, rate, mu, damp, clipNorm, clipValue, l2, decay, factor float64) {
		options := []Option{Rate(schedules.Constant(rate)), ClipNorm(clipNorm), ClipValue(clipValue), L2(l2), Decay(decay),
			RateFactor(factor)}
		for _, r := range []Rule{SGD{}, Momentum{Momentum: mu, Dampening: damp}, NAG{Momentum: mu, Form: Textbook}} {
			s, err := New(r, options...)
			if err != nil {
				continue
			}
			run := open(t, s, bowl(vector.Float32), bowlStart, nil)
			for range 5 {
				w := values(run.Weights())
				if _, err := run.Next(); err != nil {
					if d := distance(w, values(run.Weights())); d > 0 {
						t.Errorf("%v has moved the weights by %v", err, d)
					}
					break
				}
			}
		}
	})
}
