package solvers

import "github.com/fallline/fallline/schedules"

// Rule is how a step is taken, once the gradient is known. It works on each element alone, or where Spec.Whole says so
// on a whole parameter at a time.
//
// A rule is a small struct: its fields are the hyperparameters. Each run has a copy of its own, whose fields have, in
// every iteration, the values that their schedules give them: Update just reads them. The methods have no state and may
// be called from several goroutines at once, for parts of the weights in any order. The solver keeps the state arrays.
type Rule interface {
	// Spec lists the state arrays and hyperparameters. It is called once, by New, on the rule as it was given.
	Spec() Spec

	// Update moves the weights w, in place, by the gradient g, which it must not change. state has the arrays of
	// Spec().State in that order, zero before a parameter's first step. All slices have the length of w: a part of one
	// parameter, of at most 2,048 elements, or with Spec().Whole all of it. Nothing may be kept after the call.
	Update(s *Step, w, g []float64, state [][]float64)
}

// Rule32 is an optional interface of Rule: it steps over float32 models at their own width. A rule without still works
// on them: the solver converts a part of the weights at a time to float64 and back, in cache.
type Rule32 interface {
	// Update32 is Update for float32. Call the same generic function from both.
	Update32(s *Step, w, g []float32, state [][]float32)
}

// Preparer is an optional interface of Rule: it works out, once for a parameter and step, what is the same for all of
// its elements.
type Preparer interface {
	// Prepare writes what Update needs into s.Memo.
	Prepare(s *Step)
}

// Shifted is an optional interface of Rule: its weights w are not the parameter that is being learned but a point
// derived from it, as the look-ahead point of Nesterov's method. Run.Solution calls it.
type Shifted interface {
	// Theta turns theta, which is a copy of the weights, into the parameter. s is the step that is coming.
	Theta(s *Step, theta []float64, state [][]float64)
}

// GradientStep is an optional interface of Rule: its step is w ← w − ηg to the letter and it keeps no state, as SGD's.
// A StepSize then knows what the loss is along the step, and a Method may take it in a loop of its own.
type GradientStep interface{ GradientStep() }

// Spec describes a Rule.
type Spec struct {
	// State names the arrays that the rule keeps for every parameter, each as long as the parameter. Checkpoints use
	// the names: an array with another meaning has another name.
	State []string
	// Hyper are the hyperparameters, but for the learning rate, which every rule has.
	Hyper []Hyper

	// Whole has Update be given a whole parameter at a time, whose shape is Step.Shape: for rules in which elements
	// depend on each other, as by the parameter's norm in LARS. Small parameters are stepped side by side, large ones
	// one after another, so that what Update calls may use all threads.
	Whole bool
	// Scratch is how many elements Update needs beside, for a parameter of a shape: they are one more array at the end
	// of state, which holds anything at first and isn't kept. nil: none. It is asked for with Whole alone.
	Scratch func(shape []int) int
}

// Hyper is a field of a Rule, or of a Scheduled estimator, that is a number: New checks it, the option Schedule lets it
// change over time, logs show it.
type Hyper struct {
	Field string // of type float64 and exported, as in "Momentum"; it may be that of an embedded struct
	Legal Interval
	Name  string // for schedules and logs; empty for the field's in lower-case words, as "weight decay" for WeightDecay
}

// Step is what a Rule is told of an iteration.
type Step struct {
	Rate    float64        // learning rate for this parameter
	Next    []float64      // the hyperparameters' values at the iteration after this one, in the order of Spec().Hyper
	Time    schedules.Time // iterations done and examples seen before this one
	Updates int64          // steps that this parameter has had before: 0 at its first
	Norm    float64        // Euclidean norm of the gradient of all parameters together, before clipping
	Shape   []int          // of the parameter, empty for a single number; not to be changed
	Memo    [4]float64     // what the rule's Prepare wrote, if it is a Preparer
}
