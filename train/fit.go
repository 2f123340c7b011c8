package train

import (
	"context"

	"github.com/fallline/fallline/datasets"
	"github.com/fallline/fallline/internal/saved"
	"github.com/fallline/fallline/solvers"
	"github.com/pkg/errors"
)

// Fit trains a model on a dataset, in place: the solver draws batches and steps the model's weights until the epochs or
// iterations are done.
//
// Settings that can't work and examples that don't fit the model are errors before any work is done. An error later on,
// of the dataset, the model, the solver, a hook or a file, ends the training: weights and statistics are those of the
// last whole iteration, and the history so far is returned with the error. So it is when ctx ends, which is noticed
// within a batch, in evaluations and in passes over all examples too; errors.Is finds its error then. The iteration
// that it ends is undone, and a checkpoint that is saved goes on with it, as with an evaluation: the training then
// equals one that wasn't ended, bit for bit.
//
// What the history's last test speaks of is what the model has in the end, and its checkpoint: weights that hooks put
// in after an iteration are tested again, with statistics of their own. With Solution the model gets the solution.
// After an error of a hook the weights are as it left them, statistics aren't recomputed, and there is no test of
// others after the last iteration.
//
// The same seeds with the same set of kernels give the same bits, on any number of threads.
func Fit(ctx context.Context, model Model, data datasets.Dataset, solver *solvers.Solver, options ...Option) (*History, error) {
	c, err := configure(options)
	if err == nil {
		err = c.check(ctx, model, data, solver)
	}
	if err != nil {
		return nil, errors.WithMessage(err, "train")
	}
	f, err := open(ctx, c, model, data, solver)
	if err != nil {
		return nil, errors.WithMessage(err, "train")
	}
	defer f.close()
	err = errLeft
	defer func() { f.tellEnd(err) }()
	f.tellBegin()
	err = errors.WithMessage(f.loop(), "train")
	return f.history(f.n, f.run.Time().Step), err
}

// fit is a training under way.
type fit struct {
	*config
	ctx       context.Context
	model     Model
	data      datasets.Dataset
	objective *Objective
	micro     *micro
	minimised solvers.Objective // objective, in pieces where batches are too large
	run       *solvers.Run
	evaluator *evaluator // nil without a test set
	tuner     *tuner
	followers *followers
	solver    string // as text, for checkpoints
	n         int64  // examples in an epoch

	tally
	backup  backup
	changes *changes
	pending saved.Pending // what was due after the last iteration when the context ended
	begun   int64         // iterations that were done before this call
	saved   int64         // iterations done when the last checkpoint was written; -1 at first

	solutionStats backup // the statistics of the solution, where the model has any
	solvedAt      moment // when they were worked out
}

// loop is the training: iterations until it is over, and after each what is due then.
func (f *fit) loop() error {
	err := f.doPending()
	for err == nil && !f.over() {
		err = f.iterate()
	}
	if err == nil || errors.Is(err, Stop) {
		err = f.finish()
	}
	if f.cancelled(err) {
		return f.interrupted()
	}
	if err != nil {
		f.dropStale()
	}
	return err
}

// iterate does an iteration, and what is due after it.
func (f *fit) iterate() error {
	if err := f.ctx.Err(); err != nil {
		return err
	}
	if err := f.tuner.tune(f.run.Time()); err != nil {
		return err
	}
	f.micro.last = solvers.Pieces{}
	f.backup.take()
	f.changes.forget()
	start := f.now()
	info, err := f.run.Next()
	if err != nil {
		f.backup.restore()
		return err
	}
	took := f.now().Sub(start).Seconds()
	ended := f.record(info, took)
	return f.afterIteration(f.figures(info, took, ended), ended)
}

// over says whether the epochs or iterations are done.
func (f *fit) over() bool { return f.config.over(f.run.Time()) }

// record counts an iteration and says whether an epoch ended with it.
func (f *fit) record(info solvers.Info, took float64) (ended bool) {
	f.tally.add(info, took)
	seen := f.run.Time().Seen
	if ended = seen/f.n > (seen-int64(info.Examples))/f.n; ended {
		f.tally.next()
	}
	return ended
}

