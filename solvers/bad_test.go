package solvers

import (
	"math"
	"strings"
	"testing"

	"github.com/fallline/fallline/batch"
	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/vector"
	"github.com/pkg/errors"
)

// oddRule has whatever Spec a test gives it.
type oddRule struct {
	spec  Spec
	X     float64
	Half  float32
	small float64
}

// notStruct is a rule without fields.
type notStruct int

func (notStruct) Spec() Spec                                      { return Spec{Hyper: []Hyper{{Field: "X"}}} }
func (notStruct) Update(*Step, []float64, []float64, [][]float64) {}

func (r oddRule) Spec() Spec { return r.spec }

func (r oddRule) Update(_ *Step, w, _ []float64, _ [][]float64) { w[0] = r.small }

func TestBadSettings(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	rate := Rate(schedules.Constant(0.1))
	constant := schedules.Constant
	hyper := func(h ...Hyper) Rule { return oddRule{spec: Spec{Hyper: h}} }
	for _, c := range []struct {
		rule    Rule
		options []Option
		want    string
	}{
		{nil, nil, "solvers: no rule (nil)"},
		{SGD{}, nil, "solvers: no learning rate: give solvers.Rate(schedule)"},
		{SGD{}, []Option{nil}, "solvers: an option is nil"},
		{SGD{}, []Option{rate, rate}, "solvers: rate given twice"},
		{SGD{}, []Option{Rate(nil)}, "solvers: rate: schedules: no schedule (nil)"},
		{SGD{}, []Option{Rate(constant(-0.1))}, "solvers: rate -0.1 outside [0, Inf)"},
		{SGD{}, []Option{Rate(constant(nan))}, "solvers: rate: schedules: constant: value NaN, want a finite number"},
		{SGD{}, []Option{Rate(schedules.Cosine(0.1, 0, 0))}, "solvers: rate: schedules: cosine: length of 0 iterations, want at least 1"},
		{Momentum{Momentum: 1.2}, []Option{rate}, "solvers: momentum 1.2 outside [0, 1)"},
		{Momentum{Momentum: 1}, []Option{rate}, "solvers: momentum 1 outside [0, 1)"},
		{Momentum{Momentum: -0.1}, []Option{rate}, "solvers: momentum -0.1 outside [0, 1)"},
		{Momentum{Momentum: nan}, []Option{rate}, "solvers: momentum NaN outside [0, 1)"},
		{Momentum{Dampening: 2}, []Option{rate}, "solvers: dampening 2 outside [0, 1)"},
		{Momentum{Form: 7}, []Option{rate}, "solvers: form 7, want PyTorch (0) or Textbook (1)"},
		{NAG{Momentum: inf}, []Option{rate}, "solvers: momentum +Inf outside [0, 1)"},
		{NAG{Form: -1}, []Option{rate}, "solvers: form -1, want PyTorch (0) or Textbook (1)"},
		{oddRule{spec: Spec{State: []string{"v", "v"}}}, []Option{rate}, `solvers: rule oddRule has state arrays ["v" "v"], want different names`},
		{oddRule{spec: Spec{State: []string{""}}}, []Option{rate}, `solvers: rule oddRule has state arrays [""], want different names`},
		{hyper(Hyper{"X", AtLeast(0), "rate"}), []Option{rate}, `solvers: oddRule has hyperparameter "rate", and there is another of this name`},
		{hyper(Hyper{"X", AtLeast(0), ""}, Hyper{"X", AtLeast(0), ""}), []Option{rate}, `solvers: oddRule has hyperparameter "x", and there is another of this name`},
		{hyper(Hyper{"X", Above(0), "eps"}), []Option{rate}, "solvers: eps 0 outside (0, Inf)"},
		{hyper(Hyper{"X", Closed(1, 2), ""}), []Option{rate}, "solvers: x 0 outside [1, 2]"},
		{hyper(Hyper{"Y", AtLeast(0), ""}), []Option{rate}, `solvers: oddRule: hyperparameter "Y" is no exported field of type float64`},
		{hyper(Hyper{"", AtLeast(0), "y"}), []Option{rate}, `solvers: oddRule: hyperparameter "" is no exported field of type float64`},
		{hyper(Hyper{"spec", AtLeast(0), ""}), []Option{rate}, `solvers: oddRule: hyperparameter "spec" is no exported field of type float64`},
		{hyper(Hyper{"small", AtLeast(0), ""}), []Option{rate}, `solvers: oddRule: hyperparameter "small" is no exported field of type float64`},
		{hyper(Hyper{"Half", AtLeast(0), ""}), []Option{rate}, `solvers: oddRule: hyperparameter "Half" is no exported field of type float64`},
		{notStruct(1), []Option{rate}, `solvers: notStruct: hyperparameter "X" is no exported field of type float64`},
		{(*slow)(nil), []Option{rate}, "solvers: no rule (a nil *solvers.slow)"},
		{SGD{}, []Option{rate, ClipNorm(0)}, "solvers: clip norm 0 outside (0, Inf)"},
		{SGD{}, []Option{rate, ClipNorm(1), ClipNorm(1)}, "solvers: clip norm given twice"},
		{SGD{}, []Option{rate, ClipValue(-1)}, "solvers: clip value -1 outside (0, Inf)"},
		{SGD{}, []Option{rate, ClipValue(nan)}, "solvers: clip value NaN outside (0, Inf)"},
		{SGD{}, []Option{rate, L2(-1)}, "solvers: l2 -1 outside [0, Inf)"},
		{SGD{}, []Option{rate, Decay(inf)}, "solvers: decay +Inf outside [0, Inf)"},
		{SGD{}, []Option{rate, Decay(1, Except())}, "solvers: decay: no names selected, want at least 1"},
		{SGD{}, []Option{rate, Decay(1, Only("w", ""))}, "solvers: decay: an empty name selected"},
		{SGD{}, []Option{rate, RateFactor(-2)}, "solvers: rate factor -2 outside [0, Inf)"},
		{SGD{}, []Option{rate, From(nil)}, "solvers: no estimator (nil)"},
		{SGD{}, []Option{rate, From(MiniBatch{}), From(FullBatch{})}, "solvers: estimator given twice"},
		{SGD{}, []Option{rate, From(SVRG{})}, "solvers: SVRG: passes 0 outside (0, Inf)"},
		{SGD{}, []Option{rate, From(SVRG{Passes: inf})}, "solvers: SVRG: passes +Inf outside (0, Inf)"},
		{SGD{}, []Option{rate, Prox(nil)}, "solvers: no proximal operator (nil)"},
		{NAG{}, []Option{rate, Prox(soft(1))}, "solvers: soft doesn't go with NAG, whose weights are a look-ahead point"},
		{Momentum{}, []Option{rate, Prox(L1{1})}, "solvers: l1(1) doesn't go with Momentum, whose steps depend on past gradients: it would not rest at the minimum of both"},
		{SGD{}, []Option{rate, Prox(L1{-1})}, "solvers: l1 -1 outside [0, Inf)"},
		{SGD{}, []Option{rate, Prox(ElasticNet{L1: 1, L2: nan})}, "solvers: elastic net's l2 NaN outside [0, Inf)"},
		{DefaultAdam, []Option{Rate(constant(nan))}, "solvers: rate: schedules: constant: value NaN, want a finite number"},
		{Adam{}, []Option{rate}, "solvers: epsilon 0 outside (0, Inf)"},
		{Adam{Beta1: 1, Epsilon: 1}, []Option{rate}, "solvers: beta1 1 outside [0, 1)"},
		{AdamW{Beta2: nan, Epsilon: 1}, []Option{rate}, "solvers: beta2 NaN outside [0, 1)"},
		{AdamW{Epsilon: 1, Decay: -1}, []Option{rate}, "solvers: weight decay -1 outside [0, Inf)"},
		{AMSGrad{Beta2: -0.1, Epsilon: 1}, []Option{rate}, "solvers: beta2 -0.1 outside [0, 1)"},
		{AdaGrad{Epsilon: 1, Initial: inf}, []Option{rate}, "solvers: initial sum +Inf outside [0, Inf)"},
		{RMSProp{Smoothing: 1, Epsilon: 1}, []Option{rate}, "solvers: smoothing 1 outside [0, 1)"},
		{RMSProp{Epsilon: 1, Momentum: 1}, []Option{rate}, "solvers: momentum 1 outside [0, 1)"},
		{SGD{}, []Option{rate, Schedule("momentum", constant(0.9))}, `solvers: schedule of "momentum": this SGD has nothing to schedule but its rate, which the option Rate sets`},
		{NAG{}, []Option{rate, Schedule("l2", constant(0.9)), Decay(1)}, `solvers: schedule of "l2": this NAG has no such quantity, but momentum, decay`},
		{NAG{}, []Option{rate, Schedule("decay", constant(-0.9)), Decay(1)}, `solvers: decay -0.9 outside [0, Inf)`},
		{NAG{}, []Option{rate, Schedule("momentum", constant(1))}, "solvers: momentum 1 outside [0, 1)"},
		{NAG{}, []Option{rate, Schedule("momentum", nil)}, "solvers: momentum: schedules: no schedule (nil)"},
		{NAG{}, []Option{rate, Schedule("momentum", constant(0)), Schedule("momentum", constant(0))}, `solvers: schedule of "momentum" given twice`},
		{SGD{}, []Option{rate, L2(1, Only("a")), L2(2, Only("b")), Schedule("l2", constant(0))}, `solvers: schedule of "l2": given to several modifiers: say which by its selection`},
		{SGD{}, []Option{rate, L2(1, Only("a")), Schedule("l2", constant(0), Only("b"))}, `solvers: schedule of "l2": none was given over [Only("b")]`},
		{SGD{}, []Option{rate, L2(1, Only("a")), Schedule("l2", constant(0), Except("a"))}, `solvers: schedule of "l2": none was given over [Except("a")]`},
		{NAG{}, []Option{rate, Schedule("momentum", constant(0), Only("w"))}, `solvers: schedule of "momentum": none was given over [Only("w")]`},
		{SGD{}, []Option{rate, RateFactor(1, Only("a")), Schedule("rate factor", nil, Only("a"))}, "solvers: rate factor: schedules: no schedule (nil)"},
		{SGD{}, []Option{rate, RateFactor(1), Schedule("rate factor", constant(-1))}, "solvers: rate factor -1 outside [0, Inf)"},
	} {
		_, err := New(c.rule, c.options...)
		if err == nil || err.Error() != c.want {
			t.Errorf("%T%+v: %v, want %s", c.rule, c.rule, err, c.want)
		}
	}
}

