// Package solvers minimises: it holds the rules by which a step is taken, the estimators that say where the gradient
// comes from, and what modifies either.
//
// A Solver is put together from parts:
//
//	solver, err := solvers.New(
//		solvers.NAG{Momentum: 0.9},
//		solvers.Rate(schedules.Warmup(200, schedules.Cosine(0.05, 0, 3552))),
//		solvers.ClipNorm(1),
//		solvers.Decay(5e-4, solvers.Except("bias", "norm")),
//	)
//
// train.Fit takes it to train a model on a data set. Open runs it on any Objective, one iteration a call of Run.Next;
// package linear has linear models as objectives, and NewFiniteSum makes one of a Go function. A Stepper moves
// parameters by gradients that somebody else computes; package forgorgonia makes a gorgonia.Solver of it. This package
// itself needs nothing of Gorgonia's.
//
// An iteration does, in this order: the Estimator gives a gradient g; it is checked for NaN and infinities; g is scaled
// by ClipNorm, cut by ClipValue, and L2 adds to it; Decay shrinks the weights; the Rule moves them; Prox maps them;
// Lookahead pulls them back; Average takes them in. From the clipping on, all is done chunk by chunk while the chunk is
// in cache, on all threads, without allocating, and the bits of the result don't depend on the number of threads. With
// ChooseRate in the place of Rate the learning rate is chosen, before the rule moves anything, from what the loss does
// along the step.
//
// # Where things are
//
// The parts that a solver is put together from are a file each, named after what they are: rule_sgd.go,
// estimator_svrg.go, sampler_reshuffled.go, stepsize_armijo.go, modifier_decay.go, average_ema.go. What each kind must
// do stands in rule.go, estimator.go, sampler.go, stepsize.go, modifier.go, average.go and objective.go. The other
// files are the driver, which knows parts by these interfaces alone:
//
//   - solver.go, option.go, with.go, quantity.go, fields.go, selection.go: settings, their names and schedules
//   - run.go, method.go, visit.go, undo.go, plan.go, ray.go: a minimisation under way
//   - stage.go, engine.go, parameter.go, workspace.go, updater.go: a step over all parameters, in chunks, on all
//     threads
//   - stepper.go: steps by gradients from elsewhere
//   - accumulate.go, finitesum.go, wrapped.go: objectives
//   - theory.go, smoothness.go, lipschitz.go, variance.go: instruments
//
// # Optional interfaces
//
// What a part of one's own may do beside what it must:
//
//   - Rule: Rule32, Preparer, Shifted, GradientStep, Validator
//   - Estimator: BatchGradient, AnyBatch, Scheduled, Planned, Validator
//   - Source: Tuned, Pacer, Searched, Previewer, Method, which may be a StepScaler
//   - Objective: Prefetcher, MinBatcher, Random, PerhapsLinear, LinearObjective, which may be a SAGAStepper
//   - Sampler: Resizer, Timed, Joiner, Ordered, Rehearsed
//   - Proximal: Proximal32, Thresholder, Validator
//   - StepSize, Averaging: Validator
//
// An Objective that wraps another embeds Wrapped, which answers for the other's.
//
// To write an own rule, implement Rule: two short methods over slices. It then works on float32 and float64, with every
// estimator, schedule and modifier. docs/adding-a-solver.md goes through it.
package solvers
