package saved

import (
	"strings"

	"github.com/fallline/fallline/checkpoint"
	"github.com/pkg/errors"
)

// Save writes a file, whole or not at all. Numbers that aren't finite in weights, model, solver or solution replace
// nothing, but are an error.
func Save(path string, p Parts, s Settings, r Record) error {
	arrays, meta := p.Arrays(), s.meta()
	switch r.Result {
	case SolutionIs:
		arrays = append(arrays, weights(solutionPrefix+weightsPrefix, r.Solution.Weights)...)
		arrays = append(arrays, r.Solution.Statistics.arrays(solutionPrefix+modelPrefix)...)
	case NotThere:
		meta[solutionKey] = missing
	}
	if err := CheckFinite(arrays); err != nil {
		return errors.WithMessagef(err, "save %s", path)
	}
	arrays = append(arrays, table(epochsArray, r.Epochs, (*Epoch).flat), table(testsArray, r.Tests, (*Test).flat),
		table(currentArray, []Epoch{r.Current}, (*Epoch).flat))
	if r.Hooks != [3]int64{} {
		arrays = append(arrays, hooks(&r.Hooks))
	}
	if r.Pending != NothingPending {
		meta[pendingKey] = string(r.Pending)
	}
	return errors.WithMessage(checkpoint.Save(path, arrays, meta), "save")
}

// Check returns the error that saving would end with, as far as it can be known beforehand.
func Check(path string, p Parts, s Settings) error {
	if err := checkpoint.CheckPath(path); err != nil {
		return err
	}
	return errors.WithMessage(checkpoint.Check(p.Arrays(), s.meta()), "save")
}

// CheckFinite returns an error that names the first number of weights, model, solver and solution that isn't finite. A
// schedule may have reasons to keep an infinity, and a history is what it is.
func CheckFinite(arrays []checkpoint.Array) error {
	var checked []checkpoint.Array
	for _, a := range arrays {
		for _, prefix := range []string{weightsPrefix, modelPrefix, solverPrefix, solutionPrefix} {
			if strings.HasPrefix(a.Name, prefix) {
				checked = append(checked, a)
			}
		}
	}
	return checkpoint.CheckFinite(checked)
}

func hooks(did *[3]int64) checkpoint.Array {
	return checkpoint.Array{Name: hooksArray, Shape: []int{len(did)}, Data: did[:]}
}
