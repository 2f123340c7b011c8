package train

import (
	"github.com/fallline/fallline/internal/saved"
	"github.com/fallline/fallline/solvers"
	"github.com/fallline/fallline/vector"
	"github.com/pkg/errors"
)

// finite makes sure that the weights, the solver's state and the model's are finite: what is neither saved nor returned
// without an error else.
func (f *fit) finite() error {
	if err := f.run.Check(); err != nil {
		return err
	}
	return dated(f.run.Time().Step, finiteState(f.model))
}

// dated has an error that is a Diverged say when that is.
func dated(iteration int64, err error) error {
	if diverged := new(solvers.Diverged); errors.As(err, &diverged) {
		diverged.Iteration = iteration
	}
	return err
}

// finiteWeights returns a Diverged that names the first weight that isn't finite.
func finiteWeights(w *vector.Vector) error {
	name, at, x, bad := w.Bad()
	if !bad {
		return nil
	}
	return errors.WithStack(&solvers.Diverged{Quantity: solvers.Weight, Parameter: name, Element: at, Value: x, Iteration: -1})
}

// finiteState returns a Diverged that names the first number of a model's state that isn't finite. With an infinite
// variance batch norm gives outputs that are finite, and wrong.
func finiteState(model Model) (err error) {
	m, ok := model.(Stateful)
	if !ok {
		return nil
	}
	m.Visit(func(name string, array any) {
		if err == nil {
			err = finiteArray(saved.ModelName(name), array)
		}
	})
	return err
}

// finiteArray is finiteState of one array.
func finiteArray(name string, array any) error {
	at, value := -1, 0.0
	switch a := array.(type) {
	case []float32:
		if at = vector.NotFinite(a); at >= 0 {
			value = float64(a[at])
		}
	case []float64:
		if at = vector.NotFinite(a); at >= 0 {
			value = a[at]
		}
	}
	if at < 0 {
		return nil
	}
	return errors.WithStack(&solvers.Diverged{Quantity: solvers.State, Array: name, Element: at, Value: value, Iteration: -1})
}
