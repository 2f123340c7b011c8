package nn

import "github.com/pkg/errors"

// Variable returns a number of the layer that is being applied which may change from one run of the training graph to
// the next, as the probability of dropout: an op reads it at each run. kind is the name by which Model.Tune sets it in
// all layers together, x what it is at first, and legal returns an error for what it can't be.
func (c *Context) Variable(kind string, x float64, legal func(float64) error) (*float64, error) {
	if kind == "" || legal == nil {
		return nil, errors.New("a variable without a kind, or without a check of what is legal")
	}
	if err := legal(x); err != nil {
		return nil, err
	}
	v := variable{name: c.Name(), kind: kind, value: &x, legal: legal}
	if c.training {
		c.net.variables = append(c.net.variables, v)
	}
	return v.value, nil
}

// variable is a number of a layer that may change.
type variable struct {
	name, kind string
	value      *float64
	legal      func(float64) error
}

// Tunables calls visit with each number of the training graph that Tune can set: the name of its layer, as in
// residual1.dropout2, and what it is now.
func (m *Model) Tunables(visit func(name string, x float64)) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, v := range m.net.variables {
		visit(v.name, *v.value)
	}
}

// Tune sets a number that a layer of the training graph works with, from the next run on. The name is a layer's, as
// Tunables tells it, or that of a kind, "dropout", for all layers of the kind. train.Schedule has it change over time.
func (m *Model) Tune(name string, x float64) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	found := false
	for _, v := range m.net.variables {
		if v.name != name && v.kind != name {
			continue
		}
		if err := v.legal(x); err != nil {
			return errors.WithMessagef(err, "nn: tune %s", v.name)
		}
		found = true
	}
	if !found {
		return errors.Errorf("nn: tune: no layer and no kind of layers with a number to set is called %q", name)
	}
	for _, v := range m.net.variables {
		if v.name == name || v.kind == name {
			*v.value = x
		}
	}
	return nil
}
