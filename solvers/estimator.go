package solvers

import (
	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/vector"
)

// Estimator says where the gradient of an iteration comes from. It combines with any Rule.
//
// An Estimator is a small value that holds settings; Open makes the Source with the memory of one run.
type Estimator interface {
	// Memory is how many bytes Open will take beside the weights and the gradient, for batches of that many examples.
	Memory(obj Objective, batch int) int64
	// Open begins a run on an objective with batches from a sampler of the same length.
	Open(Objective, Sampler) (Source, error)
}

// BatchGradient is an optional interface of Estimator: the estimate is the mean gradient of the batch at the weights
// and nothing else, so that a Stepper may be given it by whoever computes it.
type BatchGradient interface{ BatchGradient() }

// Scheduled is an optional interface of Estimator: it has hyperparameters that may change over time, as the α of
// AlphaSVRG. Its Source is Tuned.
type Scheduled interface {
	Estimator
	// Hyper are the estimator's hyperparameters.
	Hyper() []Hyper
}

// Tuned is an optional interface of Source: it is told the estimator's hyperparameters.
type Tuned interface {
	// Tune gives the values of Scheduled.Hyper, in that order, for the iteration that is next. The slice is the
	// caller's.
	Tune(values []float64)
}

// Source estimates gradients during one run.
type Source interface {
	// Next writes an estimate of the gradient at w into g, for the iteration that begins at t. It doesn't change w.
	//
	// After an error of the objective, as when a context has ended, the iteration is done again, now or by a run that
	// goes on: counters, arrays of at most 16 elements of type []int64 and []float64, are put back, and the others must
	// be as they were, or such that Next writes them anew.
	Next(w, g *vector.Vector, t schedules.Time) (Info, error)
	// Visit shows everything that a run needs to go on after an interruption, the sampler's part included, as slices of
	// type []float32, []float64 or []int64 that stay the same for the whole run. To save, copy them; to resume,
	// overwrite them.
	Visit(func(name string, array any))
}

// Info says what an iteration did.
type Info struct {
	Loss      float64 // mean loss over the examples of the batch, at the weights before the step
	Examples  int     // examples that the clock moves by
	Gradients int64   // component gradients ∇fᵢ computed: data passes are their sum over Len

	Losses int64 // component losses computed without a gradient, by a StepSize

	Steps int // iterations done; only a Method sets it

	// Run.Next fills these in.
	Norm float64 // Euclidean norm of the estimate, before clipping; NaN where a Method took the step
	Rate float64 // learning rate of the step
}

// Validator is an optional interface of Rule, Estimator, StepSize, Averaging and Proximal: it can be set wrongly beyond
// the ranges of its hyperparameters. The error ends New.
type Validator interface{ Validate() error }

// validate calls v's Validate where it has one.
func validate(v any) error {
	if v, ok := v.(Validator); ok {
		return v.Validate()
	}
	return nil
}

// AnyBatch is an optional interface of Estimator: it takes batches of another size in each iteration. In the others the
// length of a period, the blocks of a table or the odds of a coin follow from the size of a batch, and Open refuses a
// sampler in which it is scheduled.
type AnyBatch interface{ AnyBatch() }
