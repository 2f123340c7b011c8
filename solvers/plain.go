package solvers

import (
	"reflect"

	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/schedules"
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
)

var _ gorgonia.Solver = (*Solver)(nil)

// plain is what a Solver keeps for Step.
type plain struct {
	stage *stage
	steps [1]int64
	f32   map[string]*slot[float32] // every parameter seen, by name
	f64   map[string]*slot[float64]

	params []param // those of the last model, in its order
}

// Step moves the values of a model's parameters by their gradients, and makes the Solver a gorgonia.Solver:
//
//	err := solver.Step(gorgonia.NodesToValueGrads(learnables))
//
// Parameters are float32 or float64, tensors or scalars, and are known by their names, in whatever order they come; one without
// a name, or two of a name, are an error. The time is in iterations: a schedule that counts epochs is an error, and so is an
// estimator other than MiniBatch, which evaluates gradients itself. On an error nothing has changed.
//
// Gradients stay as they are, but for those that Gorgonia adds up from run to run (under BindDualValues, and in a LispMachine):
// Step sets them to zero, as that mode demands of a solver.
func (s *Solver) Step(model []gorgonia.ValueGrad) error {
	p := &s.plain
	if err := s.take(model); err != nil {
		return err
	}
	for i := range p.params {
		if err := p.params[i].readGradient(); err != nil {
			return err
		}
	}
	now := schedules.Time{Step: p.steps[0]}
	if _, err := p.stage.step(now, schedules.Time{Step: now.Step + 1}); err != nil {
		return err
	}
	p.steps[0]++
	for i := range p.params {
		p.params[i].zeroSum()
	}
	return nil
}

// VisitStep shows everything that Step needs to go on after an interruption, but for the weights, as Run.Visit does for a run.
// The model's gradients need no values yet.
//
// The names are run.time (iterations done), rule.updates/PARAMETER (steps that the parameter has had), rule.STATE/PARAMETER and
// slow/PARAMETER.
func (s *Solver) VisitStep(model []gorgonia.ValueGrad, visit func(name string, array any)) error {
	if err := s.take(model); err != nil {
		return err
	}
	visit("run.time", s.plain.steps[:])
	for _, a := range s.plain.params {
		if a.f32 != nil {
			visitSlot(a.f32, s.spec.State, visit)
		} else {
			visitSlot(a.f64, s.spec.State, visit)
		}
	}
	return nil
}

func visitSlot[T kernel.Float](p *slot[T], state []string, visit func(name string, array any)) {
	visit("rule.updates/"+p.name, p.updates[:])
	for k, name := range state {
		visit("rule."+name+"/"+p.name, p.state[k])
	}
	if p.slow != nil {
		visit("slow/"+p.name, p.slow)
	}
}

// take points the stage at a model's values.
func (s *Solver) take(model []gorgonia.ValueGrad) error {
	p := &s.plain
	if p.stage == nil {
		if err := s.begin(); err != nil {
			return err
		}
	}
	if !p.sameAs(model) {
		if err := s.place(model); err != nil {
			return err
		}
	}
	for i := range p.params {
		if err := p.params[i].readValue(); err != nil {
			return err
		}
	}
	return nil
}

// begin makes what Step keeps, if this solver has a Step.
func (s *Solver) begin() error {
	if _, ok := s.estimator.(MiniBatch); !ok {
		return errors.Errorf("solvers: %s evaluates an objective itself: run it with Solver.Open or train.Fit, not with Step",
			typeName(s.estimator))
	}
	if s.choice != nil {
		return errors.Errorf("solvers: %v evaluates an objective: run it with Solver.Open or train.Fit, not with Step", s.choice)
	}
	if s.averaging != nil {
		return errors.Errorf("solvers: %v belongs to a run: use Solver.Open or train.Fit, not Step", s.averaging)
	}
	for _, k := range s.knobs {
		if schedules.CountsEpochs(k.schedule) {
			return errors.Errorf("solvers: %s %v counts epochs, which Step doesn't know: count iterations", k.name, k.schedule)
		}
	}
	s.plain.f32, s.plain.f64 = map[string]*slot[float32]{}, map[string]*slot[float64]{}
	s.plain.stage = newStage(s)
	return nil
}

// sameAs says whether the model consists of the same parameters in the same order as the last one.
func (p *plain) sameAs(model []gorgonia.ValueGrad) bool {
	if len(model) != len(p.params) {
		return false
	}
	for i, m := range model {
		if a := &p.params[i]; !a.pointer || m != a.source || a.source.(gorgonia.Namer).Name() != a.name {
			return false
		}
	}
	return len(model) > 0
}

// place finds or makes the slots of a model that differs from the last one.
func (s *Solver) place(model []gorgonia.ValueGrad) error {
	if len(model) == 0 {
		return errors.New("solvers: a model without parameters")
	}
	params := make([]param, len(model))
	owners := make([]owner, len(model))
	seen := make(map[string]int, len(model))
	for i, m := range model {
		name, err := nameOf(i, m)
		if err != nil {
			return err
		}
		if j, ok := seen[name]; ok {
			return errors.Errorf("solvers: parameters %d and %d are both named %q", j, i, name)
		}
		seen[name] = i
		owners[i] = owner{name: name}
		params[i] = param{owner: owners[i], source: m, pointer: reflect.TypeOf(m).Kind() == reflect.Pointer}
		if err := s.placeOne(&params[i]); err != nil {
			return err
		}
	}
	settings, err := s.bind(owners)
	if err != nil {
		return err
	}
	var f32 []*slot[float32]
	var f64 []*slot[float64]
	for i, a := range params {
		if a.f32 != nil {
			a.f32.use = settings[i]
			a.f32.beginSlow()
			f32 = append(f32, a.f32)
		} else {
			a.f64.use = settings[i]
			a.f64.beginSlow()
			f64 = append(f64, a.f64)
		}
	}
	s.plain.stage.e32.setSlots(f32)
	s.plain.stage.e64.setSlots(f64)
	s.plain.params = params
	return nil
}

// placeOne finds or makes the slot of a parameter.
func (s *Solver) placeOne(a *param) error {
	f32, f64, err := memory(a.source.Value())
	if err != nil {
		return errors.Errorf("solvers: parameter %q %v", a.name, err)
	}
	p := &s.plain
	known32, known64 := p.f32[a.name], p.f64[a.name]
	switch {
	case f32 != nil && known64 == nil:
		a.f32 = slotFor(p.f32, a.owner, f32, len(s.spec.State))
	case f64 != nil && known32 == nil:
		a.f64 = slotFor(p.f64, a.owner, f64, len(s.spec.State))
	default:
		a.f32, a.f64 = known32, known64
	}
	return a.readValue()
}

// slotFor returns the slot of a parameter with the weights w, with zero state where it is new.
func slotFor[T kernel.Float](known map[string]*slot[T], o owner, w []T, states int) *slot[T] {
	if p, ok := known[o.name]; ok {
		return p
	}
	p := &slot[T]{owner: o, w: w}
	for range states {
		p.state = append(p.state, make([]T, len(w)))
	}
	known[o.name] = p
	return p
}
