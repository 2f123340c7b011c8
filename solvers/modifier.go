package solvers

import (
	"github.com/fallline/fallline/schedules"
	"github.com/pkg/errors"
)

// modifier changes the step of some of the parameters.
type modifier struct {
	name string // as the user knows it
	kind kind
	knob int      // its coefficient among the solver's knobs
	prox Proximal // of kind proximal
	over []Selection
}

// kind says what a modifier does. A parameter takes one modifier of a kind.
type kind int

const (
	coupled kind = iota
	decoupled
	factor
	proximal
	kinds
)

// newModifier is an Option that adds a modifier with a coefficient.
func newModifier(name string, k kind, x float64, over []Selection) Option {
	return func(s *Solver) error {
		s.knobs = append(s.knobs, knob{name: name, schedule: schedules.Constant(x), legal: AtLeast(0), fixed: true})
		if legal := AtLeast(0); !legal.Has(x) {
			return errors.Errorf("solvers: %s %v outside %v", name, x, legal)
		}
		return s.modify(modifier{name: name, kind: k, knob: len(s.knobs) - 1, over: over})
	}
}

// modify adds a modifier.
func (s *Solver) modify(m modifier) error {
	for _, sel := range m.over {
		if err := sel.check(); err != nil {
			return errors.Wrapf(err, "solvers: %s", m.name)
		}
	}
	s.modifiers = append(s.modifiers, m)
	return nil
}

// setting is what a parameter's modifiers amount to: for each kind the modifier, or nil.
type setting [kinds]*modifier

// bind finds the setting of each parameter.
func (s *Solver) bind(params []owner) ([]setting, error) {
	settings := make([]setting, len(params))
	for i := range s.modifiers {
		m := &s.modifiers[i]
		for _, sel := range m.over {
			if err := sel.applies(params); err != nil {
				return nil, errors.Wrapf(err, "solvers: %s", m.name)
			}
		}
		used := false
		for j, p := range params {
			if !m.selects(p) {
				continue
			}
			used = true
			if other := settings[j][m.kind]; other != nil {
				return nil, errors.Errorf("solvers: parameter %q is under %s twice", p.name, m.name)
			}
			settings[j][m.kind] = m
		}
		if !used {
			return nil, errors.Errorf("solvers: %s: no parameter is left to apply it to", m.name)
		}
	}
	return settings, nil
}

func (m *modifier) selects(p owner) bool {
	for _, sel := range m.over {
		if !sel.has(p) {
			return false
		}
	}
	return true
}
