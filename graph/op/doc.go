// Package op has the operations that neural networks are built of, as nodes of Gorgonia expression graphs: each
// constructor takes nodes and returns a node, and gorgonia.Grad differentiates through it.
//
// Everything here works for float32 and float64, in graph.Program as in a plain gorgonia.TapeMachine. Images are
// (batch, height, width, channels). The first axis of a value is the batch and is read when the graph runs, so that one
// graph serves any batch size; features and channels are fixed by the shapes of the weights.
//
// Constructors check ranks, shapes, element types and settings and return an error that names the operation and the
// shapes; so does a run on values that don't fit. Nothing panics on a wrong argument.
//
// An operation with another one as its only consumer can take it over: Affine, Conv2D, BatchNorm and Add absorb a ReLU,
// BatchNorm a GELU too; ReLU absorbs a MaxPool2D, and so do Conv2D and BatchNorm, with what they have taken over
// before. graph.Compile makes use of it; the values are those of the operations run one by one. Then says what an
// operation does behind its own work.
//
// Apply makes an operation of one's own of a Body: its name, the shape of its result and how it runs. ApplyExtra does
// so of an ExtraBody, which computes more than one value: what an operation keeps for its gradient is a value of the
// graph that a machine plans as any other.
//
// # Optional interfaces
//
// What a Body or ExtraBody of one's own may do beside what it must: Differentiable gives it a gradient; Fuser lets it
// take over its only consumer, and Follower be taken over; LinearPart says that it is a part of a linear model; and
// Reshape that a Body only gives its input another shape.
package op
