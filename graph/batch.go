package graph

// Batch is what a training loop hands to a model: some examples, and what the randomness in the graph may depend on.
type Batch struct {
	X       []float32 // the examples, one after another
	Labels  []int     // their classes, or nil
	Targets []float32 // their targets in a regression, or nil
	Index   []int32   // their places in the dataset; nil: unknown

	// Draw is the random draw that dropout and the like take, together with an example's Index. The same Draw gives the same masks.
	Draw uint64

	// MoveStats lets batch normalisation move its running statistics, as a training step should and a second look at a batch should not.
	MoveStats bool
}