// wantError fails the test unless the error's text begins as wanted.
func wantError(t *testing.T, err error, want string) {
	t.Helper()
	if err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("error %v, want %s", err, want)
	}
}

func TestBadRuns(t *testing.T) {
	obj := newSquares(vector.Float64, 45, 6)
	w := obj.NewVector()
	sampler := must[Sampler](t)(Cyclic(45, 5))
	other := must[Sampler](t)(Cyclic(44, 5))
	rate := Rate(schedules.Constant(0.1))
	for _, c := range []struct {
		options []Option
		obj     Objective
		w       *vector.Vector
		sampler Sampler
		want    string
	}{
		{nil, nil, w, sampler, "solvers: Open wants an objective, weights and a sampler, and one of them is nil"},
		{nil, obj, nil, sampler, "solvers: Open wants an objective, weights and a sampler, and one of them is nil"},
		{nil, obj, w, nil, "solvers: Open wants an objective, weights and a sampler, and one of them is nil"},
		{nil, &squares{}, w, sampler, "solvers: objective of 0 examples, want at least 1"},
		{nil, obj, w, other, "solvers: sampler over 44 examples for an objective of 45"},
		{nil, obj, newSquares(vector.Float32, 1, 6).NewVector(), sampler, "solvers: weights do not fit the objective: vector: "},
		{nil, obj, newSquares(vector.Float64, 1, 60).NewVector(), sampler, "solvers: weights do not fit the objective: vector: "},
		{[]Option{Decay(1, Except("biass"))}, obj, w, sampler, `solvers: decay: no parameter or group is called "biass", only weight, bias, w, c`},
		{[]Option{Decay(1, Only("norm"))}, obj, w, sampler, `solvers: decay: no parameter or group is called "norm", only weight, bias, w, c`},
		{[]Option{Decay(1, Only("z*"))}, obj, w, sampler, `solvers: decay: no parameter or group is called "z*", only weight, bias, w, c`},
		{[]Option{L2(1, Only("w"), Except("weight"))}, obj, w, sampler, "solvers: l2: no parameter is left to apply it to"},
		{[]Option{L2(1), L2(2, Only("bias"))}, obj, w, sampler, `solvers: parameter "c" is under l2 twice`},
	} {
		_, err := solver(t, SGD{}, append([]Option{rate}, c.options...)...).Open(c.obj, c.w, c.sampler)
		wantError(t, err, c.want)
	}
	if _, err := solver(t, SGD{}, rate, Decay(1, Except("bias", "norm"))).Open(obj, w, sampler); err != nil {
		t.Errorf("a model without batch norm: %v", err)
	}
	run := open(t, solver(t, SGD{}, rate), obj, start(obj), nil)
	wantError(t, run.Solution(bowl(vector.Float64).NewVector()), "solvers: solution: vector: ")
}

