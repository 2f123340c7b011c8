package solvers

import (
	"math"
	"slices"
	"testing"

	"github.com/fallline/fallline/batch"
	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/vector"
)

// stepperOf makes a Stepper.
func stepperOf(t testing.TB, r Rule, options ...Option) *Stepper {
	t.Helper()
	return must[*Stepper](t)(solver(t, r, options...).Stepper())
}

// paramsOf are the ranges of weights and of their gradient.
func paramsOf(w, g *vector.Vector) []Param {
	params := make([]Param, len(w.Ranges))
	for i, r := range w.Ranges {
		params[i] = Param{Name: r.Name, Group: r.Group, Shape: r.Shape}
		if w.Type() == vector.Float64 {
			params[i].F64, params[i].Grad64 = w.F64[r.Lo:r.Hi], g.F64[r.Lo:r.Hi]
		} else {
			params[i].F32, params[i].Grad32 = w.F32[r.Lo:r.Hi], g.F32[r.Lo:r.Hi]
		}
	}
	return params
}

// TestStepperFollowsNames holds that state belongs to the name: the parameters come in another order at every step, and
// the weights are those of a run in one order, bit for bit.
func TestStepperFollowsNames(t *testing.T) {
	forRules(t, func(t *testing.T, r ruleRow, dt vector.Type) {
		obj := large(dt)
		run := open(t, solver(t, r.rule, falling(0.01, 50), Decay(0.1, Except("*.bias"))), obj, start(obj), nil)
		s := stepperOf(t, r.rule, falling(0.01, 50), Decay(0.1, Except("*.bias")))
		w, g := obj.NewVector(), obj.NewVector()
		scatter64(w, start(obj))
		m := paramsOf(w, g)
		for i := range 12 {
			next(t, run, 1)
			if _, err := obj.Gradient(w, g, batch.Batch{}); err != nil {
				t.Fatal(err)
			}
			if err := s.Step(m); err != nil {
				t.Fatal(err)
			}
			k := 1 + i%(len(m)-1)
			m[0], m[k] = m[k], m[0]
		}
		if d := distance(values(w), values(run.Weights())); d != 0 {
			t.Errorf("apart by %v", d)
		}
	})
}

// TestStepperForParametersRenamed holds that a parameter's state goes with its name, not with where it came from.
func TestStepperForParametersRenamed(t *testing.T) {
	s := stepperOf(t, Momentum{Momentum: 0.5}, Rate(schedules.Constant(1)))
	x, y := []float64{0}, []float64{0}
	step := func(first, second string) {
		if err := s.Step([]Param{{Name: first, F64: x, Grad64: []float64{1}}, {Name: second, F64: y, Grad64: []float64{0}}}); err != nil {
			t.Fatal(err)
		}
	}
	step("a", "b") // velocities 1 and 0
	step("b", "a") // gradient 1 meets b's velocity 0, and 0 meets 1
	if x[0] != -2 || y[0] != -0.5 {
		t.Errorf("moved to %v and %v, want -2 and -0.5", x, y)
	}
}

// TestStepperForParametersThatJoinLater holds that a parameter's first step is its own: dampening doesn't count there.
func TestStepperForParametersThatJoinLater(t *testing.T) {
	s := stepperOf(t, Momentum{Momentum: 0.5, Dampening: 0.5}, Rate(schedules.Constant(1)))
	a := Param{Name: "a", F64: []float64{0}, Grad64: []float64{1}}
	b := Param{Name: "b", F32: []float32{0}, Grad32: []float32{1}}
	for _, m := range [][]Param{{a}, {b, a}, {b}} {
		if err := s.Step(m); err != nil {
			t.Fatal(err)
		}
	}
	if a.F64[0] != -2 || b.F32[0] != -2 { // v = 1, then 0.5 + 0.5
		t.Errorf("moved to %v and %v in two steps, want -2", a.F64, b.F32)
	}
}

func TestStepperAllocatesNothing(t *testing.T) {
	for _, dt := range dtypes {
		obj := large(dt)
		m := paramsOf(obj.NewVector(), obj.NewVector())
		s := stepperOf(t, NAG{Momentum: 0.9}, falling(0.01, 100), ClipNorm(1), L2(1e-3, Only("weight")))
		if n := testing.AllocsPerRun(50, func() { s.Step(m) }); n != 0 {
			t.Errorf("%v: %v allocations a step, want 0", dt, n)
		}
	}
}

// visitor of a Stepper.
type stepVisitor struct {
	t testing.TB
	s *Stepper
	m []Param
}

func (v stepVisitor) Visit(visit func(name string, array any)) {
	if err := v.s.Visit(v.m, visit); err != nil {
		v.t.Fatal(err)
	}
}

