package train

import (
	"github.com/fallline/fallline/batch"
	"github.com/fallline/fallline/vector"
)

// Model is what can be trained. Models of package nn are; so is anything with weights in a vector. One that is a
// solvers.MinBatcher takes no batch of fewer examples in Gradient: what is left of an epoch, or of a batch in pieces,
// then joins another batch.
type Model interface {
	// Weights is the vector of the weights, which training changes in place. It is always the same one.
	Weights() *vector.Vector

	// Gradient writes the gradient of the mean loss over a batch, at any weights w, into g, overwriting it, and returns
	// that loss. With a nil g it returns the loss alone.
	Gradient(w, g *vector.Vector, b batch.Batch) (loss float64, err error)

	// Evaluate returns the mean loss over a batch as the model is in use, with dropout off and the like, and how many
	// examples it classifies correctly; 0 for a regression.
	Evaluate(w *vector.Vector, b batch.Batch) (loss float64, correct int, err error)

	// InputShape is the shape of an example.
	InputShape() []int

	// Classes is the number of classes that the model tells apart; 0 for a regression.
	Classes() int
}

// Stateful is an optional interface of Model: one that keeps more between batches than its weights, such as batch
// norm's running statistics. Save and Resume need it. Visit shows that state as slices of type []float32, []float64 or
// []int64, under names of their own, which stay the same for the model's life: what is written to them is the model's
// new state.
type Stateful interface {
	Visit(func(name string, array any))
}
