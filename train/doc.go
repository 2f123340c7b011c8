// Package train is the loop that drives a solver over a model and a dataset: epochs, iterations, evaluation, hooks,
// listeners, and checkpoints to go on from.
//
//	history, err := train.Fit(ctx, model, digits.Train, solver, train.Epochs(8), train.Batch(128))
//
// The solver draws the batches and takes the steps; this package keeps the time. Package train/progress shows a
// training on a terminal, and package train/instruments measures one.
//
// # Hooks and listeners
//
// A hook (OnIteration, OnEpoch) is called in the course of a training and may end it, look into the solver's run, and
// change the model. A Listener is told how it goes, by copies, and can do none of that: any number of them may Watch.
//
// # Where things are
//
//   - option.go, every.go, hook.go, history.go, listener.go, schedule.go, batchschedule.go, observe.go, solution.go,
//     microbatch.go: the options of Fit, and what each of them does and tells
//   - fit.go: the loop; fit_open.go and fit_foresee.go, what comes before it; fit_evaluate.go, fit_changes.go,
//     fit_finite.go, fit_history.go, fit_save.go, fit_record.go and fit_interrupt.go, its parts
//   - model.go, statistics.go, check.go: what a Model must do, may do, and what is checked of it
//   - objective.go, objective_linear.go: a model and a dataset as what a solver minimises
//   - evaluate.go, recalibration.go, tryrates.go, rangetest.go: what can be done without a Fit
//   - names.go: what package instruments has, under the names that it had here
//
// # Optional interfaces
//
// What a Model of one's own may do beside what it must: Stateful, Statistical, Tunable, Sized, Shaped, PerhapsLinear,
// solvers.MinBatcher and solvers.Random. Models of package nn do all of it.
package train
