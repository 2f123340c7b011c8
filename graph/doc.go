// Package graph compiles a Gorgonia expression graph for one cost and runs it fast.
//
// Compile takes the cost of any *gorgonia.ExprGraph and returns a Program, which is a gorgonia.VM:
//
//	program, err := graph.Compile(cost, graph.Params(w, b))
//	err = program.RunAll()                                   // cost, outputs and gradients
//	err = solver.Step(gorgonia.NodesToValueGrads(params))
//
// The program is a flat list of the ops that the cost, the gradients and the outputs need. It runs them over buffers that are
// allocated once and shared between values that don't live at the same time. There is a plan for each batch size it has seen, all on
// the same memory, and a step allocates nothing. After a run Value of the cost and the outputs, Grad of the parameters and
// gorgonia.NodesToValueGrads give what they give after a run of a TapeMachine.
//
// # Batch size
//
// Let binds an input with any first axis, and the shapes behind it follow by the ops' InferShape. Gorgonia's reshapes, which hold the shape
// they were made with, are scaled along. A few of its ops can't do other sizes than their graph's, such as the gradient of a convolution by
// its image, and say so.
//
// # Weights
//
// At Compile the values of all parameters are copied into one vector.Vector, and the nodes are bound to views of it: a solver steps over
// one array, and node.Value() shows the result. The gradient is a vector of the same ranges. Evaluate runs the program at another vector
// without copying it.
//
// # Fusion
//
// A program replaces ops by faster ones that mean the same. Unless the graph was differentiated before, ops that implement Fuser absorb
// their consumers; and ops of Gorgonia itself run on this module's kernels, on several threads and without allocating. NoFusion runs every
// node's own op, in which case the results are bit-equal to a TapeMachine's with the same BLAS.
//
// # Ops of your own
//
// Any gorgonia.Op runs; package op makes one of three short methods, with Apply. An op that implements gorgonia.UsePreallocDoer is given a
// buffer that holds garbage; it should fill and return it, and what else it returns is copied there. An op may read its arguments and
// memory of its own, nothing else: the buffers of other nodes are reused as soon as their last consumer has run. The shapes of its
// arguments are known only when it runs, since the batch size may change between two runs.
//
// # Goroutines
//
// A program is for one goroutine at a time, and so is a graph: don't run two machines over one graph at once. Two programs of two graphs
// may share one vector of weights and run at once, as long as nobody writes to it. Building graphs from two goroutines at once is not safe
// in Gorgonia itself, since all graphs share some constants; see Lock.
package graph
