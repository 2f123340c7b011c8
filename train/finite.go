package train

import (
	"strings"

	"github.com/fallline/fallline/checkpoint"
	"github.com/fallline/fallline/solvers"
	"github.com/fallline/fallline/vector"
	"github.com/pkg/errors"
)

// finite makes sure that the weights, the solver's state and the model's are finite: what is neither saved nor returned without an error else.
func (f *fit) finite() error {
	if err := f.run.Check(); err != nil {
		return err
	}
	return finiteArrays(f.live())
}

// finiteArrays is finite for what a checkpoint holds. A schedule may have reasons to keep an infinity, and a history is what it is.
func finiteArrays(arrays []checkpoint.Array) error {
	var kept []checkpoint.Array
	for _, a := range arrays {
		for _, prefix := range []string{weightsPrefix, modelPrefix, solverPrefix} {
			if strings.HasPrefix(a.Name, prefix) {
				kept = append(kept, a)
			}
		}
	}
	return checkpoint.CheckFinite(kept)
}

// finiteWeights returns an error that names the first weight that isn't finite.
func finiteWeights(w *vector.Vector) error {
	name, at, x, bad := w.Bad()
	if !bad {
		return nil
	}
	return errors.WithStack(&solvers.Diverged{Quantity: solvers.Weight, Parameter: name, Element: at, Value: x})
}