func TestBadSamplers(t *testing.T) {
	for _, c := range []struct {
		n, batch int
		want     string
	}{
		{0, 1, "solvers: cyclic sampler over 0 examples, want 1 to 2147483647"},
		{-3, 1, "solvers: cyclic sampler over -3 examples, want 1 to 2147483647"},
		{1 << 31, 1, "solvers: cyclic sampler over 2147483648 examples, want 1 to 2147483647"},
		{10, 0, "solvers: cyclic sampler with batches of 0 examples, want 1 to 10"},
		{10, 11, "solvers: cyclic sampler with batches of 11 examples, want 1 to 10"},
	} {
		for name, make := range map[string]func() (Sampler, error){
			"cyclic":           func() (Sampler, error) { return Cyclic(c.n, c.batch) },
			"reshuffled":       func() (Sampler, error) { return Reshuffled(c.n, c.batch, 1) },
			"with-replacement": func() (Sampler, error) { return WithReplacement(c.n, c.batch, 1) },
		} {
			_, err := make()
			wantError(t, err, strings.Replace(c.want, "cyclic", name, 1))
		}
	}
	_, err := Accumulate(nil, 3)
	wantError(t, err, "solvers: no objective (nil) to accumulate")
	_, err = Accumulate(bowl(vector.Float64), 0)
	wantError(t, err, "solvers: pieces of 0 examples, want at least 1")
}

