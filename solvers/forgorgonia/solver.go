// Package forgorgonia makes a solver of package solvers a gorgonia.Solver, for programs that run Gorgonia's graphs
// themselves:
//
//	solver, err := forgorgonia.New(solvers.NAG{Momentum: 0.9}, solvers.Rate(schedules.Constant(0.1)))
//	...
//	err = solver.Step(gorgonia.NodesToValueGrads(learnables))
package forgorgonia

import (
	"github.com/fallline/fallline/solvers"
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
)

var _ gorgonia.Solver = (*Solver)(nil)

// Solver moves the parameters of a Gorgonia program. It serves one goroutine at a time.
type Solver struct {
	solver  *solvers.Solver
	stepper *solvers.Stepper
	params  []param         // those of the last model, in its order
	arrays  []solvers.Param // the same, as the stepper takes them
}

// New makes a solver as solvers.New does. An estimator other than MiniBatch, a StepSize and Average are errors, because
// they evaluate an objective or belong to a run, and so is a schedule that counts epochs: the time is in iterations.
func New(rule solvers.Rule, options ...solvers.Option) (*Solver, error) {
	s, err := solvers.New(rule, options...)
	if err != nil {
		return nil, err
	}
	stepper, err := s.Stepper()
	if err != nil {
		return nil, err
	}
	return &Solver{solver: s, stepper: stepper}, nil
}

// String is that of the solver inside, for logs.
func (s *Solver) String() string { return s.solver.String() }

// Step moves the values of a model's parameters by their gradients.
//
// Parameters are float32 or float64, tensors or scalars, and are known by their names, in whatever order they come; one
// without a name, or two of a name, are an error. A gradient, weights or a state that aren't finite are a
// solvers.Diverged. On an error nothing has changed, unless that says Moved.
//
// Gradients stay as they are, but for those that Gorgonia adds up from run to run (under BindDualValues, and in a
// LispMachine): Step sets them to zero, as that mode demands of a solver.
func (s *Solver) Step(model []gorgonia.ValueGrad) error {
	if err := s.take(model); err != nil {
		return err
	}
	for i := range s.params {
		if err := s.params[i].readGradient(&s.arrays[i]); err != nil {
			return err
		}
	}
	if err := s.stepper.Step(s.arrays); err != nil {
		return err
	}
	for i := range s.params {
		s.params[i].zeroSum()
	}
	return nil
}

// Visit shows everything that Step needs to go on after an interruption, but for the weights, under the names of
// solvers.Stepper.Visit: each array as a slice of type []float32, []float64 or []int64. To save, copy them; to resume,
// make a solver with the same settings and overwrite them. The model's gradients need no values yet.
func (s *Solver) Visit(model []gorgonia.ValueGrad, visit func(name string, array any)) error {
	if err := s.take(model); err != nil {
		return err
	}
	return s.stepper.Visit(s.arrays, visit)
}

// take reads the model's parameters.
func (s *Solver) take(model []gorgonia.ValueGrad) error {
	if !s.sameAs(model) {
		if err := s.place(model); err != nil {
			return err
		}
	}
	for i := range s.params {
		if err := s.params[i].readValue(&s.arrays[i]); err != nil {
			return err
		}
	}
	return nil
}

// sameAs says whether the model consists of the same parameters in the same order as the last one.
func (s *Solver) sameAs(model []gorgonia.ValueGrad) bool {
	if len(model) != len(s.params) {
		return false
	}
	for i, m := range model {
		if p := &s.params[i]; !p.pointer || m != p.source || p.source.(gorgonia.Namer).Name() != p.name {
			return false
		}
	}
	return len(model) > 0
}

// place takes down the parameters of a model that differs from the last one.
func (s *Solver) place(model []gorgonia.ValueGrad) error {
	if len(model) == 0 {
		return errors.New("forgorgonia: a model without parameters")
	}
	params := make([]param, len(model))
	arrays := make([]solvers.Param, len(model))
	seen := make(map[string]int, len(model))
	for i, m := range model {
		p, err := newParam(i, m)
		if err != nil {
			return err
		}
		if j, ok := seen[p.name]; ok {
			return errors.Errorf("forgorgonia: parameters %d and %d are both named %q", j, i, p.name)
		}
		seen[p.name] = i
		params[i], arrays[i] = p, solvers.Param{Name: p.name}
		if err := params[i].readValue(&arrays[i]); err != nil {
			return err
		}
		arrays[i].Shape = m.Value().Shape()
	}
	s.params, s.arrays = params, arrays
	return nil
}
