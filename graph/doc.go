// Package graph compiles a Gorgonia expression graph for one cost and runs it fast.
//
// Compile takes the cost of any *gorgonia.ExprGraph and returns a Program, which is a gorgonia.VM:
//
//	program, err := graph.Compile(cost, graph.Params(w, b))
//	err = program.RunAll()                                   // cost, outputs and gradients
//	err = solver.Step(gorgonia.NodesToValueGrads(params))
//
// The program is a flat list of the ops that the cost, the gradients and the outputs need. It runs them over buffers
// that are allocated once and shared between values that don't live at the same time. There is a plan for each batch
// size it has seen, all on the same memory, and a step allocates nothing. After a run Value of the cost and the
// outputs, Grad of the parameters and gorgonia.NodesToValueGrads give what they give after a run of a TapeMachine.
//
// # Batch size
//
// Let binds an input with any first axis. The shapes behind it then follow from where each extent comes from: an axis
// of the batch stays one through products, sums along other axes, transposes and joints, and a mean over it divides by
// what it is at the run. What a number in the graph means, such as the target of a reshape, follows from what can grow
// as the batch does: of x (b, 4, 3), reshaped when b was 5, (5, 12) is (b, 12) and (20, 3) is (4b, 3). Gradients take
// the shapes of what they are the gradients of.
//
// A run at another batch gives what the graph would if it had been built for it, or an error that names the node,
// before anything runs:
//
//   - A reshape that can be read in two ways, as where another axis is a multiple of the batch or where the graph was
//     built for 1, is refused unless the ops behind it allow one reading only: when b was 2, (2, 12) may be (b, 12) or
//     (2, 6b). A graph built for a size of which no other axis is a multiple, such as 7 or 13, is free of such doubt.
//   - A slice, or gorgonia.At, along the batch is refused, since its bounds may be numbers of the batch. A slice of the
//     whole batch is taken as such where the ops behind it allow nothing else. The gradient of a gorgonia.Concat along
//     the batch works.
//   - An input that keeps its size, a parameter or constant that has the batch's, and a random node meet values of the
//     batch's new size in an op: their shapes don't agree any more.
//   - Some ops of Gorgonia hold the shape they were made for and work at their own batch only: the gradient of Conv2d
//     by its image, ConvType, CTCLoss and YOLOv3. Its pools and GroupNorm work at smaller ones too.
//
// A number without a shape can't be told from any other. A cost divided by a constant 32 because the batch was 32 is
// divided by 32 at any batch: write gorgonia.Mean. An op of one's own is asked for its shape by InferShape, and must be
// right at any batch. At the batch that the graph was built for nothing is refused.
//
// # Weights
//
// At Compile the values of all parameters are copied into one vector.Vector, and the nodes are bound to views of it: a
// solver steps over one array, and node.Value() shows the result. The gradient is a vector of the same ranges. Evaluate
// runs the program at another vector without copying it.
//
// # Fusion
//
// A program replaces ops by faster ones that mean the same. Unless the graph was differentiated before, ops that
// implement Fuser absorb their consumers; and ops of Gorgonia itself run on this module's kernels, on several threads
// and without allocating. NoFusion runs every node's own op, in which case the results are bit-equal to a TapeMachine's
// with the same BLAS.
//
// # Ops of your own
//
// Any gorgonia.Op runs; package op makes one of three short methods, with Apply. An op that implements
// gorgonia.UsePreallocDoer is given a buffer that holds garbage; it should fill and return it, and what else it returns
// is copied there. An op may read its arguments and memory of its own, nothing else: the buffers of other nodes are
// reused as soon as their last consumer has run. The shapes of its arguments are known only when it runs, since the
// batch size may change between two runs.
//
// # Optional interfaces
//
// What a gorgonia.Op of one's own may do beside what it must: Fuser, Viewer, LinearPart, ExtraDoer with ExtraValuer for
// the ops of the values beside its result, and Gorgonia's own SDOp, UsePreallocDoer and UnsafeDoer. Package op answers
// for them from what its Body can do.
//
// # Goroutines
//
// A program is for one goroutine at a time, and so is a graph: don't run two machines over one graph at once. Two
// programs of two graphs may share one vector of weights and run at once, as long as nobody writes to it. Building
// graphs from two goroutines at once is not safe in Gorgonia itself, since all graphs share some constants; see Lock.
package graph
