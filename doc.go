// Package fallline is the front door of a library that trains neural networks in pure Go.
//
// Models are Gorgonia expression graphs, built by hand or from layers; Gorgonia's backprop gives the gradients; solvers
// take the steps; schedules drive epochs and iterations. The packages, from the bottom up:
//
//   - vector: the weights as one flat vector with named ranges
//   - graph, graph/op: compile an expression graph and run it; fused operations
//   - blas: fast matrix products for any Gorgonia or gonum program
//   - nn: layers, initialisers, losses, models
//   - solvers, schedules: how a step is taken, and how its size changes over time
//   - linear: linear models on dense and sparse rows
//   - batch: what a sampler draws, a dataset fills in and a model learns from
//   - datasets: examples in batches, shuffled and read ahead
//   - train: the loop of epochs and iterations; train/progress shows it on a terminal, train/instruments measures it
//   - checkpoint: weights in safetensors files
//
// This package itself has only what concerns the whole program. examples/mnist is a program to start from.
package fallline
