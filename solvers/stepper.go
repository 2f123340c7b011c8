package solvers

import (
	"slices"

	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/schedules"
	"github.com/pkg/errors"
)

// Param is a parameter of a program that computes gradients itself, for a Stepper. Either F32 and Grad32 are set, or
// F64 and Grad64.
type Param struct {
	Name  string // state is kept by it: no other parameter may have it
	Group string // what selections know it by beside its name; may be empty
	Shape []int  // may be nil, for one row of elements

	F32, Grad32 []float32 // the weights and their gradient, row-major
	F64, Grad64 []float64
}

// Stepper takes a solver's steps over parameters whose gradients somebody else computes, as package forgorgonia does
// for Gorgonia's nodes. It serves one goroutine at a time.
type Stepper struct {
	solver *Solver
	stage  *stage
	steps  [1]int64
	f32    map[string]*parameter[float32] // every parameter seen, by name
	f64    map[string]*parameter[float64]
	last   []placed // the parameters of the last step, in its order
}

// placed is a parameter of the last step: one of the two is set.
type placed struct {
	f32 *parameter[float32]
	f64 *parameter[float64]
}

// Stepper makes a Stepper. It knows the time in iterations alone: a schedule that counts epochs is an error. So is what
// evaluates an objective itself, as every estimator but MiniBatch and every StepSize, and what belongs to a run, as
// Average.
func (s *Solver) Stepper() (*Stepper, error) {
	if _, ok := s.estimator.(BatchGradient); !ok {
		return nil, errors.Errorf("solvers: %s evaluates an objective itself: run it with Solver.Open or train.Fit, not step by step",
			typeName(s.estimator))
	}
	if s.choice != nil {
		return nil, errors.Errorf("solvers: %v evaluates an objective: run it with Solver.Open or train.Fit, not step by step", s.choice)
	}
	if s.averaging != nil {
		return nil, errors.Errorf("solvers: %v belongs to a run: use Solver.Open or train.Fit, not single steps", s.averaging)
	}
	for _, k := range s.quantities {
		if schedules.CountsEpochs(k.schedule) {
			return nil, errors.Errorf("solvers: %s %v counts epochs, which single steps don't know: count iterations", k.name, k.schedule)
		}
	}
	return &Stepper{solver: s, stage: newStage(s), f32: map[string]*parameter[float32]{}, f64: map[string]*parameter[float64]{}}, nil
}

// Step moves the parameters by their gradients. They are known by their names, in whatever order they come; one without
// a name, two of a name, and one whose size or type has changed are errors. A gradient, weights or a state that aren't
// finite are a Diverged. On an error nothing has changed, unless that says Moved.
func (st *Stepper) Step(params []Param) error {
	if err := st.take(params); err != nil {
		return err
	}
	for i, p := range params {
		if err := st.last[i].setGradient(p); err != nil {
			return err
		}
	}
	now := schedules.Time{Step: st.steps[0]}
	if _, err := st.stage.step(now, schedules.Time{Step: now.Step + 1}); err != nil {
		return err
	}
	st.steps[0]++
	return nil
}

// Visit shows everything that Step needs to go on after an interruption, but for the weights, as Run.Visit does for a
// run. Gradients need not be set.
//
// The names are run.time (iterations done), rule.updates/PARAMETER (steps that the parameter has had),
// rule.STATE/PARAMETER and slow/PARAMETER.
func (st *Stepper) Visit(params []Param, visit func(name string, array any)) error {
	if err := st.take(params); err != nil {
		return err
	}
	st.stage.forget() // the arrays may be overwritten
	visit("run.time", st.steps[:])
	for _, p := range st.last {
		if p.f32 != nil {
			visitParameter(p.f32, st.solver.spec.State, visit)
		} else {
			visitParameter(p.f64, st.solver.spec.State, visit)
		}
	}
	return nil
}

func visitParameter[T kernel.Float](p *parameter[T], state []string, visit func(name string, array any)) {
	visit("rule.updates/"+p.name, p.updates[:])
	for k, name := range state {
		visit("rule."+name+"/"+p.name, p.state[k])
	}
	if p.slow != nil {
		visit("slow/"+p.name, p.slow)
	}
}

// take points the stage at the parameters' weights.
func (st *Stepper) take(params []Param) error {
	if !st.sameAs(params) {
		if err := st.place(params); err != nil {
			return err
		}
	}
	for i, p := range params {
		if err := st.last[i].setWeights(p); err != nil {
			return err
		}
	}
	return nil
}