// figures are those of an iteration that was recorded.
func (f *fit) figures(info solvers.Info, took float64, ended bool) Figures {
	t := f.run.Time()
	x := Figures{
		Number: t.Step, Epoch: t.Epoch(), Loss: info.Loss, Rate: info.Rate, Norm: info.Norm, Examples: info.Examples,
		Pieces: f.micro.last, Seconds: took,
	}
	if ended {
		x.Running = f.past[len(f.past)-1]
	} else {
		x.Running = f.tally.finished()
	}
	return x
}

// afterIteration does what is due after an iteration, with which an epoch may have ended. The last test and checkpoint
// come with finish.
func (f *fit) afterIteration(x Figures, ended bool) error {
	if text := f.micro.text(x.Number); text != "" {
		f.note(text)
	}
	f.tellIteration(x)
	due := f.due(f.testEvery, ended)
	concluded := f.testAndObserve(ended, due)
	if concluded != nil && !f.cancelled(concluded) {
		return concluded
	}
	f.lookBeforeHooks(ended, due)
	err := callHooks(f.changes, f.onIteration, Iteration{Figures: x, Run: f.run, Objective: f.minimised})
	if concluded != nil && (err == nil || errors.Is(err, Stop)) {
		err = concluded
	}
	if err != nil {
		f.changes.lookAfterHooks(true)
		return err
	}
	return f.endIteration(ended)
}

// due says whether it is time after the iteration just done, with which an epoch may have ended.
func (f *fit) due(e Every, ended bool) bool {
	return f.over() || e.due(ended, int64(len(f.past)), f.run.Time().Step)
}

// testAndObserve evaluates where that is due, and hands the epoch that has ended to those who follow it.
func (f *fit) testAndObserve(ended, due bool) error {
	tested, err := f.evaluate(due)
	if err != nil {
		f.pending = saved.TestPending
		if ended {
			f.pending = saved.EpochPending
		}
		return err
	}
	if tested && !ended && !f.over() {
		f.tellTest()
	}
	if !ended {
		return nil
	}
	if err := f.followers.observe(f.metric, f.past[len(f.past)-1]); err != nil {
		return err
	}
	f.tellEpoch(f.past[len(f.past)-1])
	return nil
}

// endIteration calls the hooks of an epoch that has ended, tests again what they have changed, and saves where that is
// due.
func (f *fit) endIteration(ended bool) (err error) {
	if ended {
		err = callHooks(f.changes, f.onEpoch, f.past[len(f.past)-1])
	}
	if f.changes.lookAfterHooks(err != nil || f.ctx.Err() != nil); err != nil || f.over() {
		return err
	}
	again, err := f.evaluate(f.changes.stale())
	if err != nil {
		f.pending = saved.TestPending
		return err
	}
	if again {
		f.tellTest()
	}
	return f.checkpoint(f.due(f.saveEvery, ended))
}

// finish does what is due when the training is over or was stopped, and wasn't done after the last iteration.
func (f *fit) finish() error {
	if err := f.finite(); err != nil {
		return err
	}
	err := f.settle()
	tested := false
	if err == nil {
		tested, err = f.evaluate(true)
	}
	if err != nil {
		f.pending = saved.TestPending
		return err
	}
	if h := f.history(f.n, f.run.Time().Step); f.current.Iterations > 0 {
		f.tellEpoch(h.Epochs[len(h.Epochs)-1])
	} else if tested {
		f.tellTest()
	}
	if f.averaging() {
		err = f.solve()
	}
	if failed := f.checkpoint(true); err == nil {
		err = failed
	}
	if err == nil {
		f.deliver()
	}
	return err
}

// checkpoint saves where that is wanted, is due, and wasn't done since the last iteration.
func (f *fit) checkpoint(due bool) error {
	t := f.run.Time()
	if f.save == "" || !due || f.saved == t.Step {
		return nil
	}
	if err := f.write(f.save); err != nil {
		return err
	}
	f.saved = t.Step
	return nil
}
