package datasets

import "fmt"

// Task is what is to be learned from a file's labels.
type Task int

const (
	// Guess takes labels for classes where all are whole numbers and at most 1024 different ones, else for targets. It
	// is made from one file: a test file should be told, best by the training set in Like.
	Guess Task = iota
	// Classification takes labels for the names of classes.
	Classification
	// Regression takes labels for targets, whole numbers among them.
	Regression
)

func (t Task) String() string {
	switch t {
	case Guess:
		return "guess"
	case Classification:
		return "classification"
	case Regression:
		return "regression"
	}
	return fmt.Sprintf("Task(%d)", int(t))
}

// taskOf is the task that the examples of a dataset are for.
func taskOf(d Dataset) Task {
	if d.Classes() == 0 {
		return Regression
	}
	return Classification
}