// sameAs says whether these are the parameters of the last step in the same order.
func (st *Stepper) sameAs(params []Param) bool {
	if len(params) != len(st.last) {
		return false
	}
	for i, p := range params {
		if st.last[i].owner() != (owner{p.Name, p.Group}) {
			return false
		}
	}
	return len(params) > 0
}

func (p placed) owner() owner {
	if p.f32 != nil {
		return p.f32.owner
	}
	return p.f64.owner
}

// place finds or makes what is kept of parameters that differ from the last ones.
func (st *Stepper) place(params []Param) error {
	if len(params) == 0 {
		return errors.New("solvers: a step over no parameters")
	}
	owners := make([]owner, len(params))
	seen := make(map[string]int, len(params))
	for i, p := range params {
		if p.Name == "" {
			return errors.Errorf("solvers: parameter %d has no name", i)
		}
		if j, ok := seen[p.Name]; ok {
			return errors.Errorf("solvers: parameters %d and %d are both named %q", j, i, p.Name)
		}
		seen[p.Name] = i
		owners[i] = owner{p.Name, p.Group}
		if (len(p.F32) == 0) == (len(p.F64) == 0) {
			return errors.Errorf("solvers: parameter %q has %d elements of float32 and %d of float64, want them of one type", p.Name, len(p.F32), len(p.F64))
		}
	}
	settings, err := st.solver.bind(owners)
	if err != nil {
		return err
	}
	last := make([]placed, len(params))
	var f32 []*parameter[float32]
	var f64 []*parameter[float64]
	for i, p := range params {
		last[i] = st.find(p)
		if s := last[i].f32; s != nil {
			s.owner, s.use = owners[i], settings[i]
			s.beginSlow()
			f32 = append(f32, s)
		} else {
			s := last[i].f64
			s.owner, s.use = owners[i], settings[i]
			s.beginSlow()
			f64 = append(f64, s)
		}
	}
	st.stage.e32.setParameters(f32)
	st.stage.e64.setParameters(f64)
	st.last = last
	return nil
}

// find finds or makes what is kept of a parameter.
func (st *Stepper) find(p Param) placed {
	known := placed{st.f32[p.Name], st.f64[p.Name]}
	if known.f32 != nil || known.f64 != nil {
		return known
	}
	if len(p.F32) > 0 {
		return placed{f32: newParameter(st.f32, p, p.F32, &st.solver.spec)}
	}
	return placed{f64: newParameter(st.f64, p, p.F64, &st.solver.spec)}
}

// newParameter makes a parameter with the weights w and zero state.
func newParameter[T kernel.Float](known map[string]*parameter[T], p Param, w []T, spec *Spec) *parameter[T] {
	shape := slices.Clone(p.Shape)
	if shape == nil {
		shape = []int{len(w)}
	}
	s := &parameter[T]{w: w, shape: shape, scratch: spec.scratchOf(shape)}
	for range spec.State {
		s.state = append(s.state, make([]T, len(w)))
	}
	known[p.Name] = s
	return s
}

// setWeights points what is kept of the parameter at its weights, whose number and type must be those of before.
func (p placed) setWeights(to Param) error {
	was, now := 0, 0
	switch {
	case p.f32 != nil:
		was, now = len(p.f32.w), len(to.F32)
	default:
		was, now = len(p.f64.w), len(to.F64)
	}
	if now != was || len(to.F32) > 0 && len(to.F64) > 0 {
		return errors.Errorf("solvers: parameter %q has changed its size or type since the last step: %d elements of float32 and %d of float64 now",
			to.Name, len(to.F32), len(to.F64))
	}
	if p.f32 != nil {
		p.f32.w = to.F32
	} else {
		p.f64.w = to.F64
	}
	return nil
}

// setGradient points what is kept of the parameter at its gradient.
func (p placed) setGradient(to Param) error {
	if len(to.Grad32) != len(to.F32) || len(to.Grad64) != len(to.F64) {
		return errors.Errorf("solvers: gradient of %q has %d elements, want %d", to.Name, len(to.Grad32)+len(to.Grad64), len(to.F32)+len(to.F64))
	}
	if p.f32 != nil {
		p.f32.g = to.Grad32
	} else {
		p.f64.g = to.Grad64
	}
	return nil
}
