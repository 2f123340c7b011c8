package solvers

import (
	"reflect"
	"slices"
	"sync"
	"testing"

	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/vector"
)

func TestWords(t *testing.T) {
	for field, want := range map[string]string{
		"Momentum": "momentum", "Beta1": "beta1", "WeightDecay": "weight decay", "A": "a", "EMADecay": "ema decay", "MaxL2": "max l2", "KL": "kl", "": "",
	} {
		if got := words(field); got != want {
			t.Errorf("%s: %q, want %q", field, got, want)
		}
	}
}

// TestScheduledFieldsAreTheTruth holds, for every hyperparameter of every rule, that a scheduled value counts and the
// one given to New doesn't: the run is that of a rule whose field has the value, bit for bit. The rule that New was
// given stays as it is.
func TestScheduledFieldsAreTheTruth(t *testing.T) {
	forRules(t, func(t *testing.T, r ruleRow, dt vector.Type) {
		hyper := r.rule.Spec().Hyper
		for i, q := range must[[]quantity](t)(quantitiesOf(r.rule, hyper)) {
			was := q.schedule.At(schedules.Time{})
			other := was/2 + 0.1
			changed := copyRule(r.rule, hyper)
			changed.fields[i].SetFloat(other)
			run := func(r Rule, options ...Option) []float64 {
				run := open(t, solver(t, r, append(options, falling(0.01, 100))...), bowl(dt), bowlStart, nil)
				next(t, run, 20)
				return values(run.Weights())
			}
			given := reflect.New(reflect.TypeOf(r.rule)) // New may be given a pointer: the run's copy is another
			given.Elem().Set(reflect.ValueOf(r.rule))
			want := run(changed.Rule)
			for _, rule := range []Rule{r.rule, given.Interface().(Rule)} {
				if got := run(rule, Schedule(q.name, schedules.Constant(other))); !slices.Equal(got, want) {
					t.Errorf("%s scheduled to be %v: apart by %v from a rule with that value", q.name, other, distance(got, want))
				}
			}
			if given.Elem().Interface() != any(r.rule) {
				t.Errorf("%s: the rule that New was given is %+v now", q.name, given.Elem())
			}
		}
	})
}

// TestRMSPropsMomentumMayFallTo0 holds that the velocity goes on where a schedule takes the momentum to 0.
func TestRMSPropsMomentumMayFallTo0(t *testing.T) {
	for _, centered := range []bool{false, true} {
		rule := RMSProp{Smoothing: 0.9, Epsilon: 1e-3, Momentum: 0.9, Centered: centered}
		run := func(last float64) []float64 {
			mu := schedules.Then(schedules.Constant(0.9), 5, schedules.Constant(last))
			r := open(t, solver(t, rule, Rate(schedules.Constant(0.01)), Schedule("momentum", mu)), bowl(vector.Float64), bowlStart, nil)
			next(t, r, 20)
			return values(r.Weights())
		}
		alike(t, "momentum 0", run(0), run(1e-300), 0)
	}
}

// TestRunsShareARule holds that runs of one solver don't see each other's values, though a rule is one value: they go
// on side by side, at different times of its schedules.
func TestRunsShareARule(t *testing.T) {
	for _, rule := range []Rule{NAG{Form: Textbook}, &NAG{}} {
		s := solver(t, rule, falling(0.1, 60), Schedule("momentum", schedules.Linear(0.5, 0.95, 60)))
		alone := open(t, s, bowl(vector.Float64), bowlStart, nil)
		next(t, alone, 60)
		var runs [4]*Run
		var all sync.WaitGroup
		for i := range runs {
			runs[i] = open(t, s, bowl(vector.Float64), bowlStart, nil)
			all.Go(func() {
				for range 60 {
					if _, err := runs[i].Next(); err != nil {
						t.Error(err)
					}
				}
			})
		}
		all.Wait()
		for _, r := range runs {
			alike(t, "a run beside others", values(r.Weights()), values(alone.Weights()), 0)
		}
	}
}

// TestScheduleOverASelection holds that a schedule finds the modifier of its selection among several of a name.
func TestScheduleOverASelection(t *testing.T) {
	fall := schedules.Linear(1, 0, 10)
	for _, name := range []string{"l2", "decay", "rate factor", "lookahead"} {
		modifier := map[string]func(x float64, over ...Selection) Option{
			"l2": L2, "decay": Decay, "rate factor": RateFactor,
			"lookahead": func(x float64, over ...Selection) Option { return Lookahead(2, x, over...) },
		}[name]
		s := solver(t, SGD{}, Rate(schedules.Constant(0.1)), modifier(0.25, Only("weight")), modifier(0.5, Except("weight")),
			Schedule(name, fall, Except("weight")))
		got := s.Values(schedules.Time{Step: 5})
		if want := []Value{{"rate", 0.1}, {name, 0.25}, {name, 0.5}}; !slices.Equal(got, want) {
			t.Errorf("%v, want %v", got, want)
		}
		if got := s.Values(schedules.Time{Step: 10})[2].Value; got != 0 {
			t.Errorf("%s at the end is %v, want 0", name, got)
		}
	}
}

// untuned is an estimator with a hyperparameter that its source isn't told.
type untuned struct {
	MiniBatch
	X float64
}

func (untuned) Hyper() []Hyper { return []Hyper{{Field: "X", Legal: Closed(0, 1)}} }

func TestBadScheduledEstimators(t *testing.T) {
	rate := Rate(schedules.Constant(0.1))
	obj := bowl(vector.Float64)
	_, err := solver(t, SGD{}, rate, From(untuned{})).Open(obj, obj.NewVector(), must[Sampler](t)(Cyclic(1, 1)))
	wantError(t, err, "solvers: untuned has hyperparameters, and its source no method Tune")
	_, err = New(SGD{}, rate, From(untuned{X: 2}))
	wantError(t, err, "solvers: x 2 outside [0, 1]")
	_, err = New(SGD{}, rate, From(AlphaSVRG{Passes: 1}), Schedule("alpha", schedules.Constant(2)))
	wantError(t, err, "solvers: alpha 2 outside [0, 1]")
}
