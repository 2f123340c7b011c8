package forgorgonia

import (
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/solvers"
	"github.com/fallline/fallline/vector"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// program is an ordinary Gorgonia program: a line through points, whose slope is a vector and whose intercept a scalar.
type program struct {
	machine G.VM
	params  G.Nodes
	cost    *G.Node
}

// points are 30 points with 4 coordinates, and a value of each that is nearly linear in them.
func points() (x, y []float64) {
	rng := rand.New(rand.NewPCG(7, 11))
	for range 30 {
		value := 0.5 + 0.1*rng.NormFloat64()
		for j := range 4 {
			x = append(x, rng.NormFloat64())
			value += (float64(j) - 1.5) * x[len(x)-1]
		}
		y = append(y, value)
	}
	return x, y
}

// newSolver makes a solver.
func newSolver(t testing.TB, r solvers.Rule, options ...solvers.Option) *Solver {
	t.Helper()
	return must[*Solver](t)(New(r, options...))
}

// must fails the test on an error.
func must[T any](t testing.TB) func(v T, err error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// distance is max |x−y|.
func distance(x, y []float64) float64 {
	d := 0.0
	for i := range x {
		if e := math.Abs(x[i] - y[i]); !(e <= d) {
			d = e
		}
	}
	return d
}

// lines builds the program. dual binds dual values, as most of Gorgonia's examples do.
func lines(t testing.TB, dt tensor.Dtype, dual bool) *program {
	t.Helper()
	g := G.NewGraph()
	x64, y64 := points()
	xs, ys := tensor.New(tensor.WithShape(30, 4), tensor.WithBacking(x64)), tensor.New(tensor.WithBacking(y64))
	if dt == tensor.Float32 {
		x32, y32 := make([]float32, len(x64)), make([]float32, len(y64))
		vector.Convert(x32, x64)
		vector.Convert(y32, y64)
		xs, ys = tensor.New(tensor.WithShape(30, 4), tensor.WithBacking(x32)), tensor.New(tensor.WithBacking(y32))
	}
	x := G.NewMatrix(g, dt, G.WithShape(30, 4), G.WithValue(xs), G.WithName("x"))
	y := G.NewVector(g, dt, G.WithShape(30), G.WithValue(ys), G.WithName("y"))
	w := G.NewVector(g, dt, G.WithShape(4), G.WithInit(G.Zeroes()), G.WithName("w"))
	c := G.NewScalar(g, dt, G.WithInit(G.Zeroes()), G.WithName("c"))
	r := G.Must(G.Sub(G.Must(G.Add(G.Must(G.Mul(x, w)), c)), y))
	p := &program{params: G.Nodes{w, c}, cost: G.Must(G.Mean(G.Must(G.Square(r))))}
	if _, err := G.Grad(p.cost, p.params...); err != nil {
		t.Fatal(err)
	}
	var options []G.VMOpt
	if dual {
		options = append(options, G.BindDualValues(p.params...))
	}
	p.machine = G.NewTapeMachine(g, options...)
	return p
}

// train runs steps and returns the last cost.
func (p *program) train(t testing.TB, s G.Solver, steps int) float64 {
	t.Helper()
	for range steps {
		if err := p.machine.RunAll(); err != nil {
			t.Fatal(err)
		}
		if err := s.Step(G.NodesToValueGrads(p.params)); err != nil {
			t.Fatal(err)
		}
		p.machine.Reset()
	}
	return scalar(p.cost.Value())
}

func scalar(v G.Value) float64 {
	switch x := v.Data().(type) {
	case float32:
		return float64(x)
	case float64:
		return x
	}
	return math.NaN()
}

// weights are the values of the parameters.
func (p *program) weights() []float64 {
	var w []float64
	for _, n := range p.params {
		switch x := n.Value().Data().(type) {
		case float32:
			w = append(w, float64(x))
		case float64:
			w = append(w, x)
		case []float32:
			for _, v := range x {
				w = append(w, float64(v))
			}
		case []float64:
			w = append(w, x...)
		}
	}
	return w
}

// rules are those that train a program: the table of all rules in package solvers holds the rest.
var rules = map[string]solvers.Rule{
	"SGD":              solvers.SGD{},
	"Momentum":         solvers.Momentum{Momentum: 0.9, Dampening: 0.5},
	"NAG":              solvers.NAG{Momentum: 0.9},
	"NAG textbook":     solvers.NAG{Momentum: 0.9, Form: solvers.Textbook},
	"AdaGrad":          solvers.DefaultAdaGrad,
	"RMSProp centered": solvers.RMSProp{Smoothing: 0.99, Epsilon: 1e-3, Momentum: 0.9, Centered: true},
	"Adam":             solvers.DefaultAdam,
	"own slow":         slow{0.9},
}

// slow is a user's rule with state and a hyperparameter, for float64 only: an average of past gradients.
type slow struct{ Beta float64 }

func (r slow) Spec() solvers.Spec {
	return solvers.Spec{State: []string{"mean"}, Hyper: []solvers.Hyper{{Field: "Beta", Legal: solvers.HalfOpen(0, 1)}}}
}

func (r slow) Update(s *solvers.Step, w, g []float64, state [][]float64) {
	m := state[0]
	for i := range w {
		m[i] = r.Beta*m[i] + (1-r.Beta)*g[i]
		w[i] -= s.Rate * m[i]
	}
}

// forRules runs a test over the rules, in both types.
func forRules(t *testing.T, test func(t *testing.T, r solvers.Rule, dt tensor.Dtype)) {
	for name, r := range rules {
		for _, dt := range []tensor.Dtype{tensor.Float64, tensor.Float32} {
			t.Run(name+"/"+dt.String(), func(t *testing.T) { test(t, r, dt) })
		}
	}
}

// sum is the program's cost as a sum in float64.
func sum(t testing.TB) *solvers.FiniteSum {
	x, y := points()
	f := func(w, g []float64, i int) float64 {
		r := w[4] - y[i]
		for j := range 4 {
			r += w[j] * x[4*i+j]
		}
		if g != nil {
			for j := range 4 {
				g[j] += 2 * r * x[4*i+j]
			}
			g[4] += 2 * r
		}
		return r * r
	}
	return must[*solvers.FiniteSum](t)(solvers.NewFiniteSum(30, f, vector.Param{Name: "w", Shape: []int{4}}, vector.Param{Name: "c"}))
}

// TestStepTrainsATapeMachine holds that rules train an ordinary program, and take the same steps as on an Objective,
// whether or not gradients add up from run to run.
func TestStepTrainsATapeMachine(t *testing.T) {
	forRules(t, func(t *testing.T, r solvers.Rule, dt tensor.Dtype) {
		limit := 1e-9
		if dt == tensor.Float32 {
			limit = 2e-5
		}
		options := []solvers.Option{solvers.Rate(schedules.Cosine(0.05, 0, 400)), solvers.ClipNorm(5), solvers.L2(1e-3, solvers.Only("w"))}
		obj := sum(t)
		run := must[*solvers.Run](t)(must[*solvers.Solver](t)(solvers.New(r, options...)).
			Open(obj, obj.NewVector(), must[solvers.Sampler](t)(solvers.Cyclic(30, 30))))
		must[solvers.Info](t)(run.Advance(100))
		w := run.Weights()
		want := append(slices.Clone(w.F64[:4]), w.At(w.Ranges[1].Lo))
		for _, dual := range []bool{false, true} {
			p := lines(t, dt, dual)
			p.train(t, newSolver(t, r, options...), 100)
			if d := distance(p.weights(), want); !(d < limit) {
				t.Errorf("dual values %v: apart from the run on an objective by %v", dual, d)
			}
			if cost := p.train(t, newSolver(t, r, options...), 300); !(cost < 0.05) {
				t.Errorf("dual values %v: cost %v", dual, cost)
			}
		}
	})
}

// TestStepEqualsGorgoniasOwn compares plain gradient descent with Gorgonia's VanillaSolver, which is right in this.
func TestStepEqualsGorgoniasOwn(t *testing.T) {
	ours, theirs := lines(t, tensor.Float64, true), lines(t, tensor.Float64, true)
	ours.params, theirs.params = ours.params[:1], theirs.params[:1] // it panics on the scalar
	ours.train(t, newSolver(t, solvers.SGD{}, solvers.Rate(schedules.Constant(0.02))), 50)
	theirs.train(t, G.NewVanillaSolver(G.WithLearnRate(0.02)), 50)
	if d := distance(ours.weights(), theirs.weights()); !(d < 1e-13) {
		t.Errorf("apart by %v", d)
	}
}

func TestStepLeavesGradients(t *testing.T) {
	p := lines(t, tensor.Float64, false)
	if err := p.machine.RunAll(); err != nil {
		t.Fatal(err)
	}
	before := gradients(t, p.params)
	s := newSolver(t, solvers.NAG{Momentum: 0.9}, solvers.Rate(schedules.Constant(0.1)), solvers.ClipNorm(0.1), solvers.L2(1))
	if err := s.Step(G.NodesToValueGrads(p.params)); err != nil {
		t.Fatal(err)
	}
	if after := gradients(t, p.params); !slices.Equal(before, after) {
		t.Errorf("gradients %v, were %v", after, before)
	}
}

func gradients(t *testing.T, nodes G.Nodes) []float64 {
	var all []float64
	for _, n := range nodes {
		v := must[G.Value](t)(n.Grad())
		switch x := v.Data().(type) {
		case float64:
			all = append(all, x)
		case []float64:
			all = append(all, x...)
		}
	}
	return all
}

// valueGrad is a ValueGrad that is no node.
type valueGrad struct {
	name        string
	value, grad G.Value
}

func (v *valueGrad) Name() string           { return v.name }
func (v *valueGrad) Value() G.Value         { return v.value }
func (v *valueGrad) Grad() (G.Value, error) { return v.grad, nil }

// TestStepForParametersRenamed holds that a parameter's state goes with its name, not with where it came from, and that
// values which aren't pointers are parameters, too.
func TestStepForParametersRenamed(t *testing.T) {
	s := newSolver(t, solvers.Momentum{Momentum: 0.5}, solvers.Rate(schedules.Constant(1)))
	a, b := &valueGrad{"a", G.NewF64(0), G.NewF64(1)}, &valueGrad{"b", G.NewF64(0), G.NewF64(0)}
	step := func(m ...G.ValueGrad) {
		if err := s.Step(m); err != nil {
			t.Fatal(err)
		}
	}
	step(a, b) // velocities 1 and 0
	a.name, b.name = "b", "a"
	step(a, b) // gradient 1 meets b's velocity 0, and 0 meets 1
	if x, y := scalar(a.value), scalar(b.value); x != -2 || y != -0.5 {
		t.Errorf("moved to %v and %v, want -2 and -0.5", x, y)
	}
	c := plainValue{[]string{"c"}, G.NewF64(0), G.NewF64(1)}
	step(c)
	step(c)
	if x := scalar(c.value); x != -2.5 {
		t.Errorf("moved to %v in two steps, want -2.5", x)
	}
}

// plainValue is a ValueGrad that can't even be compared.
type plainValue struct {
	names       []string
	value, grad G.Value
}

func (v plainValue) Name() string           { return v.names[0] }
func (v plainValue) Value() G.Value         { return v.value }
func (v plainValue) Grad() (G.Value, error) { return v.grad, nil }

// TestStepForParametersThatJoinLater holds that a parameter's first step is its own: dampening doesn't count there.
func TestStepForParametersThatJoinLater(t *testing.T) {
	s := newSolver(t, solvers.Momentum{Momentum: 0.5, Dampening: 0.5}, solvers.Rate(schedules.Constant(1)))
	a := &valueGrad{"a", G.NewF64(0), G.NewF64(1)}
	b := &valueGrad{"b", G.NewF32(0), G.NewF32(1)}
	for _, m := range [][]G.ValueGrad{{a}, {b, a}, {b}} {
		if err := s.Step(m); err != nil {
			t.Fatal(err)
		}
	}
	for _, v := range []*valueGrad{a, b} { // v = 1, then 0.5 + 0.5
		if got := scalar(v.value); got != -2 {
			t.Errorf("%s moved to %v in two steps, want -2", v.name, got)
		}
	}
}

func TestStepAllocatesNothing(t *testing.T) {
	for _, dt := range []tensor.Dtype{tensor.Float64, tensor.Float32} {
		p := lines(t, dt, true)
		s := newSolver(t, solvers.NAG{Momentum: 0.9}, solvers.Rate(schedules.Cosine(0.01, 0, 100)), solvers.ClipNorm(1), solvers.L2(1e-3, solvers.Only("w")))
		p.train(t, s, 2)
		m := G.NodesToValueGrads(p.params)
		if n := testing.AllocsPerRun(50, func() { s.Step(m) }); n != 0 {
			t.Errorf("%v: %v allocations a step, want 0", dt, n)
		}
	}
}

// TestVisit holds that a program which is saved and goes on with a new solver takes the same steps.
func TestVisit(t *testing.T) {
	forRules(t, func(t *testing.T, r solvers.Rule, dt tensor.Dtype) {
		fresh := func() (*program, *Solver) {
			return lines(t, dt, false), newSolver(t, r, solvers.Rate(schedules.Warmup(10, schedules.Cosine(0.1, 0, 30))))
		}
		whole, s := fresh()
		whole.train(t, s, 30)
		before, s := fresh()
		before.train(t, s, 13)
		after, s2 := fresh()
		for i, n := range after.params {
			if err := G.Let(n, before.params[i].Value()); err != nil {
				t.Fatal(err)
			}
		}
		saved := map[string]any{}
		visit(t, s, before.params, func(name string, array any) { saved[name] = reflect.ValueOf(array).Interface() })
		visit(t, s2, after.params, func(name string, array any) {
			if n := reflect.Copy(reflect.ValueOf(array), reflect.ValueOf(saved[name])); n == 0 {
				t.Errorf("nothing saved as %s", name)
			}
			delete(saved, name)
		})
		if len(saved) > 0 {
			t.Errorf("saved and not asked for: %v", saved)
		}
		after.train(t, s2, 17)
		if !slices.Equal(after.weights(), whole.weights()) {
			t.Errorf("apart by %v", distance(after.weights(), whole.weights()))
		}
	})
}

func visit(t *testing.T, s *Solver, nodes G.Nodes, to func(name string, array any)) {
	t.Helper()
	if err := s.Visit(G.NodesToValueGrads(nodes), to); err != nil {
		t.Fatal(err)
	}
}

// TestStepReadsTransposedGradients holds that a gradient which is a transpose without a copy is read by its meaning.
func TestStepReadsTransposedGradients(t *testing.T) {
	for _, dt := range []tensor.Dtype{tensor.Float64, tensor.Float32} {
		g := tensor.New(tensor.WithShape(3, 2), tensor.WithBacking([]float64{1, 4, 2, 5, 3, 6}))
		w := tensor.New(tensor.WithShape(2, 3), tensor.Of(dt))
		if dt == tensor.Float32 {
			g = tensor.New(tensor.WithShape(3, 2), tensor.WithBacking([]float32{1, 4, 2, 5, 3, 6}))
		}
		if err := g.T(); err != nil {
			t.Fatal(err)
		}
		s := newSolver(t, solvers.SGD{}, solvers.Rate(schedules.Constant(1)))
		if err := s.Step([]G.ValueGrad{&valueGrad{"w", w, g}}); err != nil {
			t.Fatal(err)
		}
		for i := range 6 {
			want := -float64(i + 1)
			if x := must[any](t)(w.At(i/3, i%3)); x != want && x != float32(want) {
				t.Errorf("%v: weight %d is %v, want %v", dt, i, x, want)
			}
		}
	}
}
