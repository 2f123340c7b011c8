package saved

import (
	"slices"
	"strings"

	"github.com/fallline/fallline/checkpoint"
	"github.com/pkg/errors"
)

// Model returns what a training's file holds of a model with the arrays want, under the model's own names: the
// training's result, be it the weights or a solution with statistics of its own, and the rest of what the model keeps,
// which the file has flat, in the shapes of want. A file of anything else, such as a model's own, is returned as it is.
func Model(file *checkpoint.File, want []checkpoint.Array) (*checkpoint.File, error) {
	switch format := file.Meta[formatKey]; {
	case format == Format:
	case strings.HasPrefix(format, "fallline training"):
		return nil, errors.Errorf("the training's format is %q, want %q", format, Format)
	default:
		return file, nil
	}
	result := resultOf(file)
	if result == NotThere {
		return nil, errors.New("it is of a training whose result is an average (train.Solution), saved before the " +
			"statistics for that were worked out: resume the training and end it")
	}
	model := &checkpoint.File{}
	for _, a := range file.Arrays {
		name, isWeight := strings.CutPrefix(a.Name, weightsPrefix)
		isModel := false
		if !isWeight {
			name, isModel = strings.CutPrefix(a.Name, modelPrefix)
		}
		if !isWeight && !isModel {
			continue
		}
		if solved, ok := file.Find(solutionPrefix + a.Name); ok {
			a = solved
		} else if isWeight && result == SolutionIs {
			return nil, errors.Errorf("the file lacks %s%s", solutionPrefix, a.Name)
		}
		a.Name = name
		if isModel {
			a.Shape = shaped(a, want)
		}
		model.Arrays = append(model.Arrays, a)
	}
	return model, nil
}

// shaped is the shape of a flat array as the model has it, if that has one of the name and as many elements.
func shaped(a checkpoint.Array, want []checkpoint.Array) []int {
	k := slices.IndexFunc(want, func(w checkpoint.Array) bool { return w.Name == a.Name })
	if k >= 0 && len(a.Shape) == 1 && length(a.Data) == length(want[k].Data) {
		return want[k].Shape
	}
	return a.Shape
}