// splitSteps holds that steps which are saved and go on with a new Stepper are the same.
func splitSteps(t *testing.T, dt vector.Type, r Rule, options ...Option) {
	t.Helper()
	type program struct {
		stepVisitor
		w *vector.Vector
	}
	obj := newSquares(dt, 30, 4)
	fresh := func() program {
		w := obj.NewVector()
		return program{stepVisitor{t, stepperOf(t, r, options...), nil}, w}
	}
	train := func(p *program, steps int) {
		g := obj.NewVector()
		p.m = paramsOf(p.w, g)
		for range steps {
			must[float64](t)(obj.Gradient(p.w, g, batch.Batch{Index: everything(30)}))
			if err := p.s.Step(p.m); err != nil {
				t.Fatal(err)
			}
		}
	}
	whole, before, after := fresh(), fresh(), fresh()
	train(&whole, 30)
	train(&before, 13)
	after.w.Copy(before.w)
	train(&after, 0)
	restore(t, after, save(before))
	train(&after, 17)
	if !slices.Equal(values(after.w), values(whole.w)) {
		t.Errorf("apart by %v", distance(values(after.w), values(whole.w)))
	}
}

func TestStepperResumes(t *testing.T) {
	forRules(t, func(t *testing.T, r ruleRow, dt vector.Type) {
		splitSteps(t, dt, r.rule, Rate(schedules.Warmup(10, schedules.Cosine(0.1, 0, 30))))
	})
}

func TestBadParams(t *testing.T) {
	ok := Param{Name: "ok", F64: []float64{1, 2}, Grad64: []float64{1, 2}}
	for _, c := range []struct {
		params []Param
		want   string
	}{
		{nil, "solvers: a step over no parameters"},
		{[]Param{ok, {F64: []float64{1}, Grad64: []float64{1}}}, "solvers: parameter 1 has no name"},
		{[]Param{ok, {Name: "b", F64: []float64{1}, Grad64: []float64{1}}, ok}, `solvers: parameters 0 and 2 are both named "ok"`},
		{[]Param{{Name: "empty"}}, `solvers: parameter "empty" has 0 elements of float32 and 0 of float64, want them of one type`},
		{[]Param{{Name: "both", F32: []float32{1}, F64: []float64{1}}}, `solvers: parameter "both" has 1 elements of float32 and 1 of float64`},
		{[]Param{{Name: "w", F64: []float64{1, 2}}}, `solvers: gradient of "w" has 0 elements, want 2`},
		{[]Param{{Name: "w", F64: []float64{1, 2}, Grad32: []float32{1, 2}}}, `solvers: gradient of "w" has 2 elements, want 2`},
		{[]Param{{Name: "v", F64: []float64{1, 2}, Grad64: []float64{1, math.NaN()}}}, `solvers: gradient of "v" is NaN (element 1) at iteration 0`},
	} {
		s := stepperOf(t, Momentum{Momentum: 0.9}, Rate(schedules.Constant(0.1)))
		wantError(t, s.Step(c.params), c.want)
	}
	if ok.F64[0] != 1 || ok.F64[1] != 2 {
		t.Errorf("a step that failed has moved a parameter to %v", ok.F64)
	}
}

func TestBadSteppers(t *testing.T) {
	rate := Rate(schedules.Constant(0.1))
	for _, c := range []struct {
		s    *Solver
		want string
	}{
		{solver(t, SGD{}, rate, From(SVRG{Passes: 2})), "solvers: SVRG evaluates an objective itself: run it with Solver.Open or train.Fit, not step by step"},
		{solver(t, SGD{}, Rate(schedules.Cosine(0.1, 0, schedules.Epochs(3)))), "solvers: rate cosine(0.1,0,3ep) counts epochs, which single steps don't know: count iterations"},
	} {
		_, err := c.s.Stepper()
		wantError(t, err, c.want)
	}
	p := []Param{{Name: "w", F64: []float64{1, 2}, Grad64: []float64{1, 2}}}
	wantError(t, stepperOf(t, SGD{}, rate, Decay(1, Except("bias"))).Step(p), `solvers: decay: no parameter or group is called "bias", only w`)
	for _, now := range []Param{
		{Name: "w", F32: []float32{1, 2}, Grad32: []float32{1, 2}},
		{Name: "w", F64: []float64{1}, Grad64: []float64{1}},
		{Name: "w", F64: []float64{1, 2}, Grad64: []float64{1, 2}, F32: []float32{1, 2}, Grad32: []float32{1, 2}},
	} {
		s := stepperOf(t, SGD{}, rate)
		if err := s.Step(p); err != nil {
			t.Fatal(err)
		}
		wantError(t, s.Step([]Param{now}), `solvers: parameter "w" has changed its size or type since the last step: `)
	}
}
