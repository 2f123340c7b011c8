package solvers

import (
	"strings"
	"testing"

	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/vector"
	"github.com/pkg/errors"
)

// stepper is an estimator whose source takes plain steps itself: gradient descent.
type stepper struct {
	alone bool // it has no gradients to give
	most  int  // iterations in a call
}

func (s stepper) Memory(Objective, int) int64 { return 0 }

func (s stepper) Open(obj Objective, sampler Sampler) (Source, error) {
	return &steps{stepper: s, miniBatch: miniBatch{feeder: newFeeder(obj, sampler)}, g: obj.NewVector()}, nil
}

type steps struct {
	stepper
	miniBatch
	g     *vector.Vector
	calls int
}

func (s *steps) Takes(terms *Terms) (bool, error) {
	if s.alone && !terms.Plain() {
		return false, errors.New("want plain SGD")
	}
	return terms.Plain(), nil
}

func (s *steps) Advance(w *vector.Vector, terms *Terms, t schedules.Time, steps int) (sum Info, err error) {
	s.calls++
	for range min(steps, s.most) {
		info, err := s.Next(w, s.g, t)
		if err != nil {
			return sum, err
		}
		info.Steps = 1
		sum.Add(info)
		for i, r := range w.Ranges {
			for j := r.Lo; j < r.Hi; j++ {
				term := terms.Range[i]
				w.Set(j, w.At(j)-term.Rate*(s.g.At(j)+(term.L2+term.Decay)*w.At(j)))
			}
		}
	}
	return sum, nil
}

// TestMethod holds that a method's steps are those of the rule, one by one and in one call, and that terms follow
// schedules.
func TestMethod(t *testing.T) {
	constant, falling := schedules.Constant(0.1), schedules.Cosine(0.1, 0, 30)
	for _, rate := range []schedules.Schedule{constant, falling} {
		options := []Option{Rate(rate), L2(0.1, Except("bias")), RateFactor(2, Only("bias"))}
		want := open(t, solver(t, SGD{}, options...), bowl(vector.Float64), bowlStart, nil)
		next(t, want, 20)
		options = append(options, From(stepper{most: 7}))
		single := open(t, solver(t, SGD{}, options...), bowl(vector.Float64), bowlStart, nil)
		next(t, single, 20)
		whole := open(t, solver(t, SGD{}, options...), bowl(vector.Float64), bowlStart, nil)
		info, err := whole.Advance(20)
		if err != nil {
			t.Fatal(err)
		}
		if info.Steps != 20 || info.Examples != 20 || info.Gradients != 20 || whole.Time() != want.Time() {
			t.Errorf("%+v at %+v, want 20 steps", info, whole.Time())
		}
		calls := 20
		if rate == constant {
			calls = 3
		}
		if got := whole.source.(*steps).calls; got != calls {
			t.Errorf("%v: %d calls, want %d", rate, got, calls)
		}
		alike(t, "one by one", values(single.Weights()), values(want.Weights()), 1e-14)
		alike(t, "at once", values(whole.Weights()), values(single.Weights()), 0)
	}
}

// TestMethodDeclines holds that a rule takes the steps that a method doesn't.
func TestMethodDeclines(t *testing.T) {
	for _, options := range [][]Option{{ClipNorm(1)}, {ClipValue(1)}} {
		options = append(options, Rate(schedules.Constant(0.1)))
		want := open(t, solver(t, SGD{}, options...), bowl(vector.Float64), bowlStart, nil)
		next(t, want, 5)
		got := open(t, solver(t, SGD{}, append(options, From(stepper{}))...), bowl(vector.Float64), bowlStart, nil)
		if _, err := got.Advance(5); err != nil {
			t.Fatal(err)
		}
		alike(t, "declined", values(got.Weights()), values(want.Weights()), 0)
	}
	s := solver(t, NAG{Momentum: 0.9}, Rate(schedules.Constant(0.1)), From(stepper{alone: true}))
	obj := bowl(vector.Float64)
	sampler, err := Cyclic(1, 1)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Open(obj, obj.NewVector(), sampler); err == nil || !strings.Contains(err.Error(), "stepper: want plain SGD") {
		t.Errorf("%v, want that of the method", err)
	}
}

func TestAdvanceBad(t *testing.T) {
	run := open(t, solver(t, SGD{}, Rate(schedules.Constant(0.1))), bowl(vector.Float64), bowlStart, nil)
	if _, err := run.Advance(0); err == nil {
		t.Error("no error for 0 iterations")
	}
}

// alike fails where a and b differ by over tol of the larger.
func alike(t *testing.T, what string, a, b []float64, tol float64) {
	t.Helper()
	if len(a) != len(b) {
		t.Fatalf("%s: %d values, want %d", what, len(a), len(b))
	}
	for i := range a {
		if d := a[i] - b[i]; !(max(d, -d) <= tol*max(1, max(b[i], -b[i]))) {
			t.Errorf("%s: element %d is %v, want %v", what, i, a[i], b[i])
		}
	}
}
