// Package saved is the file that a training goes on from: which arrays it has, under which names, and what of it is the
// model. Package train writes and reads it; package nn takes the model from it.
//
//	weights/...            the weights that the training goes on from, with their shapes
//	model/...              what the model keeps beside them, flat
//	solver/...             the state of the solver's run
//	schedule/...           that of schedules which have one
//	train/...              the history, and what hooks did after the last iteration
//	solution/weights/...   the training's result where it isn't the weights, as an average of them
//	solution/model/...     and the statistics that go with it
package saved

import (
	"github.com/fallline/fallline/checkpoint"
	"github.com/fallline/fallline/vector"
)

// Format is what a file says of itself.
const Format = "fallline training 1"

// Beginnings of arrays' names.
const (
	weightsPrefix  = "weights/"
	modelPrefix    = "model/"
	solverPrefix   = "solver/"
	schedulePrefix = "schedule/"
	solutionPrefix = "solution/" // and then weightsPrefix or modelPrefix
)

// Names of the arrays that hold the history.
const (
	currentArray = "train/current"
	epochsArray  = "train/epochs"
	testsArray   = "train/tests"
	hooksArray   = "train/hooks" // left out where it is nothing
)

// Keys of the file's text beside those of Settings.
const (
	formatKey   = "format"
	pendingKey  = "pending"
	solutionKey = "solution"
)

// missing says that the training's result isn't its weights, and isn't in the file.
const missing = "missing"

// Visitor shows arrays, each a slice of numbers, under names of their own. A nil one shows nothing.
type Visitor func(visit func(name string, array any))

// Parts are what a training goes on from: the training's own arrays, to be saved or to be overwritten.
type Parts struct {
	Weights                  *vector.Vector
	Model, Solver, Schedules Visitor
}

// Arrays are the parts under the names that they have in a file.
func (p Parts) Arrays() []checkpoint.Array {
	arrays := weights(weightsPrefix, p.Weights)
	arrays = append(arrays, p.Model.arrays(modelPrefix)...)
	arrays = append(arrays, p.Solver.arrays(solverPrefix)...)
	return append(arrays, p.Schedules.arrays(schedulePrefix)...)
}

func weights(prefix string, v *vector.Vector) []checkpoint.Array {
	arrays := make([]checkpoint.Array, len(v.Ranges))
	for i, r := range v.Ranges {
		arrays[i] = checkpoint.Array{Name: prefix + r.Name, Shape: r.Shape, Data: v.Array(r)}
	}
	return arrays
}

func (v Visitor) arrays(prefix string) (arrays []checkpoint.Array) {
	if v != nil {
		v(func(name string, data any) {
			arrays = append(arrays, checkpoint.Array{Name: prefix + name, Shape: []int{length(data)}, Data: data})
		})
	}
	return arrays
}

// ModelName is the name in a file of an array that the model keeps beside its weights.
func ModelName(name string) string { return modelPrefix + name }
