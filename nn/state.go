package nn

import "github.com/pkg/errors"

// State is what a layer keeps from batch to batch beside its weights, as batch norm does its running statistics. The
// training and the evaluation graph share it, and a saved model holds it.
type State interface {
	// Visit calls f with each array of the state and its name. The arrays' lengths never change.
	Visit(f func(name string, array []float64))

	// Move says whether the next run of the training graph may change the state.
	Move(bool)
}

type namedState struct {
	name  string
	state State
}

// State returns the state of the layer that is being applied: in the training graph a new one made by init, in the
// evaluation graph that same one. A layer has one state at most.
func (c *Context) State(init func() (State, error)) (State, error) {
	name := c.scope.path
	for _, s := range c.net.states {
		if s.name != name {
			continue
		}
		if c.training {
			return nil, errors.New("a second state asked for")
		}
		return s.state, nil
	}
	if !c.training {
		return nil, errors.New("a state in the evaluation graph alone")
	}
	s, err := init()
	if err != nil {
		return nil, err
	}
	c.net.states = append(c.net.states, namedState{name, s})
	return s, nil
}

// Visit shows what the model is beside Weights: its frozen weights, and every state of its layers, each array with its
// name, as in batchnorm1.running_mean. What is written to an array is the model's from then on. Checkpoints of a
// training keep it beside the weights.
func (m *Model) Visit(f func(name string, array any)) {
	for _, a := range ranges(m.frozen) {
		f(a.Name, a.Data)
	}
	m.visitStates(func(name string, array []float64) { f(name, array) })
}

func (m *Model) visitStates(f func(name string, array []float64)) {
	for _, s := range m.net.states {
		s.state.Visit(func(name string, array []float64) { f(s.name+"."+name, array) })
	}
}
