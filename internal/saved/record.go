package saved

import (
	"fmt"

	"github.com/fallline/fallline/vector"
)

// Settings are what must be the same when a training goes on, and its solver, of which only the rule must be.
type Settings struct {
	Examples int64  // in the dataset
	Batch    string // a number, or a schedule
	Seed     uint64
	Solver   string // as text
}

// meta is the file's text.
func (s Settings) meta() map[string]string {
	return map[string]string{
		formatKey: Format, "examples": fmt.Sprint(s.Examples), "batch": s.Batch, "seed": fmt.Sprint(s.Seed), "solver": s.Solver,
	}
}

// Record is what happened in a training until it was saved.
type Record struct {
	Epochs  []Epoch // that have ended
	Current Epoch   // the one that goes on
	Tests   []Test
	Hooks   [3]int64 // what hooks did after the last iteration
	Pending Pending

	Result   Result
	Solution Solution // where Result is ResultIs
}

// Epoch and Test are a row of numbers each, whose meaning is the training's: unlike JSON a row holds a loss of any
// value, and integers are exact up to 2^53.
type (
	Epoch [11]float64
	Test  [5]float64
)

// Pending is what was due after the last iteration and couldn't be done before the file was written: a training that
// goes on does it first.
type Pending string

const (
	NothingPending Pending = ""
	TestPending    Pending = "evaluation"
	EpochPending   Pending = "epoch" // the evaluation and what follows it at the end of an epoch
)

// Result says where a training's result is.
type Result int

const (
	WeightsAre Result = iota // the weights are the result
	SolutionIs               // the file holds it beside the weights
	NotThere                 // it isn't the weights, and isn't in the file
)

// Solution is a training's result where it isn't the weights.
type Solution struct {
	Weights    *vector.Vector
	Statistics Visitor // some of what Parts.Model shows, as it is for these weights
}