// TestBadGradients holds that a gradient which isn't finite is an error that names parameter and iteration, and that
// nothing has moved: neither the weights nor the state.
func TestBadGradients(t *testing.T) {
	forRules(t, func(t *testing.T, r ruleRow, dt vector.Type) {
		for _, bad := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
			obj := bowl(dt)
			f, poison := obj.f, false
			obj.f = func(w, g []float64) float64 {
				loss := f(w, g)
				if poison {
					g[5] = bad
				}
				return loss
			}
			run := open(t, solver(t, r.rule, falling(0.1, 10), ClipNorm(1), Decay(0.1)), obj, bowlStart, nil)
			next(t, run, 3)
			before, weights := save(run), values(run.Weights())
			poison = true
			_, err := run.Next()
			wantError(t, err, `solvers: gradient of "layer.bias" is `)
			if err != nil && !strings.HasSuffix(err.Error(), "(element 1) at iteration 3") {
				t.Errorf("error %v doesn't end with the element and iteration", err)
			}
			if d := distance(values(run.Weights()), weights); d != 0 {
				t.Errorf("the weights have moved by %v", d)
			}
			after := save(run)
			for name := range before {
				if name != "sampler.position" && !equalArrays(before[name], after[name]) {
					t.Errorf("%s was %v and is %v", name, before[name], after[name])
				}
			}
		}
	})
}

func equalArrays(a, b any) bool {
	switch a := a.(type) {
	case []float32:
		return equal(a, b.([]float32))
	case []float64:
		return equal(a, b.([]float64))
	case []int64:
		return equal(a, b.([]int64))
	}
	return false
}

func equal[T comparable](a, b []T) bool {
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return len(a) == len(b)
}

// failing is an Objective that fails.
type failing struct{ *squares }

func (failing) Gradient(_, _ *vector.Vector, _ batch.Batch) (float64, error) {
	return 0, errors.New("label 12 out of range")
}

func TestObjectiveFails(t *testing.T) {
	for _, e := range estimators {
		run := open(t, solver(t, SGD{}, Rate(schedules.Constant(0.1)), e.from()), opaque{failing{newSquares(vector.Float64, 45, 6)}}, make([]float64, 7), nil)
		_, err := run.Next()
		wantError(t, err, "solvers: iteration 0: label 12 out of range")
	}
}
