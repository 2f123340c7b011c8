package solvers

import (
	"fmt"

	"github.com/pkg/errors"
)

// Form says where the learning rate stands in a rule with a velocity. The forms are one method as long as the rate and
// the momentum are constant; when they change, so do the trajectories.
type Form int

const (
	// PyTorch keeps the rate outside the velocity, so that a new rate counts at once for all of it.
	PyTorch Form = iota
	// Textbook keeps the rate inside the velocity, which goes on at the rates of the past.
	Textbook
)

// String is the form's name.
func (f Form) String() string {
	switch f {
	case PyTorch:
		return "PyTorch"
	case Textbook:
		return "Textbook"
	}
	return fmt.Sprintf("Form(%d)", int(f))
}

// validate returns an error that lists the legal forms.
func (f Form) validate() error {
	if f != PyTorch && f != Textbook {
		return errors.Errorf("solvers: form %d, want PyTorch (%d) or Textbook (%d)", int(f), int(PyTorch), int(Textbook))
	}
	return nil
}

// velocity names the state array of a rule: the forms keep different things, and a checkpoint of one must not be read
// as the other's.
func (f Form) velocity() string {
	if f == Textbook {
		return "displacement"
	}
	return "velocity"
}
