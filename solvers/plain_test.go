package solvers

import (
	"math"
	"slices"
	"testing"

	"github.com/fallline/fallline/schedules"
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

// lines builds the program. dual binds dual values, as most of Gorgonia's examples do.
func lines(t testing.TB, dt tensor.Dtype, dual bool) *program {
	t.Helper()
	obj := newSquares(tensor.Float64, 30, 4)
	g := G.NewGraph()
	var xs, ys tensor.Tensor
	if dt == tensor.Float64 {
		x := make([]float64, 0, 120)
		for _, row := range obj.x {
			x = append(x, row...)
		}
		xs, ys = tensor.New(tensor.WithShape(30, 4), tensor.WithBacking(x)), tensor.New(tensor.WithBacking(obj.y))
	} else {
		var x, y []float32
		for i, row := range obj.x {
			for _, v := range row {
				x = append(x, float32(v))
			}
			y = append(y, float32(obj.y[i]))
		}
		xs, ys = tensor.New(tensor.WithShape(30, 4), tensor.WithBacking(x)), tensor.New(tensor.WithBacking(y))
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

// twice is twice a function: the mean of squares without the half.
type twice struct{ *squares }

func (o twice) Gradient(w, g *vector.Vector, b Batch) (float64, error) {
	loss, err := o.squares.Gradient(w, g, b)
	g.Scale(2)
	return 2 * loss, err
}

// TestStepTrainsATapeMachine holds that rules train an ordinary program, and take the same steps as on an Objective, whether or not
// gradients add up from run to run.
func TestStepTrainsATapeMachine(t *testing.T) {
	forRules(t, func(t *testing.T, r ruleRow, dt tensor.Dtype) {
		limit := 1e-9
		if dt == tensor.Float32 {
			limit = 2e-5
		}
		if r.name == "own signSGD" { // the sign of rounding errors
			limit = 0.5
		}
		options := []Option{falling(0.05, 400), ClipNorm(5), L2(1e-3, Only("w"))}
		run := open(t, solver(t, r.rule, options...), twice{newSquares(dt, 30, 4)}, make([]float64, 5), nil)
		next(t, run, 100)
		want := values(run.Weights())
		for _, dual := range []bool{false, true} {
			p := lines(t, dt, dual)
			p.train(t, solver(t, r.rule, options...), 100)
			if d := distance(p.weights(), want); !(d < limit) {
				t.Errorf("dual values %v: apart from the run on an objective by %v", dual, d)
			}
			if cost := p.train(t, solver(t, r.rule, options...), 300); !(cost < 0.05) {
				t.Errorf("dual values %v: cost %v", dual, cost)
			}
		}
	})
}

// TestStepEqualsGorgoniasOwn compares plain gradient descent with Gorgonia's VanillaSolver, which is right in this.
func TestStepEqualsGorgoniasOwn(t *testing.T) {
	ours, theirs := lines(t, tensor.Float64, true), lines(t, tensor.Float64, true)
	ours.params, theirs.params = ours.params[:1], theirs.params[:1] // it panics on the scalar
	ours.train(t, solver(t, SGD{}, Rate(schedules.Constant(0.02))), 50)
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
	s := solver(t, NAG{Momentum: 0.9}, Rate(schedules.Constant(0.1)), ClipNorm(0.1), L2(1))
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

// model makes views of the vectors of an objective.
func model(w, g *vector.Vector) []G.ValueGrad {
	var m []G.ValueGrad
	for i, r := range w.Ranges {
		m = append(m, &valueGrad{r.Name, w.Tensor(i), g.Tensor(i)})
	}
	return m
}

// TestStepFollowsNames holds that state belongs to the name: the parameters come in another order at every step, and the weights
// are those of a run in one order, bit for bit.
func TestStepFollowsNames(t *testing.T) {
	forRules(t, func(t *testing.T, r ruleRow, dt tensor.Dtype) {
		obj := large(dt)
		run := open(t, solver(t, r.rule, falling(0.01, 50), Decay(0.1, Except("*.bias"))), obj, start(obj), nil)
		s := solver(t, r.rule, falling(0.01, 50), Decay(0.1, Except("*.bias")))
		w, g := obj.NewVector(), obj.NewVector()
		scatter64(w, start(obj))
		m := model(w, g)
		for i := range 12 {
			next(t, run, 1)
			if _, err := obj.Gradient(w, g, Batch{}); err != nil {
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

// TestStepForParametersRenamed holds that a parameter's state goes with its name, not with where it came from, and that values
// which aren't pointers are parameters, too.
func TestStepForParametersRenamed(t *testing.T) {
	s := solver(t, Momentum{Momentum: 0.5}, Rate(schedules.Constant(1)))
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
	s := solver(t, Momentum{Momentum: 0.5, Dampening: 0.5}, Rate(schedules.Constant(1)))
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
		s := solver(t, NAG{Momentum: 0.9}, falling(0.01, 100), ClipNorm(1), L2(1e-3, Only("w")))
		p.train(t, s, 2)
		m := G.NodesToValueGrads(p.params)
		if n := testing.AllocsPerRun(50, func() { s.Step(m) }); n != 0 {
			t.Errorf("%v: %v allocations a step, want 0", dt, n)
		}
		obj := large(dt)
		views := model(obj.NewVector(), obj.NewVector())
		s = solver(t, NAG{Momentum: 0.9}, falling(0.01, 100))
		if n := testing.AllocsPerRun(50, func() { s.Step(views) }); n != 0 {
			t.Errorf("%v: %v allocations a step for views of a vector, want 0", dt, n)
		}
	}
}

// TestVisitStep holds that a program which is saved and goes on with a new solver takes the same steps.
func TestVisitStep(t *testing.T) {
	forRules(t, func(t *testing.T, r ruleRow, dt tensor.Dtype) {
		fresh := func() (*program, *Solver) {
			return lines(t, dt, false), solver(t, r.rule, Rate(schedules.Warmup(10, schedules.Cosine(0.1, 0, 30))))
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
		restore(t, stepVisitor{t, s2, after.params}, save(stepVisitor{t, s, before.params}))
		after.train(t, s2, 17)
		if !slices.Equal(after.weights(), whole.weights()) {
			t.Errorf("apart by %v", distance(after.weights(), whole.weights()))
		}
	})
}

type stepVisitor struct {
	t     *testing.T
	s     *Solver
	nodes G.Nodes
}

func (v stepVisitor) Visit(visit func(name string, array any)) {
	if err := v.s.VisitStep(G.NodesToValueGrads(v.nodes), visit); err != nil {
		v.t.Fatal(err)
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
		s := solver(t, SGD{}, Rate(schedules.Constant(1)))
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
