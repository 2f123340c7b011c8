package solvers

import (
	"github.com/fallline/fallline/schedules"
	"github.com/pkg/errors"
)

// modifier changes the step of some of the parameters.
type modifier struct {
	name     string // as the user knows it
	kind     kind
	quantity int      // its coefficient among the solver's quantities
	prox     Proximal // of kind proximal
	every    int64    // of kind pulled: steps from one pull to the next
	over     []Selection
}

// kind says what a modifier does. A parameter takes one modifier of a kind.
type kind int

const (
	coupled kind = iota
	decoupled
	factor
	proximal
	pulled
	kinds
)

// newModifier is an Option that adds a modifier with a coefficient.
func newModifier(name string, k kind, x float64, over []Selection) Option {
	return func(s *Solver) error {
		if err := checkSetting(name, x, AtLeast(0)); err != nil {
			return err
		}
		coefficient := quantity{name: name, schedule: schedules.Constant(x), legal: AtLeast(0), fixed: true}
		return s.modifyBy(coefficient, modifier{name: name, kind: k, over: over})
	}
}

// modifyBy adds a modifier and the quantity that is its coefficient.
func (s *Solver) modifyBy(k quantity, m modifier) error {
	if err := k.check(); err != nil {
		return err
	}
	m.quantity = len(s.quantities)
	s.quantities = append(s.quantities, k)
	return s.modify(m)
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
